package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.SubscriptionStatus.State;
import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscriptionDowngradedEvent;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.SubscribeAck;
import io.github.mqttspringboot.packet.Unsubscribe;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SubscribeFlow}, through a client on a fake wire.
 */
class SubscribeFlowTests {

	@Test
	void aGrantedSubscriptionIsActiveAndReceives() {
		TestClient test = new TestClient().connect();
		List<String> received = new ArrayList<>();
		CompletableFuture<SubscribeResult> future = test.client.subscribe(SubscribeRequest.to("a/+")
			.qos(2)
			.noLocal(true)
			.retainAsPublished(true)
			.retainHandling(SubscribeRequest.RetainHandling.DO_NOT_SEND)
			.handler((message) -> received.add(message.topic()))
			.build());
		test.time.run();
		assertThat(future).isNotDone();
		assertThat(status(test, "a/+").state()).isEqualTo(State.PENDING);
		Subscribe sent = subscribe(test, 0);
		assertThat(sent.subscriptions()).containsExactly(new Subscription("a/+", 2, true, true, 2));
		suback(test, sent, 2);
		assertThat(future).isCompletedWithValueMatching(
				(result) -> result.entries().get(0).isGranted() && result.entries().get(0).grantedQos() == 2
						&& result.entries().get(0).reasonCode() == ReasonCode.GRANTED_QOS_2);
		assertThat(status(test, "a/+").state()).isEqualTo(State.ACTIVE);
		assertThat(status(test, "a/+").grantedQos()).isEqualTo(2);
		test.receive(message("a/b"));
		test.receive(message("b/b"));
		assertThat(received).containsExactly("a/b");
		assertThat(test.events).hasSize(1); // connected, and nothing else
	}

	@Test
	void aRefusedFilterFailsTheCallAndKeepsTheConnection() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = subscribe(test, "denied/x");
		test.receive(new SubscribeAck(PacketType.SUBACK, subscribe(test, 0).packetId(), List.of(0x87), "not you",
				List.of()));
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class, (ex) -> {
			assertThat(ex.getFailure().packet()).isEqualTo(PacketType.SUBACK);
			assertThat(ex.getFailure().code()).isEqualTo(0x87);
			assertThat(ex.getFailure().topic()).isEqualTo("denied/x");
			assertThat(ex.getFailure().reasonString()).isEqualTo("not you");
			assertThat(ex.getClassification().errorClass()).isEqualTo(ErrorClass.RECOVERABLE);
			assertThat(ex).hasMessageContaining("SUBACK 0x87 Not authorized for denied/x")
				.hasMessageEndingWith("The connection to mqtt://one:1883 is kept");
			assertThat(ex.getResult().entries()).singleElement().satisfies((entry) -> {
				assertThat(entry.isGranted()).isFalse();
				assertThat(entry.grantedQos()).isEqualTo(-1);
				assertThat(entry.code()).isEqualTo(0x87);
			});
		});
		assertThat(test.events(MqttSubscribeRejectedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getFilter()).isEqualTo("denied/x");
			assertThat(event.getFailure().code()).isEqualTo(0x87);
		});
		assertThat(test.errors(ErrorClass.RECOVERABLE, "suback", "not-authorized")).isOne();
		assertThat(test.client.statistics().errors().total()).isOne();
		assertThat(status(test, "denied/x").state()).isEqualTo(State.REJECTED);
		assertThat(status(test, "denied/x").failure().code()).isEqualTo(0x87);
		assertThat(test.client.incidents().get(0))
			.hasToString("SUBACK 0x87 Not authorized for denied/x (server says: not you): connection kept, "
					+ "subscribe failed (rule: default)");
		assertKept(test);
	}

	@Test
	void aGoodFilterIsActiveThoughTheOneBesideItIsRefused() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = subscribe(test, "good", "denied/1", "denied/2");
		suback(test, subscribe(test, 0), 1, 0x87, 0x97);
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> assertThat(ex.getResult().entries()).map(SubscribeResult.Entry::code)
					.containsExactly(1, 0x87, 0x97));
		assertThat(states(test)).containsExactly("good ACTIVE", "denied/1 REJECTED", "denied/2 REJECTED");
		assertThat(test.events(MqttSubscribeRejectedEvent.class)).map(MqttSubscribeRejectedEvent::getFilter)
			.containsExactly("denied/1", "denied/2");
		assertThat(test.client.statistics().errors().total(ErrorClass.RECOVERABLE)).isEqualTo(2);
		assertKept(test);
	}

	@Test
	void whatTheCallerHasGivenUpIsNotSentAgain() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = subscribe(test, "a");
		test.time.run();
		subscribe(test, 0);
		future.cancel(false);
		test.client.unsubscribe("a");
		test.reconnect(true);
		test.time.run();
		assertThat(test.link().sent).noneMatch(Subscribe.class::isInstance).anyMatch(Unsubscribe.class::isInstance);
	}

	@Test
	void anEmptyListFailsBeforeTheWire() {
		TestClient test = new TestClient().connect();
		assertThat(test.cause(test.client.subscribe())).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> {
					assertThat(ex.getFailure().localError()).isEqualTo(LocalError.EMPTY_SUBSCRIPTION);
					assertThat(ex.getResult().entries()).isEmpty();
				});
		assertThat(test.cause(test.client.unsubscribe())).isInstanceOfSatisfying(MqttUnsubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.EMPTY_SUBSCRIPTION));
		assertThat(test.events(MqttSubscribeRejectedEvent.class)).hasSize(1);
		assertThat(test.events(MqttUnsubscribeRejectedEvent.class)).hasSize(1);
		assertThat(test.errors(ErrorClass.RECOVERABLE, "local", "empty-subscription")).isEqualTo(2);
		assertThat(test.link().sent).isEmpty();
		assertKept(test);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a/#/b", "a+", "a\u0000b", "a\ud800", "$share//a", "$share/g+/a", "$share/g" })
	void aFilterThatBreaksTheGrammarFailsBeforeTheWire(String filter) {
		TestClient test = new TestClient().connect();
		assertThat(test.cause(subscribe(test, filter))).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.INVALID_TOPIC));
		assertThat(test.cause(test.client.unsubscribe(filter))).isInstanceOfSatisfying(
				MqttUnsubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.INVALID_TOPIC));
		assertThat(test.link().sent).isEmpty();
		assertThat(test.client.subscriptions()).isEmpty();
		assertKept(test);
	}

	@Test
	void theGoodFiltersOfACallAreSentWithoutTheBadOne() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = subscribe(test, "a", "b/#/c", "d");
		assertThat(subscribe(test, 0).subscriptions()).map(Subscription::filter).containsExactly("a", "d");
		assertThat(future).isNotDone();
		suback(test, subscribe(test, 0), 1, 1);
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> assertThat(ex.getResult().entries()).map(SubscribeResult.Entry::code)
					.containsExactly(1, -1, 1));
		assertThat(states(test)).containsExactly("a ACTIVE", "d ACTIVE");
	}

	@Test
	void noLocalOnASharedSubscriptionFailsBeforeTheWire() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = test.client
			.subscribe(SubscribeRequest.to("$share/g/a").noLocal(true).build());
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().localError())
					.isEqualTo(LocalError.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED));
		assertThat(test.link().sent).isEmpty();
	}

	@Test
	void whatTheConnectionDoesNotAllowFailsBeforeTheWire() {
		TestClient test = new TestClient().start();
		test.accept(Limits.connAck((limits) -> {
			limits.wildcards = false;
			limits.shared = false;
			limits.maximumPacketSize = 50L;
		}));
		assertThat(localError(test, subscribe(test, "a/+"))).isEqualTo(LocalError.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
		assertThat(localError(test, subscribe(test, "$share/g/a")))
			.isEqualTo(LocalError.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
		assertThat(localError(test, subscribe(test, "x".repeat(50)))).isEqualTo(LocalError.PACKET_TOO_LARGE);
		assertThat(test.cause(test.client.unsubscribe("x".repeat(50)))).isInstanceOfSatisfying(
				MqttUnsubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.PACKET_TOO_LARGE));
		assertThat(test.link().sent).isEmpty();
		subscribe(test, "a");
		assertThat(subscribe(test, 0).packetId()).isOne();
	}

	@Test
	void sharedSubscriptionsMatchAsTheirFilterDoes() {
		TestClient test = new TestClient().connect();
		List<String> received = new ArrayList<>();
		subscribe(test, "$share/group/a/#", (message) -> received.add(message.topic()));
		suback(test, subscribe(test, 0), 1);
		test.receive(message("a/b/c"));
		assertThat(received).containsExactly("a/b/c");
	}

	@Test
	void aLowerQosThanAskedForIsAnnounced() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = test.client.subscribe(SubscribeRequest.to("a").qos(2).build(),
				SubscribeRequest.to("b").qos(0).build());
		suback(test, subscribe(test, 0), 1, 0);
		assertThat(future).isCompleted();
		assertThat(test.events(MqttSubscriptionDowngradedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getFilter()).isEqualTo("a");
			assertThat(event.getRequestedQos()).isEqualTo(2);
			assertThat(event.getGrantedQos()).isOne();
		});
		assertThat(status(test, "a").grantedQos()).isOne();
		assertThat(test.client.statistics().errors().total()).isZero();
	}

	@Test
	void unsubscribingTwiceCompletesNamesTheCodeAndCounts() {
		TestClient test = new TestClient().connect();
		List<String> received = new ArrayList<>();
		subscribe(test, "a", (message) -> received.add(message.topic()));
		suback(test, subscribe(test, 0), 1);
		CompletableFuture<UnsubscribeResult> first = test.client.unsubscribe("a");
		unsuback(test, unsubscribe(test, 0), 0);
		assertThat(first)
			.isCompletedWithValueMatching((result) -> result.entries().get(0).reasonCode() == ReasonCode.SUCCESS
					&& result.entries().get(0).failure() == null);
		assertThat(test.client.subscriptions()).isEmpty();
		test.receive(message("a"));
		assertThat(received).isEmpty();
		assertThat(test.events(MqttUnsubscribeRejectedEvent.class)).isEmpty();

		CompletableFuture<UnsubscribeResult> second = test.client.unsubscribe("a");
		unsuback(test, unsubscribe(test, 1), 0x11);
		assertNoSubscriptionExisted(test, second, 1);
		CompletableFuture<UnsubscribeResult> never = test.client.unsubscribe("never");
		unsuback(test, unsubscribe(test, 2), 0x11);
		assertNoSubscriptionExisted(test, never, 2);
		assertKept(test);
	}

	private static void assertNoSubscriptionExisted(TestClient test, CompletableFuture<UnsubscribeResult> future,
			int count) {
		assertThat(future).isCompletedWithValueMatching(
				(result) -> result.entries().get(0).reasonCode() == ReasonCode.NO_SUBSCRIPTION_EXISTED
						&& result.entries().get(0).failure() != null);
		assertThat(test.events(MqttUnsubscribeRejectedEvent.class)).hasSize(count);
		assertThat(test.errors(ErrorClass.RECOVERABLE, "unsuback", "no-subscription-existed")).isEqualTo(count);
	}

	@Test
	void noSubscriptionExistedIsNoFailureIfThePolicySaysSo() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.policy = DefaultErrorClassificationPolicy.builder()
					.override(PacketType.UNSUBACK, ReasonCode.NO_SUBSCRIPTION_EXISTED, ErrorClass.SUCCESS)
					.build()))
			.connect();
		CompletableFuture<UnsubscribeResult> future = test.client.unsubscribe("a");
		unsuback(test, unsubscribe(test, 0), 0x11);
		assertThat(future).isCompletedWithValueMatching(
				(result) -> result.entries().get(0).code() == 0x11 && result.entries().get(0).failure() == null);
		assertThat(test.events(MqttUnsubscribeRejectedEvent.class)).isEmpty();
		assertThat(test.client.statistics().errors().total()).isZero();
	}

	@Test
	void aRefusedUnsubscribeKeepsTheSubscription() {
		TestClient test = new TestClient().connect();
		List<String> received = new ArrayList<>();
		subscribe(test, "a", (message) -> received.add(message.topic()));
		suback(test, subscribe(test, 0), 1);
		CompletableFuture<UnsubscribeResult> future = test.client.unsubscribe("a");
		unsuback(test, unsubscribe(test, 0), 0x87);
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttUnsubscribeRejectedException.class, (ex) -> {
			assertThat(ex.getFailure().topic()).isEqualTo("a");
			assertThat(ex.getResult().entries().get(0).code()).isEqualTo(0x87);
		});
		assertThat(test.events(MqttUnsubscribeRejectedEvent.class)).hasSize(1);
		assertThat(states(test)).containsExactly("a ACTIVE");
		test.receive(message("a"));
		assertThat(received).containsExactly("a");
		test.reconnect(false);
		assertThat(subscribe(test, 0).subscriptions()).map(Subscription::filter).containsExactly("a");
		assertThat(test.errors(ErrorClass.RECOVERABLE, "unsuback", "not-authorized")).isOne();
	}

	@Test
	void filtersWithoutACodeCountAsRefused() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> subscribed = subscribe(test, "a", "b", "c");
		suback(test, subscribe(test, 0), 1);
		assertThat(test.cause(subscribed)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class, (ex) -> {
			assertThat(ex.getFailure().localError()).isEqualTo(LocalError.ACK_COUNT_MISMATCH);
			assertThat(ex.getResult().entries()).map(SubscribeResult.Entry::isGranted)
				.containsExactly(true, false, false);
		});
		assertThat(states(test)).containsExactly("a ACTIVE", "b REJECTED", "c REJECTED");
		assertThat(test.events(MqttSubscribeRejectedEvent.class)).hasSize(2);
		CompletableFuture<UnsubscribeResult> unsubscribed = test.client.unsubscribe("a", "b");
		unsuback(test, unsubscribe(test, 0));
		assertThat(test.cause(unsubscribed)).isInstanceOfSatisfying(MqttUnsubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.ACK_COUNT_MISMATCH));
		assertThat(states(test)).containsExactly("a ACTIVE", "b REJECTED", "c REJECTED");
		assertThat(test.errors(ErrorClass.RECOVERABLE, "local", "ack-count-mismatch")).isEqualTo(4);
		assertKept(test);
	}

	@Test
	void moreCodesThanFiltersFailTheOperationOnly() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> subscribed = subscribe(test, "a");
		suback(test, subscribe(test, 0), 1, 1);
		assertThat(test.cause(subscribed)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.ACK_COUNT_MISMATCH));
		CompletableFuture<UnsubscribeResult> unsubscribed = test.client.unsubscribe("a");
		unsuback(test, unsubscribe(test, 0), 0, 0);
		assertThat(test.cause(unsubscribed)).isInstanceOfSatisfying(MqttUnsubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.ACK_COUNT_MISMATCH));
		assertThat(test.errors(ErrorClass.RECOVERABLE, "local", "ack-count-mismatch")).isEqualTo(2);
		assertKept(test);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x05, 0x7F, 0xC1, 0xFF })
	void aCodeThatIsNotInTheSpecificationIsARefusal(int code) {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = subscribe(test, "a");
		suback(test, subscribe(test, 0), code);
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class, (ex) -> {
			assertThat(ex.getFailure().code()).isEqualTo(code);
			assertThat(ex.getFailure().reasonCode()).isNull();
			assertThat(ex).hasMessageContaining(String.format("SUBACK 0x%02X", code));
			assertThat(ex.getResult().entries().get(0).isGranted()).isFalse();
		});
		assertThat(states(test)).containsExactly("a REJECTED");
		assertThat(test.errors(ErrorClass.RECOVERABLE, "suback", String.format("0x%02X", code))).isOne();
		assertKept(test);
	}

	@Test
	void aSubscribeWithoutConnectionIsPendingAndSettledByItsSuback() {
		TestClient test = new TestClient().start();
		CompletableFuture<SubscribeResult> future = subscribe(test, "a");
		test.time.run();
		assertThat(states(test)).containsExactly("a PENDING");
		test.accept(ConnAck.of(false, 0));
		assertThat(test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
		assertThat(future).isNotDone();
		suback(test, subscribe(test, 0), 1);
		assertThat(future).isCompleted();
		assertThat(states(test)).containsExactly("a ACTIVE");
	}

	@Test
	void aSubscribeThatIsNotAcknowledgedTimesOutAndALateSubackCounts() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = subscribe(test, "a");
		test.time.advance(Duration.ofSeconds(31));
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttOperationTimeoutException.class, (ex) -> {
			assertThat(ex.getFailure().localError()).isEqualTo(LocalError.ACK_TIMEOUT);
			assertThat(ex).hasMessageContaining("mqtt.subscribe.timeout").hasMessageContaining("unknown");
		});
		assertThat(states(test)).containsExactly("a PENDING");
		suback(test, subscribe(test, 0), 1);
		assertThat(states(test)).containsExactly("a ACTIVE");
		assertThat(test.events(MqttProtocolAnomalyEvent.class)).isEmpty();
		assertThat(test.events(MqttSubscribeRejectedEvent.class)).hasSize(1);
		assertKept(test);
	}

	@Test
	void aSubscribeThatTimesOutWithoutConnectionIsSentByTheNextOne() {
		TestClient test = new TestClient().connect();
		test.link().close();
		test.time.run();
		CompletableFuture<SubscribeResult> subscribed = subscribe(test, "a");
		CompletableFuture<UnsubscribeResult> unsubscribed = test.client.unsubscribe("b");
		for (int i = 0; i < 4; i++) {
			// Each attempt is left to its timeout
			test.time.advance(Duration.ofSeconds(10));
		}
		assertThat(test.cause(subscribed)).isInstanceOfSatisfying(MqttOperationTimeoutException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.NOT_CONNECTED));
		assertThat(test.cause(unsubscribed)).isInstanceOfSatisfying(MqttOperationTimeoutException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.NOT_CONNECTED));
		connectSoon(test, true);
		assertThat(test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
		assertThat(test.link().sent(PacketType.UNSUBSCRIBE)).isEmpty();
		suback(test, subscribe(test, 0), 1);
		assertThat(states(test)).containsExactly("a ACTIVE");
	}

	@Test
	void anUnsubscribeThatIsNotAcknowledgedTimesOutAndIsNotRestored() {
		TestClient test = new TestClient().connect();
		subscribe(test, "a");
		suback(test, subscribe(test, 0), 1);
		CompletableFuture<UnsubscribeResult> future = test.client.unsubscribe("a");
		test.time.advance(Duration.ofSeconds(31));
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttOperationTimeoutException.class,
				(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(LocalError.ACK_TIMEOUT));
		test.reconnect(false);
		assertThat(test.link().sent).isEmpty();
	}

	@Test
	void aNewSessionGetsEverySubscriptionInOneSubscribe() {
		TestClient test = new TestClient().connect();
		subscribe(test, "a", "b");
		suback(test, subscribe(test, 0), 1, 0x87);
		subscribe(test, "c");
		suback(test, subscribe(test, 1), 1);
		test.reconnect(false);
		assertThat(states(test)).containsExactly("a PENDING", "b PENDING", "c PENDING");
		assertThat(test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
		assertThat(subscribe(test, 0).subscriptions()).map(Subscription::filter).containsExactly("a", "b", "c");
		suback(test, subscribe(test, 0), 1, 1, 0x87);
		assertThat(states(test)).containsExactly("a ACTIVE", "b ACTIVE", "c REJECTED");
		assertThat(test.events(MqttSubscribeRejectedEvent.class)).hasSize(2);
	}

	@Test
	void aKeptSessionGetsOnlyWhatItHasNotAcknowledged() {
		TestClient test = new TestClient().connect();
		subscribe(test, "a", "refused");
		suback(test, subscribe(test, 0), 1, 0x87);
		subscribe(test, "open");
		test.reconnect(true);
		assertThat(states(test)).containsExactly("a ACTIVE", "refused REJECTED", "open PENDING");
		List<Subscription> sent = test.link()
			.sent(PacketType.SUBSCRIBE)
			.stream()
			.flatMap((packet) -> ((Subscribe) packet).subscriptions().stream())
			.toList();
		assertThat(sent).map(Subscription::filter).containsExactlyInAnyOrder("refused", "open");
	}

	@Test
	void aRefusedFilterIsNotTriedAgainOnTheSameConnection() {
		TestClient test = new TestClient().connect();
		subscribe(test, "refused");
		suback(test, subscribe(test, 0), 0x87);
		for (int i = 0; i < 60; i++) {
			test.time.advance(Duration.ofSeconds(20));
			test.receive(Ping.RESPONSE);
		}
		assertThat(test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
		assertKept(test);
	}

	@Test
	void aFilterRefusedForAQuotaIsTriedAgainLaterOnTheSameConnection() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.keepAlive = Duration.ZERO)).connect();
		subscribe(test, "good", "full", "refused");
		suback(test, subscribe(test, 0), 1, 0x97, 0x87);
		test.time.advance(Duration.ofSeconds(30).minusNanos(1));
		assertThat(subscribes(test)).hasSize(1);
		test.time.advance(Duration.ofMinutes(10));
		assertThat(subscribes(test)).hasSize(2);
		assertThat(subscribe(test, 1).subscriptions()).map(Subscription::filter).containsExactly("full");
		assertThat(states(test)).containsExactly("good ACTIVE", "full PENDING", "refused REJECTED");
		suback(test, subscribe(test, 1), 0x97);
		assertThat(test.errors(ErrorClass.RECOVERABLE, "suback", "quota-exceeded")).isEqualTo(2);
		test.time.advance(Duration.ofMinutes(10));
		suback(test, subscribe(test, 2), 1);
		assertThat(states(test)).containsExactly("good ACTIVE", "full ACTIVE", "refused REJECTED");
		test.time.advance(Duration.ofHours(1));
		assertThat(subscribes(test)).hasSize(3);
		assertKept(test);
	}

	@Test
	void aFilterRefusedForAQuotaIsLeftAloneOnceUnsubscribedOrStopped() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.keepAlive = Duration.ZERO)).connect();
		subscribe(test, "full", "other");
		suback(test, subscribe(test, 0), 0x97, 0x97);
		test.client.unsubscribe("full");
		unsuback(test, unsubscribe(test, 0), 0x11);
		test.time.advance(Duration.ofMinutes(10));
		assertThat(subscribe(test, 1).subscriptions()).map(Subscription::filter).containsExactly("other");
		suback(test, subscribe(test, 1), 0x97);
		test.stop();
		assertThat(test.time.waiting()).isZero();
	}

	@Test
	void aSubscribeInFlightIsSentOnceOnTheNextConnectionAndEndsOnce() {
		TestClient test = new TestClient().connect();
		AtomicInteger ended = new AtomicInteger();
		CompletableFuture<SubscribeResult> future = subscribe(test, "a", "b");
		future.whenComplete((result, cause) -> ended.incrementAndGet());
		int old = subscribe(test, 0).packetId();
		test.reconnect(true);
		assertThat(test.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
		assertThat(subscribe(test, 0).subscriptions()).map(Subscription::filter).containsExactly("a", "b");
		assertThat(future).isNotDone();
		// A SUBACK that the old connection still reports means nothing
		test.wire.connections.get(0).receive(ack(PacketType.SUBACK, old, 0x87, 0x87));
		test.time.run();
		assertThat(future).isNotDone();
		suback(test, subscribe(test, 0), 1, 1);
		assertThat(future).isCompleted();
		assertThat(ended).hasValue(1);
	}

	@Test
	void unsubscribedWithoutConnectionIsNotRestored() {
		TestClient test = new TestClient().connect();
		subscribe(test, "a", "b");
		suback(test, subscribe(test, 0), 1, 1);
		test.link().close();
		CompletableFuture<UnsubscribeResult> future = test.client.unsubscribe("a");
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(false, 0));
		assertThat(subscribe(test, 0).subscriptions()).map(Subscription::filter).containsExactly("b");
		assertThat(unsubscribe(test, 0).filters()).containsExactly("a");
		unsuback(test, unsubscribe(test, 0), 0x11);
		assertThat(future).isCompleted();
		suback(test, subscribe(test, 0), 1);
		assertThat(states(test)).containsExactly("b ACTIVE");
	}

	@Test
	void subscribeAndUnsubscribeWithoutConnectionAreSentInTheirOrder() {
		TestClient test = new TestClient().start();
		subscribe(test, "a");
		test.client.unsubscribe("a");
		subscribe(test, "a");
		test.accept(ConnAck.of(false, 0));
		assertThat(test.link().sent).map((packet) -> packet.type())
			.containsExactly(PacketType.SUBSCRIBE, PacketType.UNSUBSCRIBE, PacketType.SUBSCRIBE);
		suback(test, subscribe(test, 0), 1);
		unsuback(test, unsubscribe(test, 0), 0);
		suback(test, subscribe(test, 1), 1);
		assertThat(states(test)).containsExactly("a ACTIVE");
	}

	@Test
	void subscribingTheSameFilterAgainReplacesHandlerAndOptions() {
		TestClient test = new TestClient().connect();
		List<String> received = new ArrayList<>();
		subscribe(test, "a", (message) -> received.add("old"));
		suback(test, subscribe(test, 0), 1);
		test.client.subscribe(SubscribeRequest.to("a").qos(2).handler((message) -> received.add("new")).build());
		suback(test, subscribe(test, 1), 2);
		assertThat(test.client.subscriptions()).hasSize(1);
		assertThat(status(test, "a").requestedQos()).isEqualTo(2);
		test.receive(message("a"));
		assertThat(received).containsExactly("new");
		test.reconnect(false);
		assertThat(subscribe(test, 0).subscriptions()).containsExactly(new Subscription("a", 2, false, false, 0));
	}

	@Test
	void anUnsubackForAReplacedSubscriptionLeavesTheNewOne() {
		TestClient test = new TestClient().connect();
		subscribe(test, "a");
		suback(test, subscribe(test, 0), 1);
		test.client.unsubscribe("a");
		subscribe(test, "a");
		unsuback(test, unsubscribe(test, 0), 0);
		suback(test, subscribe(test, 1), 1);
		assertThat(states(test)).containsExactly("a ACTIVE");
	}

	@Test
	void manyFiltersAreRestoredInFewSubscribesAndInOrder() {
		TestClient test = new TestClient().connect();
		List<String> filters = IntStream.range(0, 450).mapToObj((i) -> "f/" + i).toList();
		filters.forEach((filter) -> {
			subscribe(test, filter);
			test.time.run();
			suback(test, subscribe(test, test.link().sent.size() - 1), 1);
		});
		test.reconnect(false);
		List<Subscribe> sent = subscribes(test);
		assertThat(sent).hasSizeLessThan(10);
		assertThat(sent.stream().flatMap((subscribe) -> subscribe.subscriptions().stream()).map(Subscription::filter))
			.containsExactlyElementsOf(filters);
		sent.forEach((subscribe) -> test.receive(new SubscribeAck(PacketType.SUBACK, subscribe.packetId(),
				subscribe.subscriptions().stream().map((subscription) -> 1).toList(), null, List.of())));
		assertThat(test.client.subscriptions()).hasSize(450)
			.allMatch((subscription) -> subscription.state() == State.ACTIVE);
	}

	@Test
	void restoringKeepsWithinTheMaximumPacketSize() {
		TestClient test = new TestClient().start();
		test.accept(Limits.connAck((limits) -> limits.maximumPacketSize = 100L));
		List<String> filters = IntStream.range(0, 20).mapToObj((i) -> "some/longer/filter/" + i).toList();
		filters.forEach((filter) -> {
			subscribe(test, filter);
			test.time.run();
			suback(test, subscribe(test, test.link().sent.size() - 1), 1);
		});
		test.reconnect(Limits.connAck((limits) -> limits.maximumPacketSize = 100L));
		assertThat(test.events(MqttSubscribeRejectedEvent.class)).isEmpty();
		assertThat(subscribes(test))
			.allSatisfy((subscribe) -> assertThat(PacketCodec.size(subscribe)).isLessThanOrEqualTo(100));
		assertThat(subscribes(test).stream()
			.flatMap((subscribe) -> subscribe.subscriptions().stream())
			.map(Subscription::filter)).containsExactlyElementsOf(filters);
	}

	@Test
	void anAcknowledgementForNoSubscribeIsAnAnomaly() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = subscribe(test, "a");
		int id = subscribe(test, 0).packetId();
		test.receive(ack(PacketType.SUBACK, id + 1, 1));
		test.receive(ack(PacketType.UNSUBACK, id, 0));
		assertThat(test.events(MqttProtocolAnomalyEvent.class)).hasSize(2);
		assertThat(test.errors(ErrorClass.RECOVERABLE, "local", "unsolicited-ack")).isEqualTo(2);
		assertThat(future).isNotDone();
		test.receive(ack(PacketType.SUBACK, id, 1));
		assertThat(future).isCompleted();
		assertKept(test);
	}

	@Test
	void filtersRefusedWithACodeOverriddenToReconnectAreNeverSentAgain() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.policy = DefaultErrorClassificationPolicy.builder()
					.override(PacketType.SUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
					.build()))
			.connect();
		CompletableFuture<SubscribeResult> future = subscribe(test, "a", "denied/1", "denied/2");
		suback(test, subscribe(test, 0), 1, 0x87, 0x87);
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> assertThat(ex.getClassification().rule()).isEqualTo("mqtt.error-policy.suback.not-authorized"));
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		assertThat(test.events(MqttSubscribeRejectedEvent.class)).hasSize(2);
		assertThat(test.errors(ErrorClass.RECONNECT, "suback", "not-authorized")).isEqualTo(2);
		assertThat(states(test)).containsExactly("a ACTIVE");
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.link().sent).isEmpty();
		assertThat(test.reconnects(ErrorClass.RECONNECT, "suback", "not-authorized")).isOne();
	}

	@Test
	void anUnsubscribeRefusedWithACodeOverriddenToReconnectEndsTheConnectionOnce() {
		TestClient test = new TestClient(
				(config) -> config.with((c) -> c.policy = DefaultErrorClassificationPolicy.builder()
					.override(PacketType.UNSUBACK, ReasonCode.NOT_AUTHORIZED, ErrorClass.RECONNECT)
					.build()))
			.connect();
		CompletableFuture<UnsubscribeResult> future = test.client.unsubscribe("a", "b");
		unsuback(test, unsubscribe(test, 0), 0x87, 0x87);
		assertThat(test.cause(future)).isInstanceOf(MqttUnsubscribeRejectedException.class);
		assertThat(test.errors(ErrorClass.RECONNECT, "unsuback", "not-authorized")).isEqualTo(2);
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(true, 0));
		assertThat(test.wire.connections).hasSize(2);
		assertThat(test.link().sent).isEmpty();
	}

	@Test
	void stopFailsWhatIsOpenAndKeepsTheSubscriptionsForTheNextStart() {
		TestClient test = new TestClient().connect();
		subscribe(test, "a");
		suback(test, subscribe(test, 0), 1);
		CompletableFuture<SubscribeResult> subscribed = subscribe(test, "b");
		CompletableFuture<UnsubscribeResult> unsubscribed = test.client.unsubscribe("c");
		test.time.run();
		test.stop();
		assertThat(test.cause(subscribed)).isInstanceOf(MqttNotConnectedException.class);
		assertThat(test.cause(unsubscribed)).isInstanceOf(MqttNotConnectedException.class);
		assertThat(test.cause(subscribe(test, "d"))).isInstanceOf(MqttNotConnectedException.class);
		assertThat(test.cause(test.client.unsubscribe("d"))).isInstanceOf(MqttNotConnectedException.class);
		test.connect();
		assertThat(subscribe(test, 0).subscriptions()).map(Subscription::filter).containsExactly("a", "b");
	}

	private static CompletableFuture<SubscribeResult> subscribe(TestClient test, String... filters) {
		SubscribeRequest[] requests = new SubscribeRequest[filters.length];
		for (int i = 0; i < filters.length; i++) {
			requests[i] = SubscribeRequest.to(filters[i]).build();
		}
		return test.client.subscribe(requests);
	}

	private static CompletableFuture<SubscribeResult> subscribe(TestClient test, String filter,
			Consumer<ReceivedMessage> handler) {
		return test.client.subscribe(SubscribeRequest.to(filter).handler(handler).build());
	}

	private static List<Subscribe> subscribes(TestClient test) {
		return test.link().sent(PacketType.SUBSCRIBE).stream().map(Subscribe.class::cast).toList();
	}

	private static Subscribe subscribe(TestClient test, int index) {
		return subscribes(test).get(index);
	}

	private static Unsubscribe unsubscribe(TestClient test, int index) {
		return (Unsubscribe) test.link().sent(PacketType.UNSUBSCRIBE).get(index);
	}

	private static void suback(TestClient test, Subscribe subscribe, int... codes) {
		test.receive(ack(PacketType.SUBACK, subscribe.packetId(), codes));
	}

	private static void unsuback(TestClient test, Unsubscribe unsubscribe, int... codes) {
		test.receive(ack(PacketType.UNSUBACK, unsubscribe.packetId(), codes));
	}

	private static SubscribeAck ack(PacketType type, int packetId, int... codes) {
		return new SubscribeAck(type, packetId, IntStream.of(codes).boxed().toList(), null, List.of());
	}

	private static Publish message(String topic) {
		return new Publish(0, topic, 0, false, false, PublishProperties.NONE, new byte[0]);
	}

	private static SubscriptionStatus status(TestClient test, String filter) {
		test.time.run();
		return test.client.subscriptions()
			.stream()
			.filter((subscription) -> subscription.filter().equals(filter))
			.findFirst()
			.orElseThrow();
	}

	private static List<String> states(TestClient test) {
		test.time.run();
		return test.client.subscriptions()
			.stream()
			.map((subscription) -> subscription.filter() + " " + subscription.state())
			.toList();
	}

	private static LocalError localError(TestClient test, CompletableFuture<?> future) {
		return ((MqttOperationException) test.cause(future)).getFailure().localError();
	}

	private static void connectSoon(TestClient test, boolean sessionPresent) {
		while (test.client.state() != ClientState.CONNECTING) {
			test.time.advance(Duration.ofSeconds(1));
		}
		test.accept(ConnAck.of(sessionPresent, 0));
	}

	private static void assertKept(TestClient test) {
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
		assertThat(test.wire.connections).hasSize(1);
	}

}
