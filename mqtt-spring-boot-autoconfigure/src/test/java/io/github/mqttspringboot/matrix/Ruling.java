package io.github.mqttspringboot.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * What a row means to the client under test: its default class, or an override.
 *
 * @param errorClass the class
 * @param rule the rule that decides
 * @param kind the kind, if the class is FATAL
 * @param policy the policy of the client
 */
record Ruling(ErrorClass errorClass, String rule, @Nullable FatalKind kind, ErrorClassificationPolicy policy) {

	static Ruling standard(MatrixRow row) {
		// Rows without one class state what they mean in their scenarios
		ErrorClass errorClass = row.hasOneClass() ? ErrorClass.valueOf(row.errorClass()) : ErrorClass.RECOVERABLE;
		FatalKind kind = row.kind().isEmpty() ? null : FatalKind.valueOf(row.kind());
		return new Ruling(errorClass, Classification.DEFAULT_RULE, kind, new DefaultErrorClassificationPolicy());
	}

	static Ruling override(MatrixRow row, ErrorClass errorClass) {
		MqttFailure failure = row.failure();
		DefaultErrorClassificationPolicy.Builder policy = DefaultErrorClassificationPolicy.builder();
		if (row.isLocal()) {
			policy.override(failure.localError(), errorClass);
		}
		else {
			policy.override(failure.packet(), failure.reasonCode(), errorClass);
		}
		FatalKind kind = null;
		if (errorClass == ErrorClass.FATAL) {
			kind = row.kind().isEmpty() ? FatalKind.POLICY : FatalKind.valueOf(row.kind());
		}
		return new Ruling(errorClass, "mqtt.error-policy." + row.tags().replace('/', '.'), kind, policy.build());
	}

	/**
	 * The overrides to try: of an acknowledgement all that are allowed, of other rows
	 * one.
	 */
	static List<Ruling> overrides(MatrixRow row) {
		if (!row.hasOneClass()) {
			return List.of();
		}
		List<ErrorClass> allowed = new ArrayList<>(DefaultErrorTable.standard().allowedOverrides(row.failure()));
		allowed.remove(ErrorClass.valueOf(row.errorClass()));
		boolean acknowledgement = row.packet().endsWith("ACK") && !row.packet().equals("CONNACK")
				|| row.packet().startsWith("PUB");
		if (!acknowledgement && allowed.size() > 1) {
			allowed = List.of(allowed.get(Math.floorMod(row.key().hashCode(), allowed.size())));
		}
		return allowed.stream().map((errorClass) -> override(row, errorClass)).toList();
	}

	String label() {
		return this.errorClass.name().toLowerCase(Locale.ROOT);
	}

	boolean isOverride() {
		return !this.rule.equals(Classification.DEFAULT_RULE);
	}

}
