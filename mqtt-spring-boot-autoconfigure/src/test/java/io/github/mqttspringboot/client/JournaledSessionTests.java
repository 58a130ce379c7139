package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.SubscribeAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What waits for the journal, and what does not: a client whose journal is synced when
 * the test says so.
 */
class JournaledSessionTests {

	private final HeldStore store = new HeldStore();

	private final TestClient test = new TestClient((config) -> config.with((c) -> {
		c.store = this.store;
		c.maxInFlight = 3;
	})).connect();

	@Test
	void noPublishLeavesBeforeItIsOnTheDiskAndTheOrderStays() {
		sync();
		publish("1", 1);
		publish("2", 0);
		publish("3", 2);
		publish("4", 0);
		assertThat(sent()).isEmpty();
		sync();
		assertThat(topics()).containsExactly("1", "2", "3", "4");
		publish("5", 0);
		assertThat(topics()).endsWith("4", "5");
	}

	@Test
	void whatIsOnTheDiskLeavesAndWhatIsNotStays() {
		sync();
		publish("1", 1);
		publish("2", 0);
		publish("3", 1);
		publish("4", 0);
		syncFirst();
		assertThat(topics()).containsExactly("1", "2");
		sync();
		assertThat(topics()).containsExactly("1", "2", "3", "4");
	}

	@Test
	void aQos0PublishBehindOneThatWaitsForTheDiskOutlivesTheConnection() {
		publish("1", 1);
		CompletableFuture<PublishResult> behind = publish("2", 0);
		this.test.reconnect(true);
		assertThat(behind).isNotDone();
		sync();
		assertThat(topics()).containsExactlyInAnyOrder("1", "2");
		this.test.wire.last().writeAll();
		assertThat(this.test.ran(behind)).isCompleted();
	}

	@Test
	void aGracefulStopWaitsForAQos0PublishThatWaitsForTheDisk() {
		CompletableFuture<PublishResult> first = publish("1", 1);
		this.test.time.advance(Duration.ofSeconds(10));
		CompletableFuture<PublishResult> behind = publish("2", 0);
		this.test.client.stop(() -> {
		});
		this.test.time.advance(Duration.ofSeconds(20));
		assertThat(this.test.cause(first)).isInstanceOf(MqttOperationTimeoutException.class);
		assertThat(this.test.client.state()).isEqualTo(ClientState.STOPPING);
		assertThat(this.test.link().sent(PacketType.DISCONNECT)).isEmpty();
		sync();
		this.test.wire.last().writeAll();
		assertThat(this.test.ran(behind)).isCompleted();
		assertThat(this.test.client.state()).isEqualTo(ClientState.STOPPED);
	}

	@Test
	void aQos0PublishWaitsForNoDisk() {
		sync();
		publish("1", 0);
		assertThat(topics()).containsExactly("1");
	}

	@Test
	void acknowledgementsAndPingsDoNotWaitForPublishes() {
		CompletableFuture<SubscribeResult> subscribed = this.test.client
			.subscribe(SubscribeRequest.to("in").qos(2).handler((message) -> {
			}).build());
		this.test.link();
		this.test.receive(new SubscribeAck(PacketType.SUBACK, 1, List.of(2), null, List.of()));
		assertThat(this.test.ran(subscribed)).isCompleted();
		this.test.wire.last().sent.clear();
		publish("1", 1);
		inbound(7, 1);
		assertThat(sent()).containsExactly(new PublishAck(PacketType.PUBACK, 7, 0));
		this.test.time.advance(Duration.ofSeconds(61));
		assertThat(sent()).endsWith(Ping.REQUEST);
		assertThat(topics()).isEmpty();
	}

	@Test
	void anAcknowledgementThatNeedsNoDiskOvertakesOneThatDoes() {
		inbound(7, 2);
		inbound(8, 1);
		assertThat(sent()).containsExactly(new PublishAck(PacketType.PUBACK, 8, 0));
		sync();
		assertThat(sent()).containsExactly(new PublishAck(PacketType.PUBACK, 8, 0),
				new PublishAck(PacketType.PUBREC, 7, 0));
	}

	@Test
	void acknowledgementsLeaveAsFarAsTheDiskHasThem() {
		sync();
		inbound(7, 2);
		inbound(8, 2);
		syncFirst();
		assertThat(sent()).containsExactly(new PublishAck(PacketType.PUBREC, 7, 0));
	}

	@Test
	void pubrelWaitsForTheNoteOfItsPubrec() {
		CompletableFuture<PublishResult> future = publish("1", 2);
		sync();
		int id = id(0);
		this.test.receive(new PublishAck(PacketType.PUBREC, id, 0));
		this.test.receive(new PublishAck(PacketType.PUBREC, id, 0));
		assertThat(this.test.link().sent(PacketType.PUBREL)).isEmpty();
		sync();
		assertThat(this.test.link().sent(PacketType.PUBREL)).hasSize(2)
			.containsOnly(new PublishAck(PacketType.PUBREL, id, 0));
		this.test.receive(new PublishAck(PacketType.PUBCOMP, id, 0));
		assertThat(future).isCompleted();
		assertThat(this.store.notes).endsWith("ended");
	}

	@Test
	void pubrecAndPubcompWaitForTheirNotes() {
		sync();
		inbound(7, 2);
		assertThat(this.store.notes).endsWith("received 7");
		assertThat(sent()).isEmpty();
		sync();
		assertThat(sent()).containsExactly(new PublishAck(PacketType.PUBREC, 7, 0));
		this.test.receive(new PublishAck(PacketType.PUBREL, 7, 0));
		this.test.receive(new PublishAck(PacketType.PUBREL, 7, 0));
		assertThat(this.store.notes).endsWith("completed 7");
		assertThat(sent()).hasSize(1);
		sync();
		assertThat(sent().subList(1, 3)).containsExactly(new PublishAck(PacketType.PUBCOMP, 7, 0),
				new PublishAck(PacketType.PUBCOMP, 7, 0x92));
	}

	@Test
	void anInboundMessageIsNotNotedBeforeItIsProcessed() {
		List<CompletableFuture<Void>> handled = new ArrayList<>();
		subscribe(handled);
		sync();
		inbound(7, 2);
		inbound(8, 2);
		assertThat(handled).hasSize(2);
		assertThat(this.store.notes).noneMatch((note) -> note.startsWith("received"));
		// Done in another order, and noted so: PUBREC keeps the order of arrival
		handled.get(1).complete(null);
		this.test.link();
		sync();
		assertThat(this.test.link().sent(PacketType.PUBREC)).isEmpty();
		handled.get(0).complete(null);
		this.test.link();
		assertThat(this.store.notes).endsWith("received 8", "received 7");
		assertThat(this.test.link().sent(PacketType.PUBREC)).isEmpty();
		sync();
		assertThat(this.test.link().sent(PacketType.PUBREC)).containsExactly(new PublishAck(PacketType.PUBREC, 7, 0),
				new PublishAck(PacketType.PUBREC, 8, 0));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void aPublishThatCannotBeStoredFailsAloneBeforeItIsSent(int qos) {
		CompletableFuture<PublishResult> good = publish("good", 1);
		sync();
		CompletableFuture<PublishResult> first = publish("first", qos);
		CompletableFuture<PublishResult> between = publish("between", 0);
		CompletableFuture<PublishResult> second = publish("second", qos);
		CompletableFuture<PublishResult> third = publish("third", 1);
		this.store.fail();
		assertThat(this.test.cause(first)).isInstanceOfSatisfying(MqttPublishRejectedException.class, (ex) -> {
			assertThat(ex.getFailure().localError()).isEqualTo(LocalError.PERSISTENCE_FAILED);
			assertThat(ex.getClassification().errorClass()).isEqualTo(ErrorClass.RECOVERABLE);
			assertThat(ex).hasMessageContaining("No space left on device")
				.hasMessageContaining("it was not sent")
				.hasMessageContaining("'mqtt.persistence.directory'");
		});
		assertThat(second).isCompletedExceptionally();
		assertThat(third).as("did not have a permit yet").isNotDone();
		assertThat(topics()).containsExactly("good", "between");
		sync();
		assertThat(topics()).containsExactly("good", "between", "third");
		this.test.wire.last().writeAll();
		this.test.time.run();
		assertThat(between).isCompleted();
		assertThat(good).isNotDone();
		assertThat(this.test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(this.test.wire.connections).hasSize(1);
		assertThat(this.test.events(MqttPublishRejectedEvent.class)).hasSize(2);
		assertThat(this.test.errors(ErrorClass.RECOVERABLE, "local", "persistence-failed")).isEqualTo(2);
	}

	@Test
	void publishesThatCannotBeStoredGiveTheirPermitsAndTheirRoomBack() {
		byte[] payload = new byte[2000];
		for (int i = 0; i < 1000; i++) {
			this.test.ran(this.test.client.publish(PublishRequest.to("no").payload(payload).qos(1 + i % 2).build()));
			this.store.fail();
		}
		for (int i = 0; i < 5; i++) {
			publish("yes", 1);
		}
		sync();
		assertThat(topics()).hasSize(3);
	}

	@Test
	void aPublishThatFailsToBeStoredWhileThereIsNoConnectionIsNotSentByTheNext() {
		CompletableFuture<PublishResult> failed = publish("failed", 1);
		this.test.link().close();
		this.store.fail();
		assertThat(this.test.ran(failed)).isCompletedExceptionally();
		this.test.time.advance(Duration.ofSeconds(5));
		this.test.accept(ConnAck.of(true, 0));
		for (int i = 0; i < 5; i++) {
			publish("yes", 1);
		}
		sync();
		assertThat(topics()).containsExactly("yes", "yes", "yes");
	}

	@Test
	void aPublishThatFailsToBeStoredWhileItWaitsToBeSentAgainIsNotSent() {
		List<CompletableFuture<PublishResult>> failed = List.of(publish("1", 1), publish("2", 1), publish("3", 1));
		this.test.reconnect(Limits.connAck((limits) -> {
			limits.sessionPresent = true;
			limits.receiveMaximum = 1;
		}));
		this.store.fail();
		this.test.time.run();
		assertThat(failed).allMatch(CompletableFuture::isCompletedExceptionally);
		publish("yes", 1);
		sync();
		assertThat(topics()).containsExactly("yes");
	}

	@Test
	void whatIsSentAgainWaitsForTheDiskToo() {
		publish("1", 1);
		this.test.reconnect(true);
		assertThat(sent()).isEmpty();
		sync();
		assertThat(topics()).containsExactly("1");
	}

	@Test
	void anAcknowledgementOfWhatHasNotLeftIsUnsolicited() {
		CompletableFuture<PublishResult> future = publish("1", 1);
		this.test.receive(new PublishAck(PacketType.PUBACK, 1, 0));
		assertThat(future).isNotDone();
		assertThat(this.test.errors(ErrorClass.RECOVERABLE, "local", "unsolicited-ack")).isOne();
	}

	@Test
	void nothingHeldBackLeavesOnAnotherConnection() {
		inbound(7, 2);
		this.test.reconnect(true);
		sync();
		assertThat(sent()).isEmpty();
		inbound(7, 2);
		assertThat(sent()).containsExactly(new PublishAck(PacketType.PUBREC, 7, 0));
	}

	@Test
	void aLostSessionIsNotedBeforeAnythingOfTheNextOne() {
		publish("1", 1);
		publish("2", 2);
		sync();
		this.store.notes.clear();
		this.test.reconnect(false);
		assertThat(this.store.notes).hasSize(4)
			.startsWith("new session", "ended")
			.endsWith("ended")
			.anyMatch((note) -> note.startsWith("published"));
		assertThat(topics()).isEmpty();
		sync();
		assertThat(topics()).containsExactly("1");
	}

	@Test
	void aNewSessionIsSubscribedToOnceTheJournalHasForgottenTheIdentifiersOfTheOldOne() {
		subscribe(new ArrayList<>());
		inbound(7, 2);
		this.test.reconnect(false);
		assertThat(this.test.link().sent(PacketType.SUBSCRIBE)).isEmpty();
		// Another connection to the new session does not change that
		this.test.reconnect(true);
		assertThat(this.test.link().sent(PacketType.SUBSCRIBE)).isEmpty();
		assertThat(this.store.notes).contains("new session");
		sync();
		assertThat(this.test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
	}

	@Test
	void aNewSessionIsNotSubscribedToBeforeTheLastPubrelOfTheOldOneIsOnTheDisk() {
		handled(7);
		sync();
		this.test.receive(new PublishAck(PacketType.PUBREL, 7, 0));
		this.test.reconnect(false);
		assertThat(this.test.link().sent(PacketType.SUBSCRIBE)).isEmpty();
		sync();
		assertThat(this.test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
	}

	@Test
	void aNewSessionIsSubscribedToAtOnceWhereTheJournalHasNoIdentifiers() {
		handled(7);
		sync();
		this.test.receive(new PublishAck(PacketType.PUBREL, 7, 0));
		sync();
		this.test.reconnect(false);
		assertThat(this.test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
	}

	@Test
	void stopKeepsTheJournalOfASessionThatIsHeld() {
		publish("1", 1);
		sync();
		this.test.stop();
		assertThat(this.store.notes).doesNotContain("wiped");
	}

	@Test
	void stopWipesTheJournalOfASessionThatNobodyResumes() {
		for (boolean generated : List.of(true, false)) {
			HeldStore own = new HeldStore();
			TestClient client = new TestClient((config) -> config.with((c) -> {
				c.store = own;
				c.generated = generated;
				c.sessionExpiry = (generated) ? Duration.ofMinutes(5) : Duration.ZERO;
			})).connect();
			client.stop();
			assertThat(own.notes).endsWith("wiped");
		}
	}

	private void handled(int id) {
		List<CompletableFuture<Void>> handled = new ArrayList<>();
		subscribe(handled);
		inbound(id, 2);
		handled.get(0).complete(null);
		this.test.time.run();
	}

	private void subscribe(List<CompletableFuture<Void>> handled) {
		this.test.client.subscribe(SubscribeRequest.to("in").qos(2).messageHandler((message) -> {
			CompletableFuture<Void> done = new CompletableFuture<>();
			handled.add(done);
			return done;
		}).build());
		this.test.link();
		this.test.receive(new SubscribeAck(PacketType.SUBACK, 1, List.of(2), null, List.of()));
	}

	private void inbound(int id, int qos) {
		this.test.receive(new Publish(id, "in", qos, false, false, PublishProperties.NONE, new byte[0]));
	}

	private void sync() {
		this.test.time.run();
		this.store.sync();
		this.test.time.run();
	}

	private void syncFirst() {
		this.test.time.run();
		this.store.syncFirst();
		this.test.time.run();
	}

	private CompletableFuture<PublishResult> publish(String topic, int qos) {
		return this.test.ran(this.test.client.publish(PublishRequest.to(topic).qos(qos).build()));
	}

	private List<MqttPacket> sent() {
		return this.test.link().sent;
	}

	private List<String> topics() {
		return this.test.link().sent(PacketType.PUBLISH).stream().map((packet) -> ((Publish) packet).topic()).toList();
	}

	private int id(int index) {
		return ((Publish) this.test.link().sent(PacketType.PUBLISH).get(index)).packetId();
	}

}
