package io.github.mqttspringboot.integration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.integration.mqtt.event.MqttConnectionFailedEvent;
import org.springframework.integration.mqtt.event.MqttSubscribedEvent;

import io.github.mqttspringboot.testing.ArtemisBroker;

import static org.assertj.core.api.Assertions.assertThat;

class ArtemisSpringIntegrationTests extends AbstractSpringIntegrationTests {

	private final ArtemisBroker broker = ArtemisBroker.startAnonymous();

	@AfterEach
	void close() {
		this.broker.close();
	}

	/** Mosquitto's ACL file cannot refuse a subscription. */
	@Test
	void aRefusedFilterIsNeverSubscribedAndKeepsTheConnection() {
		try (FlowApp app = FlowApp.start(uri())) {
			app.inbound("denied/#");
			MqttConnectionFailedEvent failed = app.awaitEvents(MqttConnectionFailedEvent.class, 1).get(0);
			assertThat(FlowApp.code(failed)).isEqualTo(0x87);
			app.inbound("good/#");
			assertThat(app.events(MqttSubscribedEvent.class)).singleElement()
				.satisfies((event) -> assertThat(event.getMessage()).contains("good/#"));
			assertThat(connectionsSeenByBroker()).isOne();
		}
	}

	@Override
	String uri() {
		return this.broker.uri();
	}

	@Override
	void restartBroker() {
		this.broker.restart();
	}

	@Override
	long connectionsSeenByBroker() {
		return this.broker.connectionCount();
	}

}
