package io.github.mqttspringboot.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttNotConnectedException;
import io.github.mqttspringboot.client.MqttOperationTimeoutException;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeRequest.RetainHandling;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for requests of {@link MqttTemplate}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttRequestTests {

	private static final Classification RECOVERABLE = new Classification(ErrorClass.RECOVERABLE, "default");

	private static final MqttFailure REFUSAL = MqttFailure.of(PacketType.SUBACK, ReasonCode.NOT_AUTHORIZED)
		.topic("replies/x")
		.build();

	private final AnsweringClient client = new AnsweringClient();

	private final MqttTemplate template = new MqttTemplate(this.client, new JacksonJsonMessageConverter());

	@Test
	void aRequestNamesItsReplyTopicAndIsKnownByItsCorrelationData() {
		this.template.request("a/b", "x", String.class);
		this.template.request("a/b", "x", String.class);
		PublishRequest first = this.client.published().get(0);
		PublishRequest second = this.client.published().get(1);
		assertThat(first.responseTopic()).matches("replies/fake-client/[0-9a-f]{16}").isEqualTo(second.responseTopic());
		assertThat(first.correlationData()).hasSize(16).isNotEqualTo(second.correlationData());
	}

	@Test
	void theReplyTopicIsSubscribedOnceAndWithoutWhatWasRetained() {
		this.template.setReplyTopic("answers/me");
		this.template.request("a/b", "x", String.class);
		this.template.request("a/b", "x", String.class);
		assertThat(this.client.subscribed).hasSize(1);
		SubscribeRequest request = this.client.subscribed.get(0);
		assertThat(request.filter()).isEqualTo("answers/me");
		assertThat(request.retainHandling()).isEqualTo(RetainHandling.DO_NOT_SEND);
		assertThat(String.valueOf(request.holder())).contains("replies");
		assertThat(this.client.published())
			.allSatisfy((published) -> assertThat(published.responseTopic()).isEqualTo("answers/me"));
	}

	@Test
	void nothingIsSentBeforeTheReplyTopicIsSubscribed() {
		this.client.subscription = new CompletableFuture<>();
		this.template.request("a/b", "x", String.class);
		assertThat(this.client.published()).isEmpty();
		this.client.subscription.complete(new SubscribeResult(List.of()));
		assertThat(this.client.published()).hasSize(1);
	}

	@Test
	void eachRequestGetsItsOwnReply() throws Exception {
		CompletableFuture<Answer> first = this.template.request("a/b", 1, Answer.class);
		CompletableFuture<Answer> second = this.template.request("a/b", 2, Answer.class);
		this.client.reply(1, "{\"number\":2}");
		assertThat(get(second)).isEqualTo(new Answer(2));
		assertThat(first).isNotDone();
		this.client.reply(0, "{\"number\":1}");
		assertThat(get(first)).isEqualTo(new Answer(1));
		assertThat(this.template.getPendingRequestCount()).isZero();
	}

	@Test
	void aReplyIsBytesATextAMessageOrAGenericType() throws Exception {
		CompletableFuture<byte[]> bytes = this.template.request("a/b", "x", byte[].class);
		CompletableFuture<String> text = this.template.request("a/b", "x", String.class);
		CompletableFuture<ReceivedMessage> received = this.template.request("a/b", "x", ReceivedMessage.class);
		CompletableFuture<?> message = this.template.request("a/b", "x", Message.class);
		CompletableFuture<List<Answer>> answers = this.template.request("a/b", "x",
				new ParameterizedTypeReference<List<Answer>>() {
				});
		for (int i = 0; i < 5; i++) {
			this.client.reply(i, "[{\"number\":7}]");
		}
		assertThat(get(bytes)).asString().isEqualTo("[{\"number\":7}]");
		assertThat(get(text)).isEqualTo("[{\"number\":7}]");
		assertThat(get(received).topic()).startsWith("replies/");
		assertThat(((Message<?>) get(message)).getHeaders()).containsEntry(MqttMessageHeaders.RECEIVED_QOS, 1);
		assertThat(get(answers)).containsExactly(new Answer(7));
	}

	@Test
	void theCustomizerCannotDivertTheReply() {
		this.template.request("a/b", "x", String.class,
				(message) -> message.qos(2).responseTopic("elsewhere").correlationData(new byte[1]));
		PublishRequest request = this.client.published().get(0);
		assertThat(request.qos()).isEqualTo(2);
		assertThat(request.responseTopic()).startsWith("replies/");
		assertThat(request.correlationData()).hasSize(16);
	}

	@Test
	void aRequestThatCannotBeConvertedFailsAndNothingIsSubscribed() {
		CompletableFuture<String> future = new MqttTemplate(this.client).request("a/b", 1, String.class);
		assertFailed(future, MessageConversionException.class);
		assertThat(this.client.subscribed).isEmpty();
	}

	@Test
	void aReplyThatCannotBeConvertedFailsItsRequestOnly() throws Exception {
		CompletableFuture<Answer> broken = this.template.request("a/b", "x", Answer.class);
		CompletableFuture<Answer> good = this.template.request("a/b", "x", Answer.class);
		this.client.reply(0, "nonsense");
		this.client.reply(1, "{\"number\":1}");
		assertFailed(broken, MessageConversionException.class).hasMessageContainingAll(Answer.class.getName(),
				"replies/", "no content type");
		assertThat(get(good)).isEqualTo(new Answer(1));
	}

	@Test
	void aRequestThatTheServerRefusesFails() {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED).topic("a/b").build();
		this.client.publication = CompletableFuture
			.failedFuture(new MqttPublishRejectedException("refused", failure, RECOVERABLE));
		assertFailed(this.template.request("a/b", "x", String.class), MqttPublishRejectedException.class)
			.hasMessage("refused");
		assertThat(this.template.getPendingRequestCount()).isZero();
	}

	@Test
	void aReplyTopicThatTheServerRefusesFailsTheRequestAndIsTriedAgainForTheNext() {
		CompletableFuture<SubscribeResult> granted = this.client.subscription;
		this.client.subscription = CompletableFuture.failedFuture(
				new MqttSubscribeRejectedException("refused", REFUSAL, RECOVERABLE, new SubscribeResult(List.of())));
		assertFailed(this.template.request("a/b", "x", String.class), MqttSubscribeRejectedException.class)
			.satisfies((ex) -> assertThat(((MqttSubscribeRejectedException) ex).getFailure().code()).isEqualTo(0x87));
		assertThat(this.client.published()).isEmpty();
		this.client.subscription = granted;
		assertThat(this.template.request("a/b", "x", String.class)).isNotDone();
		assertThat(this.client.published()).hasSize(1);
	}

	@Test
	void aRequestWithoutReplyTimesOut() throws Exception {
		timeOutWhenReleased();
		CompletableFuture<String> future = this.template.request("a\n/b", "x", String.class);
		this.client.release();
		assertFailed(future, MqttOperationTimeoutException.class).hasMessageContainingAll("'default'", "fake-client",
				"a\\u000A/b", "replies/fake-client/", "mqtt.request.timeout", "whether it was processed is unknown");
		assertThat(this.template.getPendingRequestCount()).isZero();
	}

	@Test
	void aTimeoutSaysHowFarTheRequestCame() throws Exception {
		timeOutWhenReleased();
		this.client.subscription = new CompletableFuture<>();
		CompletableFuture<String> unsent = this.template.request("a/b", "x", String.class);
		this.client.release();
		assertFailed(unsent, MqttOperationTimeoutException.class).hasMessageContaining("it was not sent");
		this.client.subscription.complete(new SubscribeResult(List.of()));
		assertThat(this.client.published()).isEmpty();
		this.client.publication = new CompletableFuture<>();
		CompletableFuture<String> unacknowledged = this.template.request("a/b", "x", String.class);
		this.client.release();
		assertFailed(unacknowledged, MqttOperationTimeoutException.class)
			.hasMessageContaining("the request itself has not been acknowledged");
		this.client.publication = CompletableFuture.completedFuture(new PublishResult("a/b", 1, PacketType.PUBACK, 0x10,
				ReasonCode.NO_MATCHING_SUBSCRIBERS, null, List.of()));
		CompletableFuture<String> unheard = this.template.request("a/b", "x", String.class);
		this.client.release();
		assertFailed(unheard, MqttOperationTimeoutException.class).hasMessageContaining("0x10");
	}

	@Test
	void aReplyTopicThatTheServerRefusesToRestoreIsNamedAndSubscribedAgain() throws Exception {
		timeOutWhenReleased();
		this.template.setReplyTopic("replies/x");
		CompletableFuture<String> refused = this.template.request("a/b", "x", String.class);
		this.client
			.subscriptions(new SubscriptionStatus("replies/x", 1, SubscriptionStatus.State.REJECTED, -1, REFUSAL));
		this.client.release();
		assertFailed(refused, MqttOperationTimeoutException.class).hasMessageContaining("0x87");
		this.template.request("a/b", "x", String.class);
		assertThat(this.client.subscribed).hasSize(2);
	}

	@ParameterizedTest
	@MethodSource("notRestored")
	void noRequestIsPublishedWhileTheReplyTopicIsNotSubscribed(List<SubscriptionStatus> statuses) {
		this.template.setReplyTopic("replies/x");
		this.template.request("a/b", "x", String.class);
		assertThat(this.client.published()).hasSize(1);
		this.client.subscription = CompletableFuture.failedFuture(
				new MqttSubscribeRejectedException("refused", REFUSAL, RECOVERABLE, new SubscribeResult(List.of())));
		this.client.subscriptions(statuses.toArray(SubscriptionStatus[]::new));
		assertFailed(this.template.request("a/b", "x", String.class), MqttSubscribeRejectedException.class);
		assertThat(this.client.published()).hasSize(1);
	}

	static List<List<SubscriptionStatus>> notRestored() {
		return List.of(List.of(),
				List.of(new SubscriptionStatus("replies/y", 1, SubscriptionStatus.State.ACTIVE, 1, null)),
				List.of(new SubscriptionStatus("replies/x", 1, SubscriptionStatus.State.PENDING, -1, null)),
				List.of(new SubscriptionStatus("replies/x", 1, SubscriptionStatus.State.REJECTED, -1, REFUSAL)));
	}

	@Test
	void repliesThatNobodyWaitsForAreCountedAndWarnedOfOnce(CapturedOutput output) {
		CompletableFuture<String> future = this.template.request("a/b", "x", String.class);
		future.cancel(false);
		assertThat(this.template.getPendingRequestCount()).isZero();
		this.client.reply(0, "late");
		this.client.reply(new byte[] { 1 }, "unknown");
		this.client.reply(null, "without correlation data");
		assertThat(this.template.getUnmatchedReplyCount()).isEqualTo(3);
		assertThat(output.toString().split("answers no request", -1)).hasSize(2);
	}

	@Test
	void aStoppedClientFailsRequestsAtOnce() {
		CompletableFuture<String> future = this.template.request("a/b", "x", String.class);
		this.client.state = ClientState.STOPPING;
		this.template.onApplicationEvent(stateChanged(new AnsweringClient()));
		assertThat(future).isNotDone();
		this.template.onApplicationEvent(stateChanged(this.client));
		assertFailed(future, MqttNotConnectedException.class).hasMessageContainingAll("'default'", "a/b", "replies/",
				"has stopped");
	}

	@Test
	void aClientThatOnlyReconnectsKeepsRequests() throws Exception {
		CompletableFuture<String> future = this.template.request("a/b", "x", String.class);
		this.client.state = ClientState.WAITING;
		this.template.onApplicationEvent(stateChanged(this.client));
		this.client.reply(0, "after the reconnect");
		assertThat(get(future)).isEqualTo("after the reconnect");
	}

	@Test
	void theReplyCompletesOnTheExecutorOfTheClient() throws Exception {
		CompletableFuture<Thread> thread = this.template.request("a/b", "x", String.class)
			.thenApply((reply) -> Thread.currentThread());
		this.client.reply(0, "x");
		assertThat(get(thread)).isNotEqualTo(Thread.currentThread());
	}

	@Test
	void aReplyTopicWithAWildcardIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.setReplyTopic("replies/#"))
			.withMessageContaining("wildcard");
	}

	private void timeOutWhenReleased() {
		this.client.held = new LinkedBlockingQueue<>();
		this.template.setRequestTimeout(Duration.ofMillis(1));
	}

	private static MqttClientStateChangedEvent stateChanged(AnsweringClient client) {
		return new MqttClientStateChangedEvent(client, "default", "CONNECTED", "STOPPING", "stop()", null, null);
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(10, TimeUnit.SECONDS);
	}

	private static AbstractThrowableAssert<?, ? extends Throwable> assertFailed(CompletableFuture<?> future,
			Class<? extends Throwable> type) {
		Awaitility.await().until(future::isDone);
		return assertThat(catchThrowable(future::get)).isInstanceOf(ExecutionException.class)
			.cause()
			.isInstanceOf(type);
	}

	record Answer(int number) {

	}

}
