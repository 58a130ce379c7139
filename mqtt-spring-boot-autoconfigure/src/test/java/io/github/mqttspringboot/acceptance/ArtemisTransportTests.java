package io.github.mqttspringboot.acceptance;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.Transport;

import static org.assertj.core.api.Assertions.assertThat;

class ArtemisTransportTests extends AbstractTransportTests {

	private final ArtemisBroker broker = ArtemisBroker.builder().secure().start();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@ParameterizedTest
	@EnumSource
	void aRefusedSubscribeKeepsTheConnection(Transport transport) {
		try (App app = connected(transport)) {
			MqttSubscribeRejectedException ex = AbstractRejectionTests.failure(MqttSubscribeRejectedException.class,
					app.client().subscribe(SubscribeRequest.to("denied/x").build()));
			assertThat(ex.getFailure().title()).isEqualTo("SUBACK 0x87 Not authorized");
			app.publish("good", 1).join();
			assertConnections(app, 1);
		}
	}

	@Override
	String uri(Transport transport) {
		return this.broker.uri(transport);
	}

	@Override
	void stopBroker() {
		this.broker.stop();
	}

	@Override
	void startBroker() {
		this.broker.start();
	}

	@Override
	long connectionsSeenByBroker() {
		return this.broker.connectionCount();
	}

}
