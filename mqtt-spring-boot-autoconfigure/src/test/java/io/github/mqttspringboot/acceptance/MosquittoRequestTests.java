package io.github.mqttspringboot.acceptance;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;

@RequiresMosquitto
class MosquittoRequestTests extends AbstractRequestTests {

	private static MosquittoBroker broker;

	@BeforeAll
	static void start() {
		broker = MosquittoBroker.startAnonymous();
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
