package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.util.ReflectionTestUtils;

import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The first connection of a client resumes a session of an earlier process: the server
 * may hold QoS 2 messages under identifiers that the client takes for free.
 */
class InheritedSessionTests {

	private TestClient test;

	@ParameterizedTest
	@ValueSource(ints = { 0, 0x92 })
	void anIdentifierIsClearedBeforeAQos2MessageHasIt(int code) {
		inherit();
		CompletableFuture<PublishResult> future = publish("a", 2);
		assertThat(sent()).containsExactly("PUBREL 1");
		pubcomp(1, code);
		assertThat(sent()).containsExactly("PUBREL 1", "a 1");
		finish(1);
		assertThat(future).isCompletedWithValueMatching((result) -> result.packet() == PacketType.PUBCOMP);
		assertNoErrors();
	}

	@Test
	void anIdentifierIsClearedOnceInASession() {
		inherit();
		for (int i = 1; i <= PacketIds.MAX; i++) {
			publish("a", 2);
			this.test.wire.last().sent.clear();
			pubcomp(i, 0);
			finish(i);
			this.test.wire.last().listener.written(4L * i);
		}
		this.test.reconnect(true);
		CompletableFuture<PublishResult> future = publish("again", 2);
		assertThat(sent()).containsExactly("again 1");
		finish(1);
		assertThat(future).isCompleted();
		assertNoErrors();
	}

	@Test
	void otherMessagesNeedNoClearingAndKeepTheirPlace() {
		inherit();
		publish("one", 1);
		publish("zero", 0);
		assertThat(sent()).containsExactly("one 1", "zero 0");
		publish("two", 2);
		publish("behind", 0);
		publish("behind", 1);
		publish("other", 2);
		assertThat(sent()).containsExactly("one 1", "zero 0", "PUBREL 2", "PUBREL 4");
		pubcomp(4, 0);
		assertThat(sent()).hasSize(4);
		pubcomp(2, 0);
		assertThat(sent().subList(4, 8)).containsExactly("two 2", "behind 0", "behind 3", "other 4");
		assertNoErrors();
	}

	@Test
	void theWindowCountsWhatIsBeingCleared() {
		inherit((limits) -> limits.receiveMaximum = 2);
		for (String topic : List.of("a", "b", "c")) {
			publish(topic, 2);
		}
		assertThat(sent()).containsExactly("PUBREL 1", "PUBREL 2");
		pubcomp(1, 0);
		pubcomp(2, 0);
		finish(1);
		finish(2);
		assertThat(sent()).last().isEqualTo("PUBREL 3");
		pubcomp(3, 0);
		assertThat(sent()).last().isEqualTo("c 3");
		assertNoErrors();
	}

	@Test
	void aClearingThatTheEndOfTheConnectionCutsShortIsTriedAgain() {
		inherit();
		CompletableFuture<PublishResult> future = publish("a", 2);
		publish("b", 1);
		this.test.reconnect(true);
		assertThat(sent()).containsExactly("PUBREL 1");
		pubcomp(1, 0);
		assertThat(sent()).containsExactly("PUBREL 1", "a 1", "b 2");
		assertThat(((Publish) this.test.link().sent(PacketType.PUBLISH).get(0)).duplicate()).isFalse();
		finish(1);
		assertThat(future).isCompleted();
		assertNoErrors();
	}

	@Test
	void aClearingThatTheServerRefusesIsTriedAgainWithTheNextConnection() {
		inherit();
		CompletableFuture<PublishResult> future = publish("a", 2);
		pubcomp(1, 0x80);
		assertThat(sent()).containsExactly("PUBREL 1");
		this.test.reconnect(true);
		pubcomp(1, 0);
		finish(1);
		assertThat(future).isCompleted();
	}

	@Test
	void aMessageWhoseIdentifierIsNotClearedTimesOutUnsentAndGivesEverythingBack() {
		inherit((limits) -> limits.receiveMaximum = 1);
		CompletableFuture<PublishResult> future = publish("a", 2);
		this.test.time.advance(Duration.ofSeconds(20));
		CompletableFuture<PublishResult> next = publish("b", 1);
		this.test.time.advance(Duration.ofSeconds(10));
		assertThat(this.test.cause(future)).isInstanceOf(MqttOperationTimeoutException.class)
			.hasMessageContaining("no PUBCOMP came for packet identifier 1")
			.hasMessageContaining("it was not sent");
		assertThat(sent()).containsExactly("PUBREL 1", "b 2");
		pubcomp(1, 0);
		this.test.receive(new PublishAck(PacketType.PUBACK, 2, 0));
		assertThat(next).isCompleted();
		assertThat(idsInUse()).isZero();
		assertThat(this.test.events(MqttProtocolAnomalyEvent.class)).isEmpty();
	}

	@Test
	void aStopWhileAnIdentifierIsClearedLeavesNothingToSend() {
		inherit();
		CompletableFuture<PublishResult> future = publish("a", 2);
		this.test.stop();
		assertThat(this.test.cause(future)).hasMessageContaining("it was not sent");
		this.test.client.start();
		this.test.time.run();
		this.test.accept(ConnAck.of(true, 0));
		assertThat(sent()).isEmpty();
		assertThat(idsInUse()).isZero();
	}

	@Test
	void aSessionThatIsLostNeedsNoClearing() {
		inherit();
		CompletableFuture<PublishResult> future = publish("a", 2);
		this.test.reconnect(false);
		assertThat(sent()).containsExactly("a 2");
		finish(2);
		assertThat(future).isCompleted();
	}

	@Test
	void whatTheNextServerWouldRefuseIsNotCleared() {
		inherit();
		CompletableFuture<PublishResult> future = publish("a", 2);
		this.test.reconnect(Limits.connAck((limits) -> {
			limits.sessionPresent = true;
			limits.maximumPacketSize = 4L;
		}));
		assertThat(sent()).isEmpty();
		assertThat(this.test.cause(future)).hasMessageContaining("nothing was sent");
		assertThat(idsInUse()).isZero();
	}

	@Test
	void theJournalHasTheMessageOnlyWhenItsIdentifierIsCleared() {
		HeldStore store = new HeldStore();
		inherit(store, (limits) -> {
		});
		publish("a", 2);
		store.sync();
		assertThat(store.notes).isEmpty();
		pubcomp(1, 0);
		assertThat(store.notes).containsExactly("published 1");
		assertThat(sent()).containsExactly("PUBREL 1");
		store.sync();
		assertThat(sent()).containsExactly("PUBREL 1", "a 1");
	}

	@Test
	void aSessionOfItsOwnNeedsNoClearing() {
		this.test = new TestClient((config) -> config.with((c) -> c.cleanStart = false)).connect();
		publish("a", 2);
		this.test.reconnect(true);
		publish("b", 2);
		assertThat(sent()).containsExactly("a 1", "b 2");
	}

	private void inherit() {
		inherit((limits) -> {
		});
	}

	private void inherit(Consumer<Limits> change) {
		inherit(new MemorySessionStore(), change);
	}

	private void inherit(SessionStore store, Consumer<Limits> change) {
		this.test = new TestClient((config) -> config.with((c) -> {
			c.cleanStart = false;
			c.store = store;
		})).start();
		this.test.accept(Limits.connAck((limits) -> {
			limits.sessionPresent = true;
			change.accept(limits);
		}));
	}

	private CompletableFuture<PublishResult> publish(String topic, int qos) {
		return this.test.ran(this.test.client.publish(PublishRequest.to(topic).qos(qos).build()));
	}

	private void pubcomp(int id, int code) {
		this.test.receive(new PublishAck(PacketType.PUBCOMP, id, code));
	}

	private void finish(int id) {
		this.test.receive(new PublishAck(PacketType.PUBREC, id, 0));
		pubcomp(id, 0);
	}

	private int idsInUse() {
		Engine engine = (Engine) ReflectionTestUtils.getField(this.test.client, "engine");
		assertThat(engine).isNotNull();
		return engine.context().ids().inUse();
	}

	/** Packets but the PUBRELs of messages of this client. */
	private List<String> sent() {
		List<String> sent = new ArrayList<>();
		List<Integer> published = new ArrayList<>();
		this.test.link().sent.forEach((packet) -> {
			if (packet instanceof Publish publish) {
				published.add(publish.packetId());
				sent.add(publish.topic() + " " + publish.packetId());
			}
			else if (packet instanceof PublishAck ack && !published.contains(ack.packetId())) {
				sent.add(ack.type() + " " + ack.packetId());
			}
		});
		return sent;
	}

	private void assertNoErrors() {
		assertThat(this.test.events(MqttProtocolAnomalyEvent.class)).isEmpty();
		assertThat(this.test.client.statistics().errors().total(ErrorClass.RECOVERABLE)).isZero();
	}

}
