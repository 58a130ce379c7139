package io.github.mqttspringboot.listener;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.core.MqttMessageHeaders;
import io.github.mqttspringboot.core.MqttTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold for listeners on any broker.
 */
abstract class AbstractListenerTests {

	abstract String uri();

	@Test
	void typedJsonGoesToAMethodAndItsResultBack() {
		try (ListenerApp app = ListenerApp.start(uri(), Meters.class)) {
			List<ReceivedMessage> answers = new CopyOnWriteArrayList<>();
			app.client()
				.subscribe(SubscribeRequest.to("answers/typed").handler((message) -> answers.add(message)).build())
				.join();
			byte[] correlationData = "request-1".getBytes(StandardCharsets.UTF_8);
			app.bean(MqttTemplate.class)
				.publish("meters/m7/reading", new Reading(21.5, "kWh"),
						(builder) -> builder.qos(2).responseTopic("answers/typed").correlationData(correlationData));
			Awaitility.await().untilAsserted(() -> assertThat(answers).hasSize(1));
			assertThat(app.bean(Meters.class).readings).containsExactly("m7 21.5 kWh at meters/m7/reading");
			assertThat(new String(answers.get(0).payload(), StandardCharsets.UTF_8))
				.isEqualTo("{\"id\":\"m7\",\"value\":21.5}");
			assertThat(answers.get(0).properties().correlationData()).isEqualTo(correlationData);
			assertThat(answers.get(0).properties().contentType()).isEqualTo("application/json");
		}
	}

	record Reading(double value, String unit) {

	}

	record Confirmation(String id, double value) {

	}

	static class Meters {

		private final List<String> readings = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "meters/{id}/reading", qos = 2)
		Confirmation reading(@DestinationVariable String id, @Payload Reading reading,
				@Header(MqttMessageHeaders.RECEIVED_TOPIC) String topic) {
			this.readings.add(id + " " + reading.value() + " " + reading.unit() + " at " + topic);
			return new Confirmation(id, reading.value());
		}

	}

}
