package io.github.mqttspringboot.acceptance;

import org.junit.jupiter.api.AfterEach;

import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.Transport;

@RequiresMosquitto
class MosquittoTransportTests extends AbstractTransportTests {

	private final MosquittoBroker broker = MosquittoBroker.builder().allTransports().start();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Override
	String uri(Transport transport) {
		return this.broker.uri(transport);
	}

	// Mosquitto 2.0 sends large messages by WebSocket at some 40 KB a second
	@Override
	boolean deliversFast(Transport transport) {
		return transport == Transport.TCP || transport == Transport.TLS;
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
		return this.broker.connectCount();
	}

}
