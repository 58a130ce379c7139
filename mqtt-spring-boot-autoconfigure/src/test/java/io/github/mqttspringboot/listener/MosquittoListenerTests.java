package io.github.mqttspringboot.listener;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;

@RequiresMosquitto
class MosquittoListenerTests extends AbstractListenerTests {

	private static MosquittoBroker broker;

	@BeforeAll
	static void start() {
		// The default keeps 1000 messages a subscriber and drops the rest
		broker = MosquittoBroker.builder().config("max_queued_messages 1000000").start();
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
