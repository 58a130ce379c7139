package io.github.mqttspringboot.listener;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import io.github.mqttspringboot.testing.ArtemisBroker;

class ArtemisListenerTests extends AbstractListenerTests {

	private static ArtemisBroker broker;

	@BeforeAll
	static void start() {
		broker = ArtemisBroker.startAnonymous();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@Override
	String uri() {
		return broker.uri();
	}

}
