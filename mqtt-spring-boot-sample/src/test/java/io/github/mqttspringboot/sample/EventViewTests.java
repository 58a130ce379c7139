package io.github.mqttspringboot.sample;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttPublishQuarantinedEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventView}.
 */
class EventViewTests {

	@Test
	void rejectionShowsFailureAndRule() {
		MqttFailure failure = MqttFailure.of(PacketType.PUBREC, 0x87).topic("denied/x").reasonString("no\r\n").build();
		Map<String, Object> view = EventView.of(new MqttPublishRejectedEvent(this, "default", failure,
				new Classification(ErrorClass.RECOVERABLE, "default"), "denied/x"));
		assertThat(view).containsEntry("event", "MqttPublishRejectedEvent")
			.containsEntry("client", "default")
			.containsEntry("topic", "denied/x")
			.containsEntry("packet", "pubrec")
			.containsEntry("code", "0x87")
			.containsEntry("reason", "not-authorized")
			.containsEntry("reasonString", "no\\u000D\\u000A")
			.containsEntry("errorClass", "RECOVERABLE")
			.containsEntry("rule", "default")
			.containsKeys("time", "detail");
	}

	@Test
	void messageThatWasGivenUpShowsWhichItWas() {
		MqttFailure failure = MqttFailure.of(PacketType.DISCONNECT, 0x99).topic("poison\n").build();
		Map<String, Object> view = EventView.of(new MqttPublishQuarantinedEvent(this, "default", failure,
				new Classification(ErrorClass.RECONNECT, "default"), "poison\n", 2, 3));
		assertThat(view).containsEntry("event", "MqttPublishQuarantinedEvent")
			.containsEntry("topic", "poison\\u000A")
			.containsEntry("qos", 2)
			.containsEntry("strikes", 3)
			.containsEntry("code", "0x99");
	}

	@Test
	void changeOfTheStateShowsBothAndTheCause() {
		Map<String, Object> view = EventView
			.of(new MqttClientStateChangedEvent(this, "default", "WAITING", "CONNECTING", "told so", null, null));
		assertThat(view).containsEntry("from", "WAITING")
			.containsEntry("to", "CONNECTING")
			.containsEntry("cause", "told so")
			.doesNotContainKey("packet");
	}

	@Test
	void reconnectShowsAttemptAndDelay() {
		Map<String, Object> view = EventView.of(new MqttReconnectScheduledEvent(this, "default",
				MqttFailure.local(LocalError.CONNECTION_REFUSED).build(),
				new Classification(ErrorClass.RECONNECT, "default"), 3, Duration.ofMillis(1234)));
		assertThat(view).containsEntry("attempt", 3)
			.containsEntry("delayMillis", 1234L)
			.containsEntry("packet", "local")
			.containsEntry("code", "-");
	}

	@Test
	void connectionHasNoFailure() {
		Map<String, Object> view = EventView
			.of(new MqttConnectedEvent(this, "default", "mqtt://127.0.0.1:1", true, true));
		assertThat(view).containsEntry("server", "mqtt://127.0.0.1:1")
			.containsEntry("reconnect", true)
			.containsEntry("sessionPresent", true)
			.doesNotContainKeys("packet", "errorClass", "detail");
	}

	@Test
	void messageIsEscapedAndCut() {
		byte[] payload = new byte[10_000];
		payload[0] = (byte) 0xFF;
		Map<String, Object> view = EventView
			.of(new ReceivedMessage("a/\u202E<b>", payload, 2, true, false, PublishProperties.NONE));
		assertThat(view).containsEntry("topic", "a/\\u202E<b>")
			.containsEntry("bytes", 10_000)
			.containsEntry("qos", 2)
			.containsEntry("retained", true);
		assertThat((String) view.get("payload")).startsWith("\uFFFD\\u0000\\u0000").endsWith("…").hasSizeLessThan(4000);
	}

}
