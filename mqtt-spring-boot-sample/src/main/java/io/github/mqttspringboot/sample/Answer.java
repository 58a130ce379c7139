package io.github.mqttspringboot.sample;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * What became of an operation, as JSON.
 *
 * @param packet the packet that told, in lower case
 * @param code the reason code as {@code 0xNN}
 * @param reason the reason in kebab case
 */
record Answer(String packet, String code, String reason) {

	static Answer of(PublishResult result) {
		return of(result.packet(), result.code(), result.reasonCode());
	}

	static Answer of(SubscribeResult result) {
		SubscribeResult.Entry entry = result.entries().get(0);
		return of(PacketType.SUBACK, entry.code(), entry.reasonCode());
	}

	static Answer of(UnsubscribeResult result) {
		UnsubscribeResult.Entry entry = result.entries().get(0);
		return of(PacketType.UNSUBACK, entry.code(), entry.reasonCode());
	}

	private static Answer of(PacketType packet, int code, @Nullable ReasonCode reasonCode) {
		String hex = String.format(Locale.ROOT, "0x%02X", code);
		if (reasonCode != null) {
			return new Answer(packet.label(), hex, reasonCode.label());
		}
		// A publish with QoS 0 has no acknowledgement and so no reason code
		return new Answer(packet.label(), hex, (code == 0) ? ReasonCode.SUCCESS.label() : hex);
	}

	/**
	 * An operation that failed, as JSON.
	 *
	 * @param packet the packet that told, in lower case, {@code local} if the client
	 * itself found the failure
	 * @param code the reason code as {@code 0xNN}, {@code -} for local failures
	 * @param reason the reason in kebab case
	 * @param errorClass the class
	 * @param rule the rule that decided the class
	 * @param detail what happened, for people
	 */
	record Failed(String packet, String code, String reason, String errorClass, String rule, @Nullable String detail) {

		static Failed of(MqttOperationException exception) {
			MqttFailure failure = exception.getFailure();
			return new Failed(failure.packet().label(), failure.hex(), failure.reason(),
					exception.getClassification().errorClass().name(), exception.getClassification().rule(),
					exception.getMessage());
		}

	}

}
