package io.github.mqttspringboot.client;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttIncident}.
 */
class MqttIncidentTests {

	@Test
	void aRejectedPublishIsOneSentence() {
		TestClient test = new TestClient().connect();
		refuse(test, PublishRequest.to("denied/x"), null);
		assertThat(test.client.incidents()).singleElement()
			.hasToString("PUBACK 0x87 Not authorized for denied/x: connection kept, publish failed (rule: default)");
		assertThat(test.client.incidents().get(0).isRejection()).isTrue();
		assertThat(test.client.incidents().get(0).time()).isEqualTo(test.time.now());
	}

	@Test
	void theSentenceNamesThePropertyThatDecided() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.policy = DefaultErrorClassificationPolicy.builder()
					.override(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.THROTTLED)
					.build()))
			.connect();
		refuse(test, PublishRequest.to("denied/x"), null);
		assertThat(test.client.incidents()).singleElement().satisfies((incident) -> {
			assertThat(incident.toString()).startsWith("PUBACK 0x87 Not authorized for denied/x: connection to "
					+ "mqtt://one:1883 ended, next attempt in ");
			assertThat(incident.toString()).endsWith("(rule: mqtt.error-policy.puback.not-authorized)");
			assertThat(incident.isRejection()).isFalse();
		});
	}

	@Test
	void controlCharactersFromTheNetworkAreEscaped() {
		TestClient test = new TestClient().connect();
		refuse(test, PublishRequest.to("denied/x"), "no\nERROR forged\u001b[2J");
		assertThat(test.client.incidents().get(0).toString()).doesNotContain("\n").doesNotContain("\u001b");
	}

	@Test
	void theNewestComesFirstAndTheOldestAreForgotten() {
		TestClient test = new TestClient().connect();
		for (int i = 0; i < 60; i++) {
			test.client.publish(PublishRequest.to("bad/#/" + i).build());
		}
		test.time.run();
		assertThat(test.client.incidents()).hasSize(50);
		assertThat(test.client.incidents().get(0).failure().topic()).isEqualTo("bad/#/59");
		assertThat(test.client.incidents().get(49).failure().topic()).isEqualTo("bad/#/10");
	}

	@ParameterizedTest
	@EnumSource
	void aRejectionIsWhatLeavesTheConnectionAlone(ErrorClass errorClass) {
		MqttIncident incident = new MqttIncident(Instant.EPOCH, MqttFailure.of(PacketType.PUBACK, 0x87).build(),
				new Classification(errorClass, Classification.DEFAULT_RULE), "nothing");
		assertThat(incident.isRejection())
			.isEqualTo(errorClass == ErrorClass.RECOVERABLE || errorClass == ErrorClass.SUCCESS);
	}

	private static void refuse(TestClient test, PublishRequest.Builder request, String reasonString) {
		test.client.publish(request.qos(1).build());
		Publish sent = (Publish) test.link().sent(PacketType.PUBLISH).get(0);
		test.receive(new PublishAck(PacketType.PUBACK, sent.packetId(), 0x87, reasonString, List.of()));
	}

}
