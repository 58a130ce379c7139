package io.github.mqttspringboot.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.SubscribeRequest.RetainHandling;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.SubscribeAck;
import io.github.mqttspringboot.packet.Unsubscribe;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for topic filters that several {@link SubscriptionHolder}s want.
 */
class SubscriptionHolderTests {

	private final SubscriptionHolder first = SubscriptionHolder.named("listener 'first'");

	private final SubscriptionHolder second = SubscriptionHolder.named("listener 'second'");

	private final List<String> received = new ArrayList<>();

	private final TestClient test = new TestClient().connect();

	@ParameterizedTest
	@EnumSource(names = { "SEND_IF_NEW", "DO_NOT_SEND" })
	void theSecondHolderOfAnActiveFilterIsAnsweredWithoutAPacket(RetainHandling handling) {
		active(request(this.first, "a"));
		CompletableFuture<SubscribeResult> future = this.test
			.ran(this.test.client.subscribe(builder(this.second, "a").retainHandling(handling).build()));
		assertThat(future)
			.isCompletedWithValueMatching((result) -> result.entries().get(0).grantedQos() == 1 && sent() == 1);
		message("a");
		assertThat(this.received).containsExactly("listener 'first' a", "listener 'second' a");
		assertThat(this.test.client.subscriptions()).hasSize(1);
	}

	@Test
	void theStatusNamesWhoHoldsAFilter() {
		active(request(this.first, "a"));
		this.test.ran(this.test.client
			.subscribe(builder(this.second, "a").retainHandling(RetainHandling.DO_NOT_SEND).build()));
		assertThat(status("a").holders()).containsExactly("listener 'first'", "listener 'second'");
		this.test.ran(this.test.client.unsubscribe(this.first, "a"));
		assertThat(status("a").holders()).containsExactly("listener 'second'");
		this.test.ran(this.test.client.subscribe(SubscribeRequest.to("mine").build()));
		assertThat(status("mine").holders()).containsExactly(SubscriptionStatus.APPLICATION);
	}

	@Test
	void aSecondHolderThatWantsTheRetainedMessagesSubscribesAgain() {
		active(request(this.first, "a"));
		CompletableFuture<SubscribeResult> future = this.test.client.subscribe(request(this.second, "a"));
		suback(1, 1);
		assertThat(future).isCompleted();
		assertThat(subscribe(1).subscriptions()).containsExactly(new Subscription("a", 1, false, false, 0));
		message("a");
		assertThat(this.received).hasSize(2);
	}

	@Test
	void theSameHolderAgainGetsItsNewHandlerWithoutAPacket() {
		active(request(this.first, "a"));
		CompletableFuture<SubscribeResult> again = this.test.ran(this.test.client.subscribe(SubscribeRequest.to("a")
			.qos(1)
			.holder(this.first)
			.handler((message) -> this.received.add("new"))
			.build()));
		assertThat(again).isCompletedWithValueMatching((result) -> result.entries().get(0).isGranted());
		assertThat(sent()).isOne();
		message("a");
		assertThat(this.received).containsExactly("new");
	}

	@Test
	void theSameHolderWithOtherOptionsReplacesItsSubscription() {
		active(request(this.first, "a"));
		this.test.client.subscribe(builder(this.first, "a").qos(0).noLocal(true).build());
		assertThat(subscribe(1).subscriptions()).containsExactly(new Subscription("a", 0, true, false, 0));
		suback(1, 0);
		assertThat(status("a").requestedQos()).isZero();
		message("a");
		assertThat(this.received).hasSize(1);
	}

	@Test
	void theApplicationItselfSubscribesAgainEachTime() {
		active(request(this.first, "a"));
		this.test.client.subscribe(SubscribeRequest.to("a").qos(1).build());
		suback(1, 1);
		this.test.client.subscribe(SubscribeRequest.to("a").qos(1).build());
		suback(2, 1);
		message("a");
		assertThat(this.received).containsExactly("listener 'first' a");
	}

	@Test
	void unsubscribingLeavesTheFilterToTheOtherHolders() {
		active(request(this.first, "a"));
		active(request(this.second, "a"));
		active(SubscribeRequest.to("a").qos(1).handler((message) -> this.received.add("own a")).build());
		CompletableFuture<UnsubscribeResult> future = this.test.ran(this.test.client.unsubscribe(this.first, "a"));
		assertThat(future).isCompletedWithValueMatching((result) -> result.entries().get(0).code() == 0);
		assertThat(this.test.ran(this.test.client.unsubscribe("a"))).isCompleted();
		assertThat(this.test.link().sent(PacketType.UNSUBSCRIBE)).isEmpty();
		message("a");
		assertThat(this.received).containsExactly("listener 'second' a");
		CompletableFuture<UnsubscribeResult> last = this.test.client.unsubscribe(this.second, "a");
		unsuback(0, 0);
		assertThat(last).isCompleted();
		assertThat(this.test.client.subscriptions()).isEmpty();
	}

	@Test
	void whoeverHoldsNothingCannotTakeTheFilterFromItsHolder() {
		active(request(this.first, "a"));
		assertThat(this.test.ran(this.test.client.unsubscribe(this.second, "a"))).isCompleted();
		assertThat(this.test.ran(this.test.client.unsubscribe("a"))).isCompleted();
		assertThat(this.test.link().sent(PacketType.UNSUBSCRIBE)).isEmpty();
		message("a");
		assertThat(this.received).hasSize(1);
	}

	@Test
	void aFilterThatNobodyHoldsIsUnsubscribedAllTheSame() {
		CompletableFuture<UnsubscribeResult> future = this.test.client.unsubscribe(this.first, "never");
		unsuback(0, 0x11);
		assertThat(future).isCompletedWithValueMatching((result) -> result.entries().get(0).code() == 0x11);
	}

	@Test
	void aFilterThatIsLeavingIsSubscribedAgainForTheNextHolder() {
		active(request(this.first, "a"));
		this.test.client.unsubscribe(this.first, "a");
		CompletableFuture<SubscribeResult> future = this.test.client
			.subscribe(builder(this.second, "a").retainHandling(RetainHandling.DO_NOT_SEND).build());
		unsuback(0, 0);
		assertThat(future).isNotDone();
		suback(1, 1);
		assertThat(future).isCompleted();
		message("a");
		assertThat(this.received).containsExactly("listener 'second' a");
	}

	@Test
	void theHighestQosIsAskedForAndRetainedMessagesAreNotUnlessWanted() {
		active(request(this.first, "a"));
		CompletableFuture<SubscribeResult> future = this.test.client
			.subscribe(builder(this.second, "a").qos(2).retainHandling(RetainHandling.DO_NOT_SEND).build());
		assertThat(subscribe(1).subscriptions()).containsExactly(new Subscription("a", 2, false, false, 2));
		suback(1, 2);
		assertThat(future).isCompletedWithValueMatching((result) -> result.entries().get(0).grantedQos() == 2);
		assertThat(status("a").grantedQos()).isEqualTo(2);
		this.test.client.unsubscribe(this.second, "a");
		this.test.reconnect(false);
		assertThat(subscribe(0).subscriptions()).containsExactly(new Subscription("a", 1, false, false, 0));
	}

	@Test
	void aLowerQosTakesNothingFromTheFirstHolder() {
		active(request(this.first, "a"));
		CompletableFuture<SubscribeResult> future = this.test.client
			.subscribe(builder(this.second, "a").qos(0).build());
		assertThat(subscribe(1).subscriptions()).containsExactly(new Subscription("a", 1, false, false, 0));
		suback(1, 1);
		assertThat(future).isCompleted();
		this.test.reconnect(false);
		assertThat(subscribe(0).subscriptions()).containsExactly(new Subscription("a", 1, false, false, 0));
	}

	@Test
	void aRefusedHigherQosLeavesTheFirstHolderWhatItHas() {
		active(request(this.first, "a"));
		CompletableFuture<SubscribeResult> future = this.test.client
			.subscribe(builder(this.second, "a").qos(2).build());
		suback(1, 0x87);
		assertThat(this.test.cause(future)).isInstanceOf(MqttSubscribeRejectedException.class);
		assertThat(status("a").state()).isEqualTo(SubscriptionStatus.State.ACTIVE);
		assertThat(status("a").grantedQos()).isOne();
		message("a");
		assertThat(this.received).containsExactly("listener 'first' a");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void otherOptionsFailNamingWhoHasWhat(boolean noLocal) {
		active(request(this.first, "a"));
		SubscribeRequest.Builder builder = builder(this.second, "a");
		CompletableFuture<SubscribeResult> future = this.test.client
			.subscribe(builder.noLocal(noLocal).retainAsPublished(!noLocal).build());
		assertThat(this.test.cause(future)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class, (ex) -> {
			assertThat(ex.getFailure().localError()).isEqualTo(LocalError.SUBSCRIPTION_CONFLICT);
			assertThat(ex).hasMessageContaining("listener 'second' wants it")
				.hasMessageContaining("listener 'first' has it with No Local false");
		});
		assertThat(sent()).isOne();
		assertThat(this.test.errors(ErrorClass.RECOVERABLE, "local", "subscription-conflict")).isOne();
		message("a");
		assertThat(this.received).containsExactly("listener 'first' a");
	}

	@Test
	void aSecondHolderTriesARefusedFilterAgainAndBothHaveTheNewState() {
		this.test.client.subscribe(request(this.first, "a"));
		suback(0, 0x87);
		CompletableFuture<SubscribeResult> second = this.test.client.subscribe(request(this.second, "a"));
		suback(1, 1);
		assertThat(second).isCompleted();
		assertThat(status("a").state()).isEqualTo(SubscriptionStatus.State.ACTIVE);
		message("a");
		assertThat(this.received).containsExactly("listener 'first' a", "listener 'second' a");
	}

	@Test
	void holdersThatWaitForTheConnectionShareOneSubscribe() {
		TestClient waiting = new TestClient().start();
		CompletableFuture<SubscribeResult> one = waiting.client.subscribe(request(this.first, "a"));
		CompletableFuture<SubscribeResult> two = waiting.client.subscribe(request(this.second, "a"));
		waiting.accept(ConnAck.of(false, 0));
		assertThat(waiting.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
		assertThat(two).isNotDone();
		waiting.receive(ack(PacketType.SUBACK, ((Subscribe) waiting.link().sent.get(0)).packetId(), 1));
		assertThat(one).isCompleted();
		assertThat(two).isCompletedWithValueMatching((result) -> result.entries().get(0).grantedQos() == 1);
		assertThat(waiting.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
	}

	@Test
	void holdersThatShareASubscribeAreRefusedTogetherAndCountedOnce() {
		TestClient waiting = new TestClient().start();
		CompletableFuture<SubscribeResult> one = waiting.client.subscribe(request(this.first, "a"));
		CompletableFuture<SubscribeResult> two = waiting.client.subscribe(request(this.second, "a"));
		waiting.accept(ConnAck.of(false, 0));
		waiting.receive(ack(PacketType.SUBACK, ((Subscribe) waiting.link().sent.get(0)).packetId(), 0x87));
		assertThat(waiting.cause(one)).isInstanceOf(MqttSubscribeRejectedException.class);
		assertThat(waiting.cause(two)).isInstanceOfSatisfying(MqttSubscribeRejectedException.class,
				(ex) -> assertThat(ex.getFailure().code()).isEqualTo(0x87));
		assertThat(waiting.errors(ErrorClass.RECOVERABLE, "suback", "not-authorized")).isOne();
		assertThat(waiting.events(MqttSubscribeRejectedEvent.class)).hasSize(1);
		assertThat(waiting.link().sent(PacketType.SUBSCRIBE)).hasSize(1);
	}

	@Test
	void whoeverSharesASubscribeThatTheConnectionLostSendsItsOwn() {
		this.test.client.subscribe(request(this.first, "a"));
		this.test.time.run();
		CompletableFuture<SubscribeResult> shared = this.test.client
			.subscribe(builder(this.second, "a").retainHandling(RetainHandling.SEND_IF_NEW).build());
		this.test.time.run();
		assertThat(sent()).isOne();
		this.test.reconnect(true);
		assertThat(sent()).isOne();
		suback(0, 1);
		assertThat(shared).isCompleted();
	}

	@Test
	void aSubscriptionIsRestoredOnceForAllItsHoldersAndAnsweredWithoutAPacketAfterwards() {
		active(request(this.first, "a"));
		active(builder(this.second, "a").retainHandling(RetainHandling.DO_NOT_SEND).build());
		this.test.reconnect(false);
		CompletableFuture<SubscribeResult> again = this.test.client.subscribe(request(this.first, "a"));
		assertThat(subscribe(0).subscriptions()).containsExactly(new Subscription("a", 1, false, false, 0));
		suback(0, 1);
		assertThat(again).isCompleted();
		assertThat(sent()).isOne();
		this.test.reconnect(true);
		assertThat(this.test.ran(this.test.client.subscribe(request(this.first, "a")))).isCompleted();
		assertThat(sent()).isZero();
	}

	@Test
	void aHolderGetsAMessageOnceThoughSeveralOfItsFiltersMatch() {
		active(request(this.first, "a/#"));
		active(request(this.first, "a/+"));
		active(request(this.second, "a/b"));
		message("a/b");
		assertThat(this.received).containsExactly("listener 'first' a/b", "listener 'second' a/b");
	}

	@Test
	void aHolderKnowsWhatItsHandlersHaveNotBeenCalledWith() {
		Deque<Runnable> calls = new ArrayDeque<>();
		TestClient waiting = new TestClient((config) -> config.with((each) -> each.messages = calls::add)).connect();
		List<Boolean> before = new ArrayList<>();
		List<CompletableFuture<?>> asked = new ArrayList<>();
		waiting.client.subscribe(
				builder(this.first, "a").handler((message) -> asked.forEach((future) -> before.add(future.isDone())))
					.build());
		waiting.client.subscribe(builder(this.second, "b").handler((message) -> {
			throw new IllegalStateException("on purpose");
		}).build());
		waiting.time.run();
		assertThat(this.first.handedOver()).isCompleted();
		for (String topic : List.of("a", "b", "a")) {
			waiting.receive(new Publish(0, topic, 0, false, false, PublishProperties.NONE, new byte[0]));
		}
		CompletableFuture<?> handedOver = this.first.handedOver();
		CompletableFuture<?> thrown = this.second.handedOver();
		assertThat(this.first.come()).isEqualTo(2);
		asked.add(handedOver);
		calls.forEach(Runnable::run);
		assertThat(before).containsExactly(false, false);
		assertThat(handedOver).isCompleted();
		assertThat(thrown).isCompleted();
		assertThat(this.second.handedOver()).isCompleted();
	}

	@Test
	void aHolderGetsNothingMoreThoughTheServerRefusesToUnsubscribe() {
		active(request(this.first, "a"));
		CompletableFuture<UnsubscribeResult> refused = this.test.client.unsubscribe(this.first, "a");
		unsuback(0, 0x87);
		assertThat(this.test.cause(refused)).isInstanceOf(MqttUnsubscribeRejectedException.class);
		message("a");
		assertThat(this.received).isEmpty();
		assertThat(this.test.client.statistics().unmatchedMessages()).isOne();
		this.test.reconnect(true);
		assertThat(this.test.link().sent(PacketType.UNSUBSCRIBE)).hasSize(1);
		unsuback(0, 0x87);
		message("a");
		active(request(this.first, "a"));
		message("a");
		assertThat(this.received).containsExactly("listener 'first' a");
	}

	@Test
	void whatTheApplicationItselfHasSubscribedStaysIfTheServerRefusesToUnsubscribe() {
		active(SubscribeRequest.to("a").qos(1).handler((message) -> this.received.add("own")).build());
		CompletableFuture<UnsubscribeResult> refused = this.test.client.unsubscribe("a");
		unsuback(0, 0x87);
		assertThat(this.test.cause(refused)).isInstanceOf(MqttUnsubscribeRejectedException.class);
		message("a");
		assertThat(this.received).containsExactly("own");
	}

	private void active(SubscribeRequest request) {
		int before = sent();
		this.test.client.subscribe(request);
		if (sent() > before) {
			suback(before, 1);
		}
		assertThat(status(request.filter()).state()).isEqualTo(SubscriptionStatus.State.ACTIVE);
	}

	private SubscribeRequest request(SubscriptionHolder holder, String filter) {
		return builder(holder, filter).build();
	}

	private SubscribeRequest.Builder builder(SubscriptionHolder holder, String filter) {
		return SubscribeRequest.to(filter)
			.qos(1)
			.holder(holder)
			.handler((message) -> this.received.add(holder.name() + " " + message.topic()));
	}

	private int sent() {
		return this.test.link().sent(PacketType.SUBSCRIBE).size();
	}

	private Subscribe subscribe(int index) {
		return (Subscribe) this.test.link().sent(PacketType.SUBSCRIBE).get(index);
	}

	private void suback(int index, int... codes) {
		this.test.receive(ack(PacketType.SUBACK, subscribe(index).packetId(), codes));
	}

	private void unsuback(int index, int... codes) {
		Unsubscribe sent = (Unsubscribe) this.test.link().sent(PacketType.UNSUBSCRIBE).get(index);
		this.test.receive(ack(PacketType.UNSUBACK, sent.packetId(), codes));
	}

	private void message(String topic) {
		this.test.receive(new Publish(0, topic, 0, false, false, PublishProperties.NONE, new byte[0]));
	}

	private SubscriptionStatus status(String filter) {
		this.test.time.run();
		return this.test.client.subscriptions()
			.stream()
			.filter((subscription) -> subscription.filter().equals(filter))
			.findFirst()
			.orElseThrow();
	}

	private static SubscribeAck ack(PacketType type, int packetId, int... codes) {
		return new SubscribeAck(type, packetId, IntStream.of(codes).boxed().toList(), null, List.of());
	}

}
