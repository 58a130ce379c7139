package io.github.mqttspringboot.integration;

import org.junit.jupiter.api.AfterEach;

import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;

@RequiresMosquitto
class MosquittoSpringIntegrationTests extends AbstractSpringIntegrationTests {

	private final MosquittoBroker broker = MosquittoBroker.startAnonymous();

	@AfterEach
	void close() {
		this.broker.close();
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
		return this.broker.connectCount();
	}

}
