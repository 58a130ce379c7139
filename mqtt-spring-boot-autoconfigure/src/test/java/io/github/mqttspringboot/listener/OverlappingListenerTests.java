package io.github.mqttspringboot.listener;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.handler.annotation.DestinationVariable;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.testing.HiveMqBroker;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;
import io.github.mqttspringboot.testing.WireProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners whose topic filters overlap, their own and each other's, with each way that
 * servers have to send copies.
 */
class OverlappingListenerTests {

	private final List<String> filters = List.of("meters/#", "meters/+/reading", "meters/7/#");

	private ScriptedBroker broker;

	private int packetId;

	@BeforeEach
	void start() {
		this.broker = ScriptedBroker.start();
	}

	@AfterEach
	void stop() {
		this.broker.close();
	}

	@Test
	void ofACopyForEachFilterEachListenerGetsTheFirstThatIsForIt() {
		try (ListenerApp app = ListenerApp.start(this.broker.uri(), Overlapping.class)) {
			this.filters.forEach((filter) -> send(List.of(filter)));
			awaitAcknowledged(3);
			assertThat(seen(app)).containsExactlyInAnyOrder("own 7", "other");
			List<String> backwards = new ArrayList<>(this.filters);
			Collections.reverse(backwards);
			backwards.forEach((filter) -> send(List.of(filter)));
			awaitAcknowledged(6);
			assertThat(seen(app)).containsExactlyInAnyOrder("own 7", "other", "own 7", "other");
			assertThat(app.client().statistics().unmatchedMessages()).isZero();
		}
	}

	@Test
	void oneCopyForAllFiltersReachesEachListenerOnce() {
		try (ListenerApp app = ListenerApp.start(this.broker.uri(), Overlapping.class)) {
			send(this.filters);
			awaitAcknowledged(1);
			assertThat(seen(app)).containsExactlyInAnyOrder("own 7", "other");
		}
	}

	@Test
	void copiesThatAllSayThatTheyAreForAllReachEachListenerAsOftenAsTheyCome() {
		try (ListenerApp app = ListenerApp.start(this.broker.uri(), Overlapping.class)) {
			send(this.filters);
			send(this.filters);
			awaitAcknowledged(2);
			assertThat(seen(app)).containsExactlyInAnyOrder("own 7", "other", "own 7", "other");
		}
	}

	@Test
	void withoutIdentifiersEachCopyGoesToAll() {
		this.broker.acceptWith(Reply.connack(0).subscriptionIdentifiersAvailable(false));
		try (ListenerApp app = ListenerApp.start(this.broker.uri(), Overlapping.class)) {
			send(List.of());
			send(List.of());
			awaitAcknowledged(2);
			assertThat(seen(app)).containsExactlyInAnyOrder("own 7", "other", "own 7", "other");
		}
	}

	@Test
	@RequiresMosquitto
	void onMosquittoEachListenerGetsEachMessageOnce() {
		try (MosquittoBroker mosquitto = MosquittoBroker.startAnonymous()) {
			eachListenerGetsEachMessageOnce(mosquitto.uri());
		}
	}

	@Test
	void onHiveMqEachListenerGetsEachMessageOnce() {
		try (HiveMqBroker hiveMq = HiveMqBroker.startAnonymous()) {
			eachListenerGetsEachMessageOnce(hiveMq.uri());
		}
	}

	private static void eachListenerGetsEachMessageOnce(String uri) {
		try (ListenerApp app = ListenerApp.start(uri, Overlapping.class)) {
			for (int i = 0; i < 20; i++) {
				// Equal ones, too
				app.publish("meters/7/reading", "x", 1 + i % 2).join();
			}
			app.publish("meters/end/reading", "x", 1).join();
			Awaitility.await().untilAsserted(() -> assertThat(seen(app)).contains("own end"));
			assertThat(seen(app)).filteredOn("own 7"::equals).hasSize(20);
			assertThat(seen(app)).filteredOn("other"::equals).hasSize(20);
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	private void send(List<String> meant) {
		Reply publish = Reply.publish("meters/7/reading", "x").qos(1).id(++this.packetId);
		meant.forEach((filter) -> publish.subscriptionIdentifier(identifier(filter)));
		this.broker.lastConnection().send(publish);
	}

	private long identifier(String filter) {
		ReceivedPacket subscribe = this.broker.received(When.subscribe(filter)).get(0);
		Long identifier = subscribe.properties().number(WireProperties.SUBSCRIPTION_IDENTIFIER);
		assertThat(identifier).isNotNull();
		return identifier;
	}

	private void awaitAcknowledged(int count) {
		this.broker.awaitReceived(When.puback(), count);
	}

	private static List<String> seen(ListenerApp app) {
		return app.bean(Overlapping.class).seen;
	}

	static class Overlapping {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@MqttListener(topics = { "meters/#", "meters/{id}/reading" })
		void own(@DestinationVariable String id) {
			this.seen.add("own " + id);
		}

		@MqttListener(topics = "meters/7/#")
		void other(String text) {
			this.seen.add("other");
		}

	}

}
