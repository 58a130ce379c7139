package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.SubscribeRequest.RetainHandling;
import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.SubscribeAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for subscription identifiers and overlapping filters.
 */
class SubscriptionIdentifierTests {

	private final SubscriptionHolder first = SubscriptionHolder.named("first");

	private final SubscriptionHolder second = SubscriptionHolder.named("second");

	private final List<String> received = new ArrayList<>();

	@Test
	void eachHolderHasItsOwnAndItsFiltersShareIt() {
		TestClient test = new TestClient().connect();
		active(test, this.first, "a/#", "b");
		active(test, this.second, "a/+");
		active(test, this.first, "c");
		active(test, null, "d");
		List<Integer> identifiers = identifiers(test);
		assertThat(identifiers).doesNotContainNull();
		assertThat(identifiers.get(2)).isEqualTo(identifiers.get(0));
		assertThat(List.of(identifiers.get(0), identifiers.get(1), identifiers.get(3))).doesNotHaveDuplicates();
	}

	@Test
	void oneCopyWithTwoIdentifiersReachesEachHolderOnce() {
		TestClient test = overlapping();
		List<Integer> identifiers = identifiers(test);
		message(test, "a/b", identifiers.get(0), identifiers.get(1));
		assertThat(this.received).containsExactly("first a/b", "second a/b");
	}

	@Test
	void twoCopiesWithOneIdentifierEachReachEachHolderOnce() {
		TestClient test = overlapping();
		List<Integer> identifiers = identifiers(test);
		message(test, "a/b", identifiers.get(1));
		assertThat(this.received).containsExactly("second a/b");
		message(test, "a/b", identifiers.get(0));
		assertThat(this.received).containsExactly("second a/b", "first a/b");
	}

	@Test
	void allHoldersOfASharedFilterAreMeantByItsIdentifier() {
		TestClient test = new TestClient().connect();
		active(test, this.first, "a");
		test.ran(test.client.subscribe(request(this.second, "a").retainHandling(RetainHandling.DO_NOT_SEND).build()));
		message(test, "a", identifiers(test).get(0));
		assertThat(this.received).containsExactly("first a", "second a");
	}

	@Test
	void anUnknownIdentifierOrNoneMeansAllThatMatch() {
		TestClient test = overlapping();
		message(test, "a/b", 200_000_000);
		assertThat(this.received).containsExactly("first a/b", "second a/b");
		message(test, "a/b");
		assertThat(this.received).hasSize(4);
		message(test, "a/b", identifiers(test).get(0), 200_000_000);
		assertThat(this.received).hasSize(6);
	}

	@Test
	void anIdentifierOfAHolderWhoseFiltersDoNotMatchMeansAllThatMatch() {
		TestClient test = overlapping();
		active(test, SubscriptionHolder.named("third"), "x");
		message(test, "a/b", identifiers(test).get(2));
		assertThat(this.received).containsExactly("first a/b", "second a/b");
	}

	@Test
	void retainedMessagesThatComeBeforeTheSubackReachWhoeverSubscribed() {
		TestClient test = new TestClient().connect();
		active(test, this.first, "a/#");
		test.ran(test.client.subscribe(request(this.second, "a/+").build()));
		message(test, "a/b", identifiers(test).get(1));
		assertThat(this.received).containsExactly("second a/b");
	}

	@Test
	void theNumbersStayTheSameOnALaterConnection() {
		TestClient test = overlapping();
		active(test, this.first, "c");
		List<Integer> identifiers = identifiers(test);
		test.reconnect(false);
		assertThat(sent(test)).hasSize(3);
		assertThat(identifiers(test)).isEqualTo(identifiers);
		test.reconnect(true);
		assertThat(identifiers(test)).isEqualTo(identifiers);
	}

	@Test
	void restoringPutsTheFiltersOfAHolderIntoOneSubscribe() {
		TestClient test = new TestClient().connect();
		active(test, this.first, "a/#");
		active(test, this.first, "b");
		active(test, this.second, "a/+");
		test.reconnect(false);
		assertThat(sent(test)).map((packet) -> packet.subscriptions().stream().map(Subscription::filter).toList())
			.containsExactly(List.of("a/#", "b"), List.of("a/+"));
	}

	@Test
	void aServerWithoutIdentifiersGetsNoneAndEachDeliveryGoesToAllThatMatch() {
		TestClient test = new TestClient().start();
		test.accept(Limits.connAck((limits) -> limits.identifiers = false));
		active(test, this.first, "a/#");
		active(test, this.second, "a/+");
		assertThat(identifiers(test)).containsOnlyNulls();
		message(test, "a/b");
		message(test, "a/b");
		assertThat(this.received).hasSize(4);
	}

	@Test
	void aServerThatRefusesAnIdentifierGetsNoneAnyMore() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = test.client.subscribe(request(this.first, "a").build());
		answer(test, 0, 0xA1);
		assertThat(test.cause(future)).isInstanceOf(MqttSubscribeRejectedException.class);
		active(test, this.first, "a");
		active(test, this.second, "b");
		assertThat(identifiers(test).subList(1, 3)).containsOnlyNulls();
		test.reconnect(false);
		assertThat(identifiers(test)).containsOnlyNulls();
	}

	@Test
	void aServerThatDisconnectsForAnIdentifierIsSubscribedWithout() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = test.client.subscribe(request(this.first, "a").build());
		test.time.run();
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0xA1).build());
		test.time.advance(Duration.ofSeconds(5));
		test.accept(ConnAck.of(false, 0));
		assertThat(identifiers(test)).containsOnlyNulls();
		answer(test, 0, 1);
		assertThat(future).isCompleted();
	}

	private TestClient overlapping() {
		TestClient test = new TestClient().connect();
		active(test, this.first, "a/#");
		active(test, this.second, "a/+");
		return test;
	}

	private void active(TestClient test, SubscriptionHolder holder, String... filters) {
		SubscribeRequest[] requests = Stream.of(filters)
			.map((filter) -> request(holder, filter).build())
			.toArray(SubscribeRequest[]::new);
		CompletableFuture<SubscribeResult> future = test.ran(test.client.subscribe(requests));
		answer(test, sent(test).size() - 1, IntStream.generate(() -> 1).limit(filters.length).toArray());
		assertThat(future).isCompleted();
	}

	private SubscribeRequest.Builder request(SubscriptionHolder holder, String filter) {
		SubscribeRequest.Builder builder = SubscribeRequest.to(filter)
			.handler(
					(message) -> this.received.add(((holder != null) ? holder.name() : "own") + " " + message.topic()));
		return (holder != null) ? builder.holder(holder) : builder;
	}

	private static List<Subscribe> sent(TestClient test) {
		return test.link().sent(PacketType.SUBSCRIBE).stream().map(Subscribe.class::cast).toList();
	}

	private static List<Integer> identifiers(TestClient test) {
		return sent(test).stream().map(Subscribe::subscriptionIdentifier).toList();
	}

	private static void answer(TestClient test, int index, int... codes) {
		test.receive(new SubscribeAck(PacketType.SUBACK, sent(test).get(index).packetId(),
				IntStream.of(codes).boxed().toList(), null, List.of()));
	}

	private static void message(TestClient test, String topic, Integer... identifiers) {
		PublishProperties properties = new PublishProperties(null, null, null, null, null, List.of(),
				List.of(identifiers), null);
		test.receive(new Publish(0, topic, 0, false, false, properties, new byte[0]));
	}

}
