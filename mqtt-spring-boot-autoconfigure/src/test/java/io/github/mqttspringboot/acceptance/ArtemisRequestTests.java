package io.github.mqttspringboot.acceptance;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.testing.ArtemisBroker;

import static org.assertj.core.api.Assertions.assertThat;

class ArtemisRequestTests extends AbstractRequestTests {

	private static ArtemisBroker broker;

	@BeforeAll
	static void start() {
		broker = ArtemisBroker.startAnonymous();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@Test
	void aReplyTopicThatTheBrokerRefusesFailsTheRequestWithTheReason() {
		try (App asking = connected("asking", "mqtt.request.reply-topic=denied/replies")) {
			assertFailed(asking.bean(MqttTemplate.class).request("sum/x", "x", String.class),
					MqttSubscribeRejectedException.class)
				.hasMessageContaining("0x87")
				.hasMessageContaining("denied/replies");
			assertThat(asking.client().state()).isEqualTo(ClientState.CONNECTED);
		}
	}

	@Override
	String uri() {
		return broker.uri();
	}

}
