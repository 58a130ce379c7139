package io.github.mqttspringboot.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * The failures whose class can be configured.
 */
final class ConfigurableFailures {

	private ConfigurableFailures() {
	}

	/**
	 * Return those of a packet.
	 * @param packet its label, or that of the local errors
	 * @return the failures
	 */
	static List<MqttFailure> of(String packet) {
		PacketType type = PacketType.valueOf(packet.toUpperCase(Locale.ROOT));
		return ((type == PacketType.LOCAL)
				? Arrays.stream(LocalError.values()).map((error) -> MqttFailure.local(error).build())
				: Arrays.stream(ReasonCode.values())
					.filter((code) -> code.isLegalIn(type))
					.map((code) -> MqttFailure.of(type, code).build()))
			.filter((failure) -> !allowed(failure).isEmpty())
			.toList();
	}

	static Set<ErrorClass> allowed(MqttFailure failure) {
		return DefaultErrorTable.standard().allowedOverrides(failure);
	}

}
