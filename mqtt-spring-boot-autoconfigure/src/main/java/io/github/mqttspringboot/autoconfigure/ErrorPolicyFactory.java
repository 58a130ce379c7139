package io.github.mqttspringboot.autoconfigure;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.InvalidErrorPolicyException;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * Makes the error policy of the {@code mqtt.error-policy} properties. Names are read as
 * relaxed as Spring Boot reads enums.
 */
final class ErrorPolicyFactory {

	private final String prefix;

	private final DefaultErrorTable table;

	ErrorPolicyFactory(String prefix, DefaultErrorTable table) {
		this.prefix = prefix;
		this.table = table;
	}

	DefaultErrorClassificationPolicy create(Map<String, Map<String, String>> properties) {
		DefaultErrorClassificationPolicy.Builder builder = DefaultErrorClassificationPolicy.builder()
			.table(this.table)
			.propertyPrefix(this.prefix);
		properties.forEach((packet, overrides) -> overrides
			.forEach((reason, errorClass) -> override(builder, packet(packet), reason, errorClass)));
		try {
			return builder.build();
		}
		catch (InvalidErrorPolicyException ex) {
			throw new InvalidMqttPropertyException(ex.getProperty(), ex.getValue().label(), ex.getReason() + ".",
					action(ex.getAllowed()));
		}
	}

	private void override(DefaultErrorClassificationPolicy.Builder builder, PacketType packet, String reason,
			String errorClass) {
		if (packet == PacketType.LOCAL) {
			LocalError error = find(LocalError.values(), LocalError::label, reason);
			if (error == null) {
				throw unknownReason(packet, reason, errorClass, "There is no local error of that name.",
						Arrays.stream(LocalError.values())
							.filter((known) -> isConfigurable(MqttFailure.local(known).build()))
							.map(LocalError::label)
							.toList());
			}
			builder.override(error, errorClass(MqttFailure.local(error).build(), errorClass));
		}
		else {
			ReasonCode code = find(legalCodes(packet), ReasonCode::label, reason);
			if (code == null) {
				throw unknownReason(packet, reason, errorClass, packet + " has no reason code of that name.",
						Arrays.stream(legalCodes(packet))
							.filter((known) -> isConfigurable(MqttFailure.of(packet, known).build()))
							.map(ReasonCode::label)
							.toList());
			}
			builder.override(packet, code, errorClass(MqttFailure.of(packet, code).build(), errorClass));
		}
	}

	private PacketType packet(String name) {
		PacketType packet = find(PacketType.values(), PacketType::label, name);
		if (packet == null || !isConfigurable(packet)) {
			throw new InvalidMqttPropertyException(this.prefix + "." + Printable.escape(name), null,
					"There is no packet of that name that has reason codes.",
					"Use one of: " + join(Arrays.stream(PacketType.values())
						.filter(ErrorPolicyFactory::isConfigurable)
						.map(PacketType::label)
						.toList()) + ".");
		}
		return packet;
	}

	private static boolean isConfigurable(PacketType packet) {
		return packet == PacketType.LOCAL || (packet != PacketType.AUTH && legalCodes(packet).length > 0);
	}

	/**
	 * Return what can be named in properties.
	 * @return the reasons by packet
	 */
	static Map<String, List<String>> names() {
		Map<String, List<String>> names = new LinkedHashMap<>();
		Arrays.stream(PacketType.values())
			.filter(ErrorPolicyFactory::isConfigurable)
			.forEach((packet) -> names.put(packet.label(),
					(packet == PacketType.LOCAL) ? Arrays.stream(LocalError.values()).map(LocalError::label).toList()
							: Arrays.stream(legalCodes(packet)).map(ReasonCode::label).toList()));
		return names;
	}

	/**
	 * Return whether two names mean the same.
	 * @param name a name
	 * @param other another name
	 * @return whether they differ in capitals, hyphens and the like only
	 */
	static boolean isSame(String name, String other) {
		return canonical(name).equals(canonical(other));
	}

	private boolean isConfigurable(MqttFailure failure) {
		return !this.table.allowedOverrides(failure).isEmpty();
	}

	private static ReasonCode[] legalCodes(PacketType packet) {
		return Arrays.stream(ReasonCode.values()).filter((code) -> code.isLegalIn(packet)).toArray(ReasonCode[]::new);
	}

	private ErrorClass errorClass(MqttFailure failure, String name) {
		ErrorClass errorClass = find(ErrorClass.values(), ErrorClass::label, name);
		if (errorClass == null) {
			throw new InvalidMqttPropertyException(
					this.prefix + "." + failure.packet().label() + "." + failure.reason(), Printable.escape(name),
					"There is no error class of that name.", action(this.table.allowedOverrides(failure)));
		}
		return errorClass;
	}

	private InvalidMqttPropertyException unknownReason(PacketType packet, String reason, String errorClass,
			String problem, Collection<String> known) {
		return new InvalidMqttPropertyException(this.prefix + "." + packet.label() + "." + Printable.escape(reason),
				Printable.escape(errorClass), problem, "Use one of: " + join(known) + ".");
	}

	private static String action(Collection<ErrorClass> allowed) {
		return allowed.isEmpty() ? "Remove the property: this class cannot be changed."
				: "Use one of: " + join(allowed.stream().map(ErrorClass::label).toList()) + ".";
	}

	private static String join(Collection<String> names) {
		return names.stream().collect(Collectors.joining(", "));
	}

	private static <T> @Nullable T find(T[] candidates, Function<T, String> label, String name) {
		return Arrays.stream(candidates)
			.filter((candidate) -> isSame(label.apply(candidate), name))
			.findFirst()
			.orElse(null);
	}

	private static String canonical(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

}
