package io.github.mqttspringboot.error;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What a property says about a row of the default table, allowed or not.
 *
 * @param packet the packet type
 * @param reason the reason as in the property's name
 * @param failure a failure of that row, {@code null} if there is no such row
 * @param errorClass the class to use instead of the default
 */
record ErrorOverride(PacketType packet, String reason, @Nullable MqttFailure failure, ErrorClass errorClass) {

	static ErrorOverride of(PacketType packet, ReasonCode code, ErrorClass errorClass) {
		MqttFailure failure = code.isLegalIn(packet) ? MqttFailure.of(packet, code).build() : null;
		return new ErrorOverride(packet, code.label(), failure, errorClass);
	}

	static ErrorOverride of(LocalError error, ErrorClass errorClass) {
		return new ErrorOverride(PacketType.LOCAL, error.label(), MqttFailure.local(error).build(), errorClass);
	}

	static String key(MqttFailure failure) {
		return key(failure.packet(), failure.reason());
	}

	private static String key(PacketType packet, String reason) {
		return packet.label() + '.' + reason;
	}

	String key() {
		return key(this.packet, this.reason);
	}

	Classification check(String property, DefaultErrorTable table) {
		if (this.failure == null) {
			throw new InvalidErrorPolicyException(property, this.errorClass, Set.of(), noSuchRow());
		}
		Set<ErrorClass> allowed = table.allowedOverrides(this.failure);
		if (!allowed.contains(this.errorClass)) {
			String reason = this.failure.title() + " is always " + table.errorClass(this.failure);
			if (!allowed.isEmpty()) {
				reason = this.failure.title() + " can only be one of "
						+ allowed.stream().map(ErrorClass::name).collect(Collectors.joining(", "));
			}
			throw new InvalidErrorPolicyException(property, this.errorClass, allowed, reason);
		}
		return new Classification(this.errorClass, property);
	}

	private String noSuchRow() {
		String legal = Arrays.stream(ReasonCode.values())
			.filter((code) -> code.isLegalIn(this.packet))
			.map(ReasonCode::label)
			.collect(Collectors.joining(", "));
		if (legal.isEmpty()) {
			return String.format(Locale.ROOT, "%s carries no reason code", this.packet);
		}
		return String.format(Locale.ROOT, "%s cannot carry the reason code %s, only %s", this.packet, this.reason,
				legal);
	}

}
