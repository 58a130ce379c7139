package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.ClientSettings.Poison;
import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.TestClient.Config;
import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttPublishQuarantinedEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.Unsubscribe;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoisonGuard}, through a client on a fake wire.
 */
class PoisonGuardTests {

	private static final MqttFailure CLOSED = FussyServer.CLOSED;

	private static final Reconnect QUICK = new Reconnect(Duration.ofMillis(100), 1, Duration.ofMillis(100),
			Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(100),
			Duration.ofSeconds(30), 0, Duration.ofMinutes(10));

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void aMessageThatEndsEachConnectionIsQuarantinedAndAllOthersGoThrough(int qos) {
		FussyServer server = server().poisonTopic("poison", CLOSED);
		List<CompletableFuture<PublishResult>> others = new ArrayList<>();
		IntStream.range(0, 25).forEach((i) -> others.add(publish(server, "before/" + i, qos)));
		CompletableFuture<PublishResult> poison = publish(server, "poison", qos);
		IntStream.range(0, 25).forEach((i) -> others.add(publish(server, "after/" + i, qos)));
		server.serve(20);
		TestClient test = server.test;
		// In flight with others at two ends, alone at two
		assertThat(server.connections()).isEqualTo(5);
		assertThat(test.cause(poison)).isInstanceOfSatisfying(MqttPoisonMessageException.class, (ex) -> {
			assertThat(ex.getFailure().localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
			assertThat(ex.getFailure().topic()).isEqualTo("poison");
			assertThat(ex.getClientName()).isEqualTo("default");
			assertThat(ex).hasMessageContainingAll("default", "poison", "CONNECTION_CLOSED", "QoS " + qos,
					"2 connections in a row", "quarantined");
		});
		assertThat(others).allSatisfy((future) -> assertThat(test.ran(future)).isCompleted());
		assertThat(server.received).hasSize(50).doesNotHaveDuplicates();
		assertThat(test.events(MqttPublishQuarantinedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getTopic()).isEqualTo("poison");
			assertThat(event.getQos()).isEqualTo(qos);
			assertThat(event.getStrikes()).isEqualTo(2);
			assertThat(event.getFailure().localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
		});
		assertThat(test.client.statistics().quarantined()).isOne();
		assertThat(test.client.statistics().inFlight()).isZero();
		assertThat(test.client.incidents().get(0)).satisfies((incident) -> {
			assertThat(incident.failure().topic()).isEqualTo("poison");
			assertThat(incident.action()).contains("given up");
		});
		assertNextWorks(server);
	}

	@ParameterizedTest
	@CsvSource({ "0x95, 4", "0x99, 4", "0x90, 4", "0x87, 4", "0x9B, 4", "0x80, 5", "0x82, 5", "0x93, 5" })
	void aReasonThatNamesTheMessageNeedsOneStrike(String code, int connections) {
		FussyServer server = server().poisonTopic("poison", disconnect(Integer.decode(code)));
		List<CompletableFuture<PublishResult>> others = new ArrayList<>();
		IntStream.range(0, 10).forEach((i) -> others.add(publish(server, "before/" + i, 1)));
		CompletableFuture<PublishResult> poison = server.test.client
			.publish(PublishRequest.to("poison").payload("x".repeat(5000)).qos(1).build());
		server.serve(20);
		assertThat(server.test.cause(poison)).isInstanceOfSatisfying(MqttPoisonMessageException.class, (ex) -> {
			assertThat(ex.getFailure().packet()).isEqualTo(PacketType.DISCONNECT);
			assertThat(ex.getFailure().code()).isEqualTo(Integer.decode(code));
		});
		assertThat(server.connections()).isEqualTo(connections);
		assertThat(others).allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
		assertNextWorks(server);
	}

	@Test
	void aRetainedMessageWithoutRetainSupportNeedsOneStrike() {
		FussyServer server = server().poisonTopic("poison", disconnect(0x9A));
		CompletableFuture<PublishResult> poison = server.test.client
			.publish(PublishRequest.to("poison").payload("x").qos(1).retain(true).build());
		server.serve(20);
		assertThat(server.test.cause(poison)).isInstanceOf(MqttPoisonMessageException.class);
		assertThat(server.connections()).isEqualTo(4);
	}

	@Test
	void aReasonForAnotherKindOfMessageIsNoProof() {
		FussyServer server = server().poisonTopic("poison", disconnect(0x8F));
		CompletableFuture<PublishResult> poison = publish(server, "poison", 1);
		server.serve(20);
		assertThat(server.test.cause(poison)).isInstanceOf(MqttPoisonMessageException.class);
		assertThat(server.connections()).isEqualTo(5);
	}

	@Test
	void aPubrelThatEndsEachConnectionIsGivenUp() {
		FussyServer server = server();
		List<Integer> poisoned = new ArrayList<>();
		server.poison((packet) -> {
			if (packet instanceof Publish publish && publish.topic().equals("poison")) {
				poisoned.add(publish.packetId());
			}
			return (packet instanceof PublishAck ack && ack.type() == PacketType.PUBREL
					&& poisoned.contains(ack.packetId())) ? CLOSED : null;
		});
		CompletableFuture<PublishResult> before = publish(server, "before", 2);
		CompletableFuture<PublishResult> poison = publish(server, "poison", 2);
		CompletableFuture<PublishResult> after = publish(server, "after", 2);
		server.serve(20);
		assertThat(server.test.cause(poison)).isInstanceOf(MqttPoisonMessageException.class);
		assertThat(before).isCompleted();
		assertThat(after).isCompleted();
		assertThat(server.connections()).isEqualTo(5);
		// The server may hold a message under its identifier, whatever comes round
		Set<Integer> used = new HashSet<>();
		server.poison((packet) -> {
			if (packet instanceof Publish publish) {
				used.add(publish.packetId());
			}
			return null;
		});
		for (int round = 0; round < 66; round++) {
			IntStream.range(0, 1000).forEach((i) -> publish(server, "more", 1));
			server.serveConnection();
		}
		assertThat(used).hasSize(65_534).doesNotContainAnyElementsOf(poisoned);
		assertThat(server.test.client.statistics().inFlight()).isZero();
	}

	@Test
	void twoPoisonMessagesAreBothFound() {
		FussyServer server = server()
			.poison((packet) -> (packet instanceof Publish publish && publish.topic().startsWith("poison")) ? CLOSED
					: null);
		CompletableFuture<PublishResult> good = publish(server, "good/1", 1);
		CompletableFuture<PublishResult> first = publish(server, "poison/1", 1);
		CompletableFuture<PublishResult> between = publish(server, "good/2", 2);
		CompletableFuture<PublishResult> second = publish(server, "poison/2", 2);
		CompletableFuture<PublishResult> last = publish(server, "good/3", 1);
		server.serve(20);
		assertThat(List.of(first, second)).allSatisfy(
				(poison) -> assertThat(server.test.cause(poison)).isInstanceOf(MqttPoisonMessageException.class));
		assertThat(List.of(good, between, last))
			.allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
		assertThat(server.connections()).isEqualTo(7);
		assertNextWorks(server);
	}

	@Test
	void aMessageIsFoundThoughTheServerForgetsTheSession() {
		FussyServer server = server().poisonTopic("poison", CLOSED);
		server.keepsSessions = false;
		CompletableFuture<PublishResult> good = publish(server, "good", 1);
		CompletableFuture<PublishResult> poison = publish(server, "poison", 1);
		server.serve(20);
		assertThat(server.test.cause(poison)).isInstanceOf(MqttPoisonMessageException.class);
		assertThat(good).isCompleted();
		assertThat(server.connections()).isEqualTo(5);
	}

	@Test
	void onProbationOneOperationIsOutstandingAtATime() {
		FussyServer server = server().poisonTopic("poison", CLOSED);
		publish(server, "poison", 1);
		IntStream.range(0, 20).forEach((i) -> publish(server, "good/" + i, 1 + i % 2));
		server.test.client.subscribe(SubscribeRequest.to("a").build(), SubscribeRequest.to("b").build());
		server.serve(2);
		assertThat(server.connections()).isEqualTo(3);
		server.mostAtOnce = 0;
		server.poison = (packet) -> null;
		server.serveConnection();
		assertThat(server.mostAtOnce).isOne();
		assertThat(server.received).hasSize(21).doesNotHaveDuplicates();
		server.mostAtOnce = 0;
		IntStream.range(0, 20).forEach((i) -> publish(server, "more/" + i, 1));
		server.serveConnection();
		assertThat(server.mostAtOnce).isEqualTo(20);
	}

	@Test
	void oneReasonIsNoProofAgainstWhatWasNotUnderSuspicion() {
		FussyServer server = onProbation("first", "second");
		CompletableFuture<SubscribeResult> subscribed = subscribe(server, "new");
		int[] left = { 1 };
		server.poison((packet) -> (subscribes(packet, "new") && left[0]-- > 0) ? disconnect(0x87) : null);
		server.serve(20);
		assertThat(left[0]).isNegative();
		assertThat(subscribed).isCompleted();
		assertThat(server.test.client.statistics().quarantined()).isZero();
		assertThat(server.received).containsExactly("first", "second");
	}

	@Test
	void aSlowAnswerHoldsUpTheOthersForTheSuspectWindowOnly() {
		FussyServer server = onProbation("slow", "good");
		TestClient test = server.test;
		test.link().writeAll();
		test.receive(Ping.RESPONSE);
		assertThat(topics(test)).containsExactly("slow");
		test.time.advance(Duration.ofMillis(1900));
		assertThat(topics(test)).containsExactly("slow");
		test.time.advance(Duration.ofMillis(200));
		assertThat(topics(test)).containsExactly("slow", "good");
	}

	@Test
	void nobodyIsSentBeforeTheServerHasShownThatTheConnectionIsGood() {
		FussyServer server = onProbation("first", "second");
		for (int i = 0; i < 20; i++) {
			assertThat(topics(server.test)).isEmpty();
			server.test.end(CLOSED);
			assertThat(server.reconnects()).isTrue();
			server.test.link().writeAll();
			server.test.time.run();
			server.test.end(CLOSED);
			assertThat(server.reconnects()).isTrue();
			server.test.link().writeAll();
			server.test.time.run();
			server.test.end(CLOSED);
			assertThat(server.reconnects()).isTrue();
		}
		assertThat(server.test.client.statistics().quarantined()).isZero();
	}

	@Test
	void aServerThatAnswersNoPingreqIsNotWaitedForLong() {
		FussyServer server = onProbation("first", "second");
		server.test.time.advance(Duration.ofMillis(2100));
		assertThat(topics(server.test)).containsExactly("first");
	}

	@Test
	void whoIsSentWhileAnEarlierOneHasNoAnswerIsNotAlone() {
		FussyServer server = onProbation("slow", "good");
		for (int i = 0; i < 4; i++) {
			server.test.link().writeAll();
			server.test.receive(Ping.RESPONSE);
			server.test.link().writeAll();
			server.test.time.advance(Duration.ofMillis(2100));
			server.test.link().writeAll();
			assertThat(topics(server.test)).endsWith("good");
			server.test.link().writeAll();
			server.test.end(CLOSED);
			assertThat(server.reconnects()).isTrue();
		}
		assertThat(server.test.client.statistics().quarantined()).isZero();
		server.serve(20);
		assertThat(server.received).containsExactlyInAnyOrder("slow", "good");
	}

	@Test
	void whoIsSentBeforeTheServerHasAnsweredAnythingIsNotGuilty() {
		FussyServer server = onProbation("first");
		for (int i = 0; i < 4; i++) {
			server.test.link().writeAll();
			server.test.time.advance(Duration.ofMillis(2100));
			assertThat(topics(server.test)).contains("first");
			server.test.link().writeAll();
			server.test.end(CLOSED);
			assertThat(server.reconnects()).isTrue();
		}
		assertThat(server.test.client.statistics().quarantined()).isZero();
	}

	@Test
	void connectionsThatAllEndAtTheSameAgeMakeNobodyGuilty() {
		FussyServer server = onProbation("first");
		for (int i = 0; i < 20; i++) {
			server.test.link().writeAll();
			server.test.time.advance(Duration.ofMillis(50));
			if (server.test.link().sent.contains(Ping.REQUEST)) {
				server.test.receive(Ping.RESPONSE);
			}
			server.test.link().writeAll();
			server.test.time.advance(Duration.ofMillis(50));
			server.test.end(CLOSED);
			assertThat(server.reconnects()).isTrue();
		}
		assertThat(server.test.client.statistics().quarantined()).isZero();
	}

	@Test
	void whoHasAStrikeIsTriedAgainOnceTheConnectionHasLasted() {
		FussyServer server = onProbation("first");
		TestClient test = server.test;
		test.link().writeAll();
		test.receive(Ping.RESPONSE);
		test.link().writeAll();
		test.time.advance(Duration.ofMillis(30));
		test.end(CLOSED);
		server.reconnects();
		test.link().writeAll();
		test.receive(Ping.RESPONSE);
		test.time.advance(Duration.ofMillis(290));
		assertThat(topics(test)).isEmpty();
		test.time.advance(Duration.ofMillis(20));
		assertThat(topics(test)).containsExactly("first");
		test.link().writeAll();
		test.end(CLOSED);
		assertThat(test.client.statistics().quarantined()).isOne();
	}

	@Test
	void anEndForAnotherReasonBreaksTheRowOfStrikes() {
		FussyServer server = onProbation("first");
		for (int i = 0; i < 4; i++) {
			server.poisonTopic("first", CLOSED);
			assertThat(server.serveConnection()).isFalse();
			server.reconnects();
			server.poisonTopic("first", disconnect(0x8B));
			assertThat(server.serveConnection()).isFalse();
			server.reconnects();
		}
		assertThat(server.test.client.statistics().quarantined()).isZero();
	}

	@Test
	void anEndForAnotherReasonBreaksTheRowOfSuspiciousOnes() {
		FussyServer server = server();
		publish(server, "first", 1);
		for (int i = 0; i < 6; i++) {
			server.poisonTopic("first", (i % 2 == 0) ? CLOSED : disconnect(0x8B));
			assertThat(server.serveConnection()).isFalse();
			server.reconnects();
		}
		// Sent at once: there is no probation
		assertThat(topics(server.test)).containsExactly("first");
	}

	@Test
	void aSuspectThatIsRefusedBeforeItIsSentEndsProbation() {
		FussyServer server = server().poison((packet) -> (packet instanceof Publish) ? CLOSED : null);
		server.test.client.publish(PublishRequest.to("large").payload("x".repeat(5000)).qos(2).build());
		server.serve(2);
		assertOthersAreSentTogether(server, (limits) -> limits.maximumPacketSize = 1000L);
	}

	@Test
	void aSuspectFilterThatIsRefusedBeforeItIsSentEndsProbation() {
		FussyServer server = server().poison((packet) -> subscribes(packet, "wild/#") ? CLOSED : null);
		subscribe(server, "wild/#");
		server.serve(2);
		assertOthersAreSentTogether(server, (limits) -> limits.wildcards = false);
	}

	private static void assertOthersAreSentTogether(FussyServer server, Consumer<Limits> limits) {
		TestClient test = server.test;
		assertThat(server.connections()).isEqualTo(3);
		server.poison = (packet) -> null;
		test.end(disconnect(0x8B));
		test.time.advance(Duration.ofSeconds(1));
		test.accept(Limits.connAck((connAck) -> {
			connAck.sessionPresent = true;
			limits.accept(connAck);
		}));
		IntStream.range(0, 20).forEach((i) -> publish(server, "good/" + i, 1));
		server.mostAtOnce = 0;
		server.serveConnection();
		assertThat(server.received).hasSize(20);
		assertThat(server.mostAtOnce).isGreaterThan(1);
	}

	@Test
	@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
	void probationComesToRestThoughEachConnectionIsStableAtOnce() {
		FussyServer server = server((config) -> config.reconnect = new Reconnect(Duration.ofMillis(100), 1,
				Duration.ofMillis(100), Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(100),
				Duration.ofMillis(100), Duration.ZERO, 0, Duration.ofMinutes(10)));
		onProbation(server, "first", "second");
		server.test.time.advance(Duration.ofMillis(10));
		server.serve(20);
		assertThat(server.received).containsExactly("first", "second");
	}

	@Test
	void aMessageThatWaitedTooLongBehindOthersOnProbationSaysSo() {
		FussyServer server = onProbation(IntStream.range(0, 20).mapToObj((i) -> "first/" + i).toArray(String[]::new));
		CompletableFuture<PublishResult> late = publish(server, "late", 1);
		server.test.link().writeAll();
		server.test.receive(Ping.RESPONSE);
		server.test.time.advance(Duration.ofSeconds(31));
		assertThat(server.test.cause(late)).isInstanceOf(MqttOperationTimeoutException.class)
			.hasMessageContainingAll("one operation at a time is sent", "'mqtt.poison.enabled'", "it was not sent")
			.hasMessageNotContaining("stayed full");
	}

	@Test
	void guiltThatWandersIsTheNetworks() {
		FussyServer server = onProbation("first", "second", "third");
		server.poison((packet) -> (packet instanceof Publish) ? CLOSED : null);
		assertThat(server.serveConnection()).isFalse();
		server.reconnects();
		// The one that was alone in flight is answered now
		server.poisonTopic("second", CLOSED);
		for (int i = 0; i < 2; i++) {
			assertThat(server.serveConnection()).isFalse();
			server.reconnects();
		}
		server.poison = (packet) -> null;
		assertThat(server.serveConnection()).isTrue();
		assertThat(server.received).containsExactlyInAnyOrder("first", "second", "third");
		assertThat(server.test.client.statistics().quarantined()).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void connectionsCutAtRandomQuarantineNothing(long seed) {
		Random random = new Random(seed);
		FussyServer server = server();
		server.keepsSessions = true;
		List<CompletableFuture<PublishResult>> futures = new ArrayList<>();
		int[] left = { random.nextInt(400) };
		server.poison((packet) -> (--left[0] < 0) ? CLOSED : null);
		for (int round = 0; round < 2000; round++) {
			IntStream.range(0, 5).forEach((i) -> futures.add(publish(server, "load", 1 + random.nextInt(2))));
			if (!server.serveConnection()) {
				left[0] = random.nextInt(400);
				server.reconnects();
			}
		}
		server.poison = (packet) -> null;
		server.serveConnection();
		assertThat(server.test.client.statistics().quarantined()).isZero();
		assertThat(server.connections()).isGreaterThan(40);
		assertThat(futures)
			.noneMatch((future) -> future.isDone() && failed(future) instanceof MqttPoisonMessageException);
		assertThat(server.test.client.statistics().inFlight()).isZero();
	}

	@Test
	void aCloseLongAfterTheWriteIsNoSuspicion() {
		FussyServer server = server();
		CompletableFuture<PublishResult> slow = publish(server, "slow", 1);
		for (int i = 0; i < 10; i++) {
			server.test.link().writeAll();
			server.test.time.advance(Duration.ofMillis(2100));
			server.test.end(CLOSED);
			server.reconnects();
		}
		server.serve(100);
		assertThat(server.received).containsExactly("slow");
		assertThat(server.test.client.statistics().quarantined()).isZero();
		assertThat(slow).isDone();
	}

	@Test
	void aSuspectCodeCountsAtAnyTime() {
		FussyServer server = server();
		publish(server, "slow", 1);
		for (int i = 0; i < 2; i++) {
			server.test.link().writeAll();
			server.test.time.advance(Duration.ofMillis(2100));
			server.test.end(disconnect(0x80));
			server.reconnects();
		}
		assertThat(topics(server.test)).isEmpty();
		assertThat(server.test.client.incidents().get(0).action()).contains("one operation at a time");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x00, 0x89, 0x8B, 0x8D, 0x96, 0x98, 0xA0 })
	void aReasonThatNoMessageCanHaveIsNoSuspicion(int code) {
		FussyServer server = server().poisonTopic("unlucky", disconnect(code));
		publish(server, "unlucky", 1);
		server.serve(10);
		assertThat(server.connections()).isEqualTo(11);
		assertThat(server.test.client.statistics().quarantined()).isZero();
	}

	@Test
	void whatHasNotLeftIsNoSuspect() {
		FussyServer server = server();
		publish(server, "queued", 1);
		for (int i = 0; i < 10; i++) {
			server.test.time.run();
			assertThat(server.test.link().sent(PacketType.PUBLISH)).hasSize(1);
			server.test.end(disconnect(0x95));
			if (!server.reconnects()) {
				break;
			}
		}
		assertThat(server.test.client.statistics().quarantined()).isZero();
		// Nothing had left, so that the code means something else
		assertThat(server.test.client.state()).isEqualTo(ClientState.FAILED);
	}

	@Test
	void aQos0MessageIsNotSentAgainAndAccusesNobody() {
		FussyServer server = onProbation("first");
		CompletableFuture<PublishResult> qos0 = publish(server, "poison", 0);
		server.poisonTopic("poison", CLOSED);
		// The suspect is answered, and probation over
		server.serve(20);
		assertThat(qos0).isCompleted();
		assertThat(server.received).containsExactly("first");
		assertThat(server.connections()).isEqualTo(4);
		assertThat(server.test.client.statistics().quarantined()).isZero();
		assertNextWorks(server);
	}

	@Test
	void aQos0MessageThatIsAloneOnProbationIsNamedAndAccusesNobody() {
		FussyServer server = server();
		server.poison((packet) -> (packet instanceof Publish) ? CLOSED : null);
		CompletableFuture<PublishResult> good = publish(server, "good", 1);
		server.serve(2);
		assertThat(server.connections()).isEqualTo(3);
		publish(server, "poison", 0);
		server.poisonTopic("poison", CLOSED);
		server.serveConnection();
		assertThat(good).isCompleted();
		assertThat(server.test.client.statistics().quarantined()).isZero();
	}

	@Test
	void theSameCodeThreeTimesWithNothingInFlightIsFatal() {
		FussyServer server = server();
		for (int i = 0; i < 3; i++) {
			assertThat(server.test.client.state()).isEqualTo(ClientState.CONNECTED);
			server.test.end(disconnect(0x82));
			server.reconnects();
		}
		assertThat(server.test.client.state()).isEqualTo(ClientState.FAILED);
		assertThat(server.test.client.reconnectStatus().fatalKind()).isEqualTo(FatalKind.PROTOCOL);
		assertThat(server.test.client.incidents().get(0)).satisfies((incident) -> {
			assertThat(incident.classification().errorClass()).isEqualTo(ErrorClass.FATAL);
			assertThat(incident.action()).contains("3", "nothing was in flight", "client stopped");
		});
		server.test.start();
		server.test.accept(ConnAck.of(true, 0));
		assertNextWorks(server);
	}

	@Test
	void otherCodesOrClassesWithNothingInFlightAreNotFatal() {
		FussyServer server = server();
		for (int code : new int[] { 0x82, 0x82, 0x80, 0x82, 0x82, 0x97, 0x97, 0x97, 0x8B, 0x8B, 0x8B }) {
			server.test.end(disconnect(code));
			assertThat(server.reconnects()).isTrue();
		}
		assertThat(server.test.client.state()).isEqualTo(ClientState.CONNECTED);
		for (int code : new int[] { 0x82, 0x82, 0xA0, 0x82, 0x82 }) {
			server.test.end(disconnect(code));
			assertThat(server.reconnects()).isTrue();
		}
		assertThat(server.test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void aStableConnectionBreaksTheRow() {
		FussyServer server = server();
		for (int i = 0; i < 6; i++) {
			server.test.end(disconnect(0x82));
			assertThat(server.reconnects()).isTrue();
			publish(server, "good", 1);
			server.serveConnection();
			server.test.time.advance(Duration.ofSeconds(31));
		}
		assertThat(server.test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@Test
	void onProbationTheBackoffDoesNotBeginAnew() {
		FussyServer server = server((config) -> config.reconnect = new Reconnect(Duration.ofSeconds(1), 10,
				Duration.ofHours(1), Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofHours(1), Duration.ZERO,
				Duration.ofSeconds(1), 0, Duration.ofMinutes(10)));
		onProbation(server, "first", "second");
		TestClient test = server.test;
		// The first goes on for longer than a connection needs to be stable
		test.link().writeAll();
		test.receive(Ping.RESPONSE);
		test.time.advance(Duration.ofMillis(1500));
		test.end(CLOSED);
		List<MqttReconnectScheduledEvent> delays = test.events(MqttReconnectScheduledEvent.class);
		assertThat(delays.get(delays.size() - 1).getDelay()).isGreaterThan(Duration.ofSeconds(3));
	}

	@Test
	void maxStrikesIsHowOftenItIsTriedAlone() {
		FussyServer server = server((config) -> config.poison = new Poison(true, Duration.ofSeconds(2), 4))
			.poisonTopic("poison", CLOSED);
		CompletableFuture<PublishResult> poison = publish(server, "poison", 1);
		server.serve(20);
		assertThat(server.test.cause(poison)).isInstanceOf(MqttPoisonMessageException.class);
		assertThat(server.connections()).isEqualTo(7);
	}

	@Test
	void aGuardThatIsOffQuarantinesNothing() {
		FussyServer server = server((config) -> config.poison = new Poison(false, Duration.ofSeconds(2), 2))
			.poisonTopic("poison", CLOSED);
		publish(server, "poison", 1);
		server.serve(12);
		assertThat(server.connections()).isEqualTo(13);
		assertThat(server.test.client.statistics().quarantined()).isZero();
	}

	@Test
	void whoeverTimedOutIsStillFound() {
		FussyServer server = server((config) -> config.reconnect = new Reconnect(Duration.ofMinutes(1), 1,
				Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(2),
				Duration.ZERO, Duration.ofSeconds(30), 0, Duration.ZERO))
			.poisonTopic("poison", CLOSED);
		CompletableFuture<PublishResult> poison = publish(server, "poison", 1);
		server.serve(20);
		assertThat(server.test.cause(poison)).isInstanceOf(MqttOperationTimeoutException.class);
		assertThat(server.connections()).isEqualTo(5);
		assertThat(server.test.events(MqttPublishQuarantinedEvent.class)).hasSize(1);
		assertThat(server.test.client.statistics().inFlight()).isZero();
	}

	@Test
	void theHandlerReceivesTheMessageAndMayThrow() {
		List<PublishRequest> handled = new ArrayList<>();
		List<MqttPoisonMessageException> failures = new ArrayList<>();
		FussyServer server = server((config) -> config.poisonMessages = (request, failure) -> {
			handled.add(request);
			failures.add(failure);
			throw new IllegalStateException("on purpose");
		}).poisonTopic("poison", CLOSED);
		server.test.client.publish(PublishRequest.to("poison")
			.payload("text")
			.qos(2)
			.retain(true)
			.contentType("text/plain")
			.responseTopic("answers")
			.correlationData(new byte[] { 7 })
			.userProperty("a", "b")
			.build());
		server.serve(20);
		assertThat(handled).singleElement().satisfies((request) -> {
			assertThat(request.topic()).isEqualTo("poison");
			assertThat(request.payload()).asString().isEqualTo("text");
			assertThat(request.isText()).isTrue();
			assertThat(request.qos()).isEqualTo(2);
			assertThat(request.retain()).isTrue();
			assertThat(request.contentType()).isEqualTo("text/plain");
			assertThat(request.responseTopic()).isEqualTo("answers");
			assertThat(request.correlationData()).containsExactly(7);
			assertThat(request.userProperties()).hasSize(1);
		});
		assertThat(failures).singleElement()
			.satisfies((failure) -> assertThat(failure.getFailure().topic()).isEqualTo("poison"));
		assertNextWorks(server);
	}

	// Subscriptions

	@ParameterizedTest
	@CsvSource({ "-1, 5", "0x8F, 4", "0x9E, 4", "0xA2, 4", "0x87, 4" })
	void aFilterThatEndsEachConnectionIsRejected(String code, int connections) {
		MqttFailure failure = code.equals("-1") ? CLOSED : disconnect(Integer.decode(code));
		FussyServer server = server().poison((packet) -> subscribes(packet, "poison") ? failure : null);
		CompletableFuture<SubscribeResult> good = subscribe(server, "good/1", "good/2");
		CompletableFuture<SubscribeResult> mixed = subscribe(server, "good/3", "poison", "good/4");
		CompletableFuture<PublishResult> publish = publish(server, "a", 1);
		server.serve(20);
		assertThat(server.test.cause(mixed)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class, (ex) -> {
			assertThat(ex.getResult().entries()).extracting(SubscribeResult.Entry::isGranted)
				.containsExactly(true, false, true);
			assertThat(ex.getFailure().topic()).isEqualTo("poison");
			assertThat(ex.getFailure().code()).isEqualTo(failure.code());
		});
		assertThat(good).isCompleted();
		assertThat(publish).isCompleted();
		assertThat(server.connections()).isEqualTo(connections);
		assertThat(states(server)).containsExactlyInAnyOrder("good/1 ACTIVE", "good/2 ACTIVE", "good/3 ACTIVE",
				"good/4 ACTIVE", "poison REJECTED");
		assertThat(server.test.events(MqttSubscribeRejectedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getFilter()).isEqualTo("poison"));
		assertThat(server.test.client.statistics().quarantined()).isOne();
		assertNextWorks(server);
	}

	@Test
	void aFilterThatWasActiveAndEndsConnectionsLaterIsRejected() {
		FussyServer server = server();
		server.keepsSessions = false;
		CompletableFuture<SubscribeResult> subscribed = subscribe(server, "good", "poison", "other");
		server.serve(20);
		assertThat(subscribed).isCompleted();
		server.poison((packet) -> subscribes(packet, "poison") ? CLOSED : null);
		server.test.end(CLOSED);
		server.reconnects();
		server.serve(20);
		assertThat(states(server)).containsExactlyInAnyOrder("good ACTIVE", "poison REJECTED", "other ACTIVE");
		assertThat(server.connections()).isEqualTo(6);
		assertThat(server.test.events(MqttSubscribeRejectedEvent.class)).hasSize(1);
		// And stays so on the connections after it
		server.test.end(CLOSED);
		server.reconnects();
		server.serve(20);
		assertThat(server.connections()).isEqualTo(7);
		assertThat(states(server)).containsExactlyInAnyOrder("good ACTIVE", "poison REJECTED", "other ACTIVE");
	}

	@Test
	void aRejectedFilterIsRefusedAtOnceUntilItIsForgiven() {
		FussyServer server = rejected("poison");
		int connections = server.connections();
		CompletableFuture<SubscribeResult> again = subscribe(server, "poison");
		assertThat(server.test.cause(again)).isInstanceOf(MqttSubscribeRejectedException.class)
			.hasMessageContaining("quarantined")
			.hasMessageNotContaining("demands");
		server.serve(20);
		assertThat(server.connections()).isEqualTo(connections);
		assertThat(states(server)).containsExactly("poison REJECTED");
	}

	@Test
	void whoSubscribesARejectedFilterIsToldThatTheConnectionIsKept() {
		FussyServer server = rejected("poison");
		assertThat(server.test.cause(subscribe(server, "poison"))).hasMessageContaining("it is quarantined")
			.hasMessageContaining("The connection to mqtt://one:1883 is kept")
			.hasMessageNotContaining("The connection is ended");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reconnect", "restart", "unsubscribe" })
	void aRejectedFilterIsTriedAgain(String how) {
		FussyServer server = rejected("poison");
		server.poison = (packet) -> null;
		switch (how) {
			case "reconnect" -> {
				server.test.client.reconnect();
				server.test.time.run();
				server.test.accept(ConnAck.of(true, 0));
			}
			case "restart" -> {
				server.test.stop();
				server.test.start();
				server.test.accept(ConnAck.of(true, 0));
			}
			default -> {
				server.test.client.unsubscribe("poison");
				server.serve(20);
				subscribe(server, "poison");
			}
		}
		server.serve(20);
		assertThat(states(server)).containsExactly("poison ACTIVE");
	}

	@Test
	void aRejectedFilterIsTriedAgainWithNewCredentials() {
		AtomicReference<String> password = new AtomicReference<>("old");
		FussyServer server = new FussyServer(new TestClient((config) -> config.with((c) -> {
			c.reconnect = QUICK;
			c.credentials = (client) -> MqttCredentials.of("user", password.get());
		})).start());
		server.poison((packet) -> subscribes(packet, "poison") ? disconnect(0x87) : null);
		subscribe(server, "poison");
		for (int connection = 1; connection <= 4; connection++) {
			acceptNext(server, connection);
		}
		assertThat(states(server)).containsExactly("poison REJECTED");
		server.poison = (packet) -> null;
		server.test.end(CLOSED);
		acceptNext(server, 5);
		assertThat(states(server)).containsExactly("poison REJECTED");
		password.set("new");
		server.test.end(CLOSED);
		acceptNext(server, 6);
		assertThat(states(server)).containsExactly("poison ACTIVE");
	}

	/** Another thread fetches the credentials. */
	private static void acceptNext(FussyServer server, int connection) {
		Awaitility.await().until(() -> {
			if (server.test.client.state() == ClientState.WAITING) {
				server.test.time.advance(Duration.ofMillis(100));
			}
			server.test.time.run();
			return server.connections() == connection;
		});
		server.test.accept(ConnAck.of(connection > 1, 0));
		server.serveConnection();
	}

	@Test
	void anUnsubscribeThatEndsEachConnectionIsGivenUp() {
		FussyServer server = server();
		subscribe(server, "poison", "good");
		server.serve(20);
		server
			.poison((packet) -> (packet instanceof Unsubscribe unsubscribe && unsubscribe.filters().contains("poison"))
					? CLOSED : null);
		CompletableFuture<UnsubscribeResult> unsubscribed = server.test.client.unsubscribe("poison");
		CompletableFuture<PublishResult> good = publish(server, "good", 1);
		server.serve(20);
		assertThat(server.test.cause(unsubscribed)).isInstanceOf(MqttUnsubscribeRejectedException.class);
		assertThat(good).isCompleted();
		assertThat(server.connections()).isEqualTo(5);
		assertThat(states(server)).containsExactly("good ACTIVE");
		assertThat(server.test.events(MqttUnsubscribeRejectedEvent.class)).hasSize(1);
		assertNextWorks(server);
	}

	@Test
	void aPoisonFilterAndAPoisonMessageAreBothFound() {
		FussyServer server = server().poison((packet) -> (subscribes(packet, "poison")
				|| (packet instanceof Publish publish && publish.topic().equals("poison"))) ? CLOSED : null);
		CompletableFuture<SubscribeResult> subscribe = subscribe(server, "poison");
		CompletableFuture<PublishResult> publish = publish(server, "poison", 1);
		CompletableFuture<PublishResult> good = publish(server, "good", 1);
		server.serve(20);
		assertThat(server.test.cause(subscribe)).isInstanceOf(MqttSubscribeRejectedException.class);
		assertThat(server.test.cause(publish)).isInstanceOf(MqttPoisonMessageException.class);
		assertThat(good).isCompleted();
		assertThat(server.connections()).isLessThanOrEqualTo(9);
	}

	private static FussyServer rejected(String filter) {
		FussyServer server = server().poison((packet) -> subscribes(packet, filter) ? CLOSED : null);
		subscribe(server, filter);
		server.serve(20);
		assertThat(states(server)).containsExactly(filter + " REJECTED");
		return server;
	}

	private static FussyServer onProbation(String... topics) {
		return onProbation(server(), topics);
	}

	private static FussyServer onProbation(FussyServer server, String... topics) {
		server.poison((packet) -> (packet instanceof Publish) ? CLOSED : null);
		for (String topic : topics) {
			publish(server, topic, 1);
		}
		server.serve(2);
		assertThat(server.connections()).isEqualTo(3);
		server.poison = (packet) -> null;
		return server;
	}

	private static FussyServer server() {
		return server((config) -> {
		});
	}

	private static FussyServer server(Consumer<Config> change) {
		UnaryOperator<Config> customizer = (config) -> config.with((quick) -> quick.reconnect = QUICK).with(change);
		return new FussyServer(new TestClient(customizer).connect());
	}

	private static CompletableFuture<PublishResult> publish(FussyServer server, String topic, int qos) {
		return server.test.client.publish(PublishRequest.to(topic).payload("x").qos(qos).build());
	}

	private static CompletableFuture<SubscribeResult> subscribe(FussyServer server, String... filters) {
		SubscribeRequest[] requests = new SubscribeRequest[filters.length];
		for (int i = 0; i < filters.length; i++) {
			requests[i] = SubscribeRequest.to(filters[i]).qos(1).build();
		}
		return server.test.client.subscribe(requests);
	}

	private static boolean subscribes(Object packet, String filter) {
		return packet instanceof Subscribe subscribe
				&& subscribe.subscriptions().stream().anyMatch((each) -> each.filter().equals(filter));
	}

	private static List<String> states(FussyServer server) {
		return server.test.client.subscriptions().stream().map((each) -> each.filter() + " " + each.state()).toList();
	}

	private static List<String> topics(TestClient test) {
		return test.link().sent(PacketType.PUBLISH).stream().map((packet) -> ((Publish) packet).topic()).toList();
	}

	private static Throwable failed(CompletableFuture<?> future) {
		return future.handle((result, failure) -> failure).join();
	}

	private static MqttFailure disconnect(int code) {
		return MqttFailure.of(PacketType.DISCONNECT, code).build();
	}

	private static void assertNextWorks(FussyServer server) {
		int connections = server.connections();
		List<CompletableFuture<PublishResult>> next = IntStream.range(0, 5)
			.mapToObj((i) -> publish(server, "next/" + i, 1 + i % 2))
			.toList();
		server.serve(connections);
		assertThat(next).allMatch((future) -> server.test.ran(future).isDone() && !future.isCompletedExceptionally());
		assertThat(server.connections()).isEqualTo(connections);
		assertThat(server.test.client.statistics().inFlight()).isZero();
	}

}
