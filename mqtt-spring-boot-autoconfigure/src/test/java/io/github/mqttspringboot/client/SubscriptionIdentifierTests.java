package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.SubscribeAck;
import io.github.mqttspringboot.packet.Unsubscribe;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for subscription identifiers and overlapping filters.
 */
class SubscriptionIdentifierTests {

	private final SubscriptionHolder first = SubscriptionHolder.named("first");

	private final SubscriptionHolder second = SubscriptionHolder.named("second");

	private final List<String> received = new ArrayList<>();

	@Test
	void filtersThatDoNotOverlapShareTheIdentifierOfTheirSubscribe() {
		TestClient test = new TestClient().connect();
		active(test, this.first, "a/#", "b");
		active(test, this.second, "a/+");
		active(test, this.first, "c");
		active(test, null, "d");
		assertThat(identifiers(test)).hasSize(4).doesNotContainNull().doesNotHaveDuplicates();
	}

	@Test
	void filtersOfOneCallThatOverlapAreSubscribedOneAfterTheOther() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = test
			.ran(test.client.subscribe(requests(this.first, "a/#", "b", "a/b", "c", "a/+")));
		assertThat(filters(test)).containsExactly(List.of("a/#", "b", "c"));
		answer(test, 0, 1, 1, 1);
		assertThat(filters(test)).last().isEqualTo(List.of("a/b"));
		answer(test, 1, 0x87);
		assertThat(filters(test)).last().isEqualTo(List.of("a/+"));
		assertThat(future).isNotDone();
		answer(test, 2, 1);
		assertThat(test.cause(future)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> assertThat(ex.getResult().entries()).extracting(SubscribeResult.Entry::code)
					.containsExactly(1, 1, 0x87, 1, 1));
		assertThat(identifiers(test)).hasSize(3).doesNotContainNull().doesNotHaveDuplicates();
	}

	@Test
	void aConnectionLostBetweenThePartsOfACallRestoresOneAndGoesOnWithTheOther() {
		TestClient test = new TestClient().connect();
		CompletableFuture<SubscribeResult> future = test.ran(test.client.subscribe(requests(this.first, "a/#", "a/b")));
		answer(test, 0, 1);
		assertThat(filters(test)).containsExactly(List.of("a/#"), List.of("a/b"));
		test.reconnect(true);
		assertThat(filters(test)).containsExactly(List.of("a/b"));
		test.reconnect(false);
		assertThat(filters(test)).containsExactlyInAnyOrder(List.of("a/#"), List.of("a/b"));
		answer(test, 0, 1);
		answer(test, 1, 1);
		assertThat(future).isCompleted();
		message(test, "a/b", identifiers(test).get(0));
		assertThat(this.received).containsExactly("first a/b");
	}

	@Test
	void aHolderOfOneFilterGetsOnlyTheCopyOfThatFilterWhateverElseItsOtherHolderHas() {
		TestClient test = new TestClient().connect();
		active(test, this.first, "ov/#");
		test.ran(test.client.subscribe(requests(this.second, "ov/#", "ov/b")));
		answer(test, 1, 1);
		answer(test, 2, 1);
		List<Integer> identifiers = identifiers(test);
		assertThat(identifiers.get(1)).isEqualTo(identifiers.get(0));
		message(test, "ov/b", identifiers.get(0));
		assertThat(this.received).containsExactly("first ov/b", "second ov/b");
		message(test, "ov/b", identifiers.get(2));
		assertThat(this.received).hasSize(2);
		this.received.clear();
		message(test, "ov/b", identifiers.get(0), identifiers.get(2));
		assertThat(this.received).containsExactlyInAnyOrder("first ov/b", "second ov/b");
	}

	@Test
	void aHolderGetsTheFirstCopyThatComesByItsFiltersAndNoOther() {
		TestClient test = ownOverlapping();
		copy(test, "1", 1, 7, identifiers(test).get(1));
		assertThat(this.received).containsExactly("first a/b");
		copy(test, "1", 1, 8, identifiers(test).get(0));
		assertThat(this.received).hasSize(1);
		copy(test, "2", 1, 9, identifiers(test).get(0));
		copy(test, "2", 1, 10, identifiers(test).get(1));
		assertThat(this.received).hasSize(2);
		assertThat(pubacks(test)).containsExactly(7, 8, 9, 10);
		assertThat(test.client.statistics().unmatchedMessages()).isZero();
	}

	@Test
	void aFurtherCopyIsNotAcknowledgedBeforeTheFirstIsHandled() {
		TestClient test = new TestClient().connect();
		CompletableFuture<Void> handled = new CompletableFuture<>();
		SubscribeRequest.Builder whole = SubscribeRequest.to("a/#").holder(this.first);
		SubscribeRequest.Builder levels = SubscribeRequest.to("a/+").holder(this.first);
		test.ran(test.client.subscribe(whole.messageHandler((message) -> handled).build(),
				levels.messageHandler((message) -> handled).build()));
		answer(test, 0, 1);
		answer(test, 1, 1);
		copy(test, "1", 1, 7, identifiers(test).get(0));
		copy(test, "1", 2, 8, identifiers(test).get(1));
		assertThat(pubacks(test)).isEmpty();
		assertThat(test.link().sent(PacketType.PUBREC)).isEmpty();
		handled.complete(null);
		test.time.run();
		assertThat(pubacks(test)).containsExactly(7);
		assertThat(test.link().sent(PacketType.PUBREC)).hasSize(1);
	}

	@Test
	void equalMessagesReachAHolderAsOftenAsTheyWerePublished() {
		TestClient test = ownOverlapping();
		List<Integer> identifiers = identifiers(test);
		for (int i = 0; i < 3; i++) {
			copy(test, "on", 1, 10 + i, identifiers.get(0));
		}
		for (int i = 0; i < 3; i++) {
			copy(test, "on", 1, 20 + i, identifiers.get(1));
		}
		assertThat(this.received).hasSize(3);
		copy(test, "on", 1, 30, identifiers.get(1));
		copy(test, "on", 1, 31, identifiers.get(0));
		assertThat(this.received).hasSize(4);
	}

	@Test
	void aCopyWhoseOtherNeverComesIsNotHeldBackAndNoLaterMessageIsLostForIt() {
		TestClient test = ownOverlapping();
		List<Integer> identifiers = identifiers(test);
		copy(test, "on", 1, 1, identifiers.get(1));
		assertThat(this.received).hasSize(1);
		for (int i = 1; i <= 3; i++) {
			copy(test, "on", 1, 10 * i, identifiers.get(0));
			copy(test, "on", 1, 10 * i + 1, identifiers.get(1));
			assertThat(this.received).hasSize(1 + i);
		}
	}

	@Test
	void aHolderThatHasSubscribedAgainLosesNoMessageForCopiesOfBefore() {
		TestClient test = ownOverlapping();
		copy(test, "1", 1, 7, identifiers(test).get(0));
		test.ran(test.client.unsubscribe(this.first, "a/#", "a/+"));
		test.receive(new SubscribeAck(PacketType.UNSUBACK,
				((Unsubscribe) test.link().sent(PacketType.UNSUBSCRIBE).get(0)).packetId(), List.of(0, 0), null,
				List.of()));
		test.ran(test.client.subscribe(requests(this.first, "a/#", "a/+")));
		answer(test, 2, 1);
		answer(test, 3, 1);
		this.received.clear();
		copy(test, "1", 1, 8, identifiers(test).get(2));
		copy(test, "1", 1, 9, identifiers(test).get(3));
		assertThat(this.received).hasSize(1);
	}

	@Test
	void equalMessagesOfSharedFiltersAreNoCopies() {
		TestClient test = new TestClient().connect();
		test.ran(test.client.subscribe(requests(this.first, "$share/g/a/#", "$share/g/a/+")));
		answer(test, 0, 1);
		answer(test, 1, 1);
		// The server has given the other copy of each to another member of the group
		copy(test, "1", 1, 7, identifiers(test).get(0));
		copy(test, "1", 1, 8, identifiers(test).get(1));
		assertThat(this.received).hasSize(2);
	}

	@Test
	void whatDiffersInMoreThanItsFilterIsNoCopy() {
		TestClient test = ownOverlapping();
		List<Integer> identifiers = identifiers(test);
		copy(test, "1", 0, 0, identifiers.get(0));
		copy(test, "1", 1, 1, identifiers.get(1));
		assertThat(this.received).hasSize(2);
		test.receive(new Publish(2, "a/b", 1, false, false, properties("text/plain", 5L, identifiers.get(0)),
				new byte[] { '2' }));
		test.receive(new Publish(3, "a/b", 1, false, false, properties("text/csv", 5L, identifiers.get(1)),
				new byte[] { '2' }));
		assertThat(this.received).hasSize(4);
		test.receive(new Publish(4, "a/b", 1, false, false, properties("text/csv", 4L, identifiers.get(0)),
				new byte[] { '2' }));
		assertThat(this.received).hasSize(4);
	}

	@Test
	void retainedMessagesComeForEachFilter() {
		TestClient test = ownOverlapping();
		for (Integer identifier : identifiers(test)) {
			test.receive(new Publish(0, "a/b", 0, true, false, properties(null, null, identifier), new byte[0]));
		}
		assertThat(this.received).hasSize(2);
	}

	@Test
	void copiesOfASessionThatIsLostAreNotWaitedFor() {
		TestClient test = ownOverlapping();
		copy(test, "1", 1, 1, identifiers(test).get(0));
		test.reconnect(false);
		answer(test, 0, 1);
		answer(test, 1, 1);
		copy(test, "1", 1, 1, identifiers(test).get(1));
		copy(test, "1", 1, 2, identifiers(test).get(0));
		assertThat(this.received).hasSize(2);
	}

	@Test
	void copiesThatANewConnectionOfTheSessionBringsAreRecognised() {
		TestClient test = ownOverlapping();
		List<Integer> identifiers = identifiers(test);
		copy(test, "1", 1, 1, identifiers.get(0));
		test.reconnect(true);
		copy(test, "1", 1, 2, identifiers.get(1));
		assertThat(this.received).hasSize(1);
		assertThat(pubacks(test)).containsExactly(2);
	}

	@Test
	void copiesThatNeverComeTakeABoundedRoom() {
		Copies copies = new Copies();
		for (int i = 0; i < 2000; i++) {
			copies.isFurtherCopy(message(i, 1), this.first, Set.of(1, 2), Set.of(1));
		}
		assertThat(copies.isFurtherCopy(message(1999, 2), this.first, Set.of(1, 2), Set.of(2))).isTrue();
		assertThat(copies.isFurtherCopy(message(0, 2), this.first, Set.of(1, 2), Set.of(2))).isFalse();
	}

	private static Publish message(int number, int identifier) {
		return new Publish(1, "a/" + number, 1, false, false, properties(null, null, identifier), new byte[0]);
	}

	private TestClient ownOverlapping() {
		TestClient test = new TestClient().connect();
		test.ran(test.client.subscribe(requests(this.first, "a/#", "a/+")));
		answer(test, 0, 1);
		answer(test, 1, 1);
		return test;
	}

	private static void copy(TestClient test, String payload, int qos, int id, Integer identifier) {
		test.receive(new Publish(id, "a/b", qos, false, false, properties(null, null, identifier),
				payload.getBytes(StandardCharsets.UTF_8)));
	}

	private static PublishProperties properties(String contentType, Long expiry, Integer identifier) {
		return new PublishProperties(null, expiry, null, null, null, List.of(), List.of(identifier), contentType);
	}

	private static List<Integer> pubacks(TestClient test) {
		return test.link().sent(PacketType.PUBACK).stream().map((packet) -> ((PublishAck) packet).packetId()).toList();
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
	void theNumbersMeanTheSameAsLongAsTheSession() {
		TestClient test = overlapping();
		List<Integer> identifiers = identifiers(test);
		test.reconnect(true);
		active(test, this.first, "c");
		assertThat(filters(test)).containsExactly(List.of("c"));
		message(test, "a/b", identifiers.get(1));
		assertThat(this.received).containsExactly("second a/b");
		test.ran(test.client.unsubscribe(this.second, "a/+"));
		test.reconnect(false);
		assertThat(filters(test)).containsExactly(List.of("a/#", "c"));
		assertThat(identifiers(test)).doesNotContainNull();
		message(test, "a/b", identifiers(test).get(0));
		assertThat(this.received).endsWith("first a/b").hasSize(2);
	}

	@Test
	void aFilterThatIsSubscribedAgainKeepsItsIdentifier() {
		TestClient test = overlapping();
		active(test, null, "a/+");
		assertThat(identifiers(test).get(2)).isEqualTo(identifiers(test).get(1));
	}

	@Test
	void restoringPutsFiltersThatDoNotOverlapIntoOneSubscribe() {
		TestClient test = new TestClient().connect();
		active(test, this.first, "a/#");
		active(test, this.first, "b");
		active(test, this.second, "a/+");
		active(test, this.second, "c");
		test.reconnect(false);
		assertThat(filters(test)).containsExactly(List.of("a/#", "b", "c"), List.of("a/+"));
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
		test.ran(test.client.subscribe(requests(this.first, "b/#", "b/c")));
		assertThat(filters(test)).last().isEqualTo(List.of("b/#", "b/c"));
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
		CompletableFuture<SubscribeResult> future = test.ran(test.client.subscribe(requests(holder, filters)));
		answer(test, sent(test).size() - 1, IntStream.generate(() -> 1).limit(filters.length).toArray());
		assertThat(future).isCompleted();
	}

	private SubscribeRequest[] requests(SubscriptionHolder holder, String... filters) {
		return Stream.of(filters).map((filter) -> request(holder, filter).build()).toArray(SubscribeRequest[]::new);
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

	private static List<List<String>> filters(TestClient test) {
		return sent(test).stream()
			.map((packet) -> packet.subscriptions().stream().map(Subscription::filter).toList())
			.toList();
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
