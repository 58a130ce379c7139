package io.github.mqttspringboot.sample;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.MqttOperationTimeoutException;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OperationsController}, {@link StateController},
 * {@link BrokerController}, {@link ClientController} and {@link ApiErrors}.
 */
class ApiTests {

	private static final Classification RECOVERABLE = new Classification(ErrorClass.RECOVERABLE, "default");

	private final FakeClient client = new FakeClient();

	private final EventFeed feed = new EventFeed();

	private final EmbeddedBroker broker = new EmbeddedBroker(new SampleProperties.Broker(0, "sample", "secret"));

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final MockMvcTester mvc = MockMvcTester.create(MockMvcBuilders
		.standaloneSetup(
				new OperationsController(this.client, new MqttTemplate(this.client, null), new ClientEvents(this.feed),
						this.mapper),
				new StateController(this.client, this.broker), new BrokerController(this.broker, this.mapper),
				new ClientController(this.client, this.mapper))
		.setControllerAdvice(new ApiErrors())
		.addFilters(new SecurityHeaders())
		.build());

	@Test
	void publishPassesTheMessageOnAsItIs() {
		this.client.publishOutcome = CompletableFuture
			.completedFuture(published(PacketType.PUBREC, 2, ReasonCode.NO_MATCHING_SUBSCRIBERS));
		MvcTestResult result = post("/api/publish", """
				{"topic": "a/\\u0000\\ud83d\\ude00/<b>", "payload": "grün", "qos": 2, "retain": true}""");
		assertThat(result).hasStatusOk().bodyJson().isStrictlyEqualTo("""
				{"packet": "pubrec", "code": "0x10", "reason": "no-matching-subscribers"}""");
		PublishRequest request = this.client.published.get(0);
		assertThat(request.topic()).isEqualTo("a/\0\uD83D\uDE00/<b>");
		assertThat(request.payload()).isEqualTo("grün".getBytes(StandardCharsets.UTF_8));
		assertThat(request.qos()).isEqualTo(2);
		assertThat(request.retain()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reconnect", "stop", "start" })
	void theClientIsTold(String action) {
		assertThat(post("/api/client", "{\"action\": \"" + action + "\"}")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.action")
			.isEqualTo(action);
		assertThat(this.client.told).containsExactly(action);
	}

	@Test
	void theClientIsToldNothingThatItDoesNotKnow() {
		assertThat(post("/api/client", "{\"action\": \"dance\"}")).hasStatus(HttpStatus.BAD_REQUEST)
			.bodyJson()
			.isStrictlyEqualTo("""
					{"error": "'action' must be reconnect, stop or start, but is \\"dance\\""}""");
		assertThat(this.client.told).isEmpty();
	}

	@Test
	void publishLeavesWhatIsMissingToTheClient() {
		this.client.publishOutcome = CompletableFuture
			.completedFuture(published(PacketType.PUBACK, 1, ReasonCode.SUCCESS));
		assertThat(post("/api/publish", "{\"topic\": \"a\"}")).hasStatusOk();
		PublishRequest request = this.client.published.get(0);
		assertThat(request.payload()).isEmpty();
		assertThat(request.qos()).isNull();
		assertThat(request.retain()).isNull();
	}

	@Test
	void publishWithoutAcknowledgementIsSuccess() {
		this.client.publishOutcome = CompletableFuture.completedFuture(published(PacketType.PUBLISH, 0, null));
		assertThat(post("/api/publish", "{\"topic\": \"a\", \"qos\": 0}")).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("{\"packet\": \"publish\", \"code\": \"0x00\", \"reason\": \"success\"}");
	}

	@Test
	void publishThatIsRefusedShowsTheFailure() {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, 0x87).topic("denied/x").build();
		this.client.publishOutcome = CompletableFuture
			.failedFuture(new MqttPublishRejectedException("No, not \"denied/x\"", failure, RECOVERABLE));
		assertThat(post("/api/publish", "{\"topic\": \"denied/x\", \"payload\": \"x\", \"qos\": 1}"))
			.hasStatus(HttpStatus.UNPROCESSABLE_CONTENT)
			.bodyJson()
			.isStrictlyEqualTo("""
					{"packet": "puback", "code": "0x87", "reason": "not-authorized", "errorClass": "RECOVERABLE",
					 "rule": "default", "detail": "No, not \\"denied/x\\""}""");
	}

	@Test
	void publishThatTheClientRefusesIsLocal() {
		MqttFailure failure = MqttFailure.local(LocalError.INVALID_TOPIC).topic("#").build();
		this.client.publishOutcome = CompletableFuture
			.failedFuture(new MqttPublishRejectedException("No wildcards", failure, RECOVERABLE));
		assertThat(post("/api/publish", "{\"topic\": \"#\"}")).hasStatus(HttpStatus.UNPROCESSABLE_CONTENT)
			.bodyJson()
			.isStrictlyEqualTo("""
					{"packet": "local", "code": "-", "reason": "invalid-topic", "errorClass": "RECOVERABLE",
					 "rule": "default", "detail": "No wildcards"}""");
	}

	@Test
	void publishWithoutOutcomeShowsTheFailure() {
		MqttFailure failure = MqttFailure.local(LocalError.ACK_TIMEOUT).build();
		this.client.publishOutcome = CompletableFuture
			.failedFuture(new MqttOperationTimeoutException("Too late", failure, RECOVERABLE));
		assertThat(post("/api/publish", "{\"topic\": \"a\"}")).hasStatus(HttpStatus.UNPROCESSABLE_CONTENT)
			.bodyJson()
			.extractingPath("$.reason")
			.isEqualTo("ack-timeout");
	}

	@Test
	void subscribeShowsWhatWasGranted() {
		this.client.subscribeOutcome = CompletableFuture.completedFuture(
				new SubscribeResult(List.of(new SubscribeResult.Entry("a/#", 2, 1, ReasonCode.GRANTED_QOS_1, null))));
		assertThat(post("/api/subscribe", "{\"filter\": \"a/#\", \"qos\": 2}")).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("{\"packet\": \"suback\", \"code\": \"0x01\", \"reason\": \"granted-qos-1\"}");
		assertThat(this.client.subscribed).singleElement().satisfies((request) -> {
			assertThat(request.filter()).isEqualTo("a/#");
			assertThat(request.qos()).isEqualTo(2);
		});
	}

	@Test
	void subscribePutsMessagesIntoTheFeed() throws Exception {
		this.client.subscribeOutcome = CompletableFuture.completedFuture(
				new SubscribeResult(List.of(new SubscribeResult.Entry("a/#", 1, 1, ReasonCode.GRANTED_QOS_1, null))));
		assertThat(post("/api/subscribe", "{\"filter\": \"a/#\"}")).hasStatusOk();
		this.client.subscribed.get(0)
			.handler()
			.handle(new ReceivedMessage("a/b", "hi".getBytes(StandardCharsets.UTF_8), 1, false, false,
					PublishProperties.NONE));
		FeedEvent event = this.feed.subscribe(null).poll(Duration.ZERO);
		assertThat(event.name()).isEqualTo("message");
		assertThat(event.data()).containsEntry("topic", "a/b").containsEntry("payload", "hi");
	}

	@Test
	void subscribeThatIsRefusedShowsTheFailure() {
		MqttFailure failure = MqttFailure.of(PacketType.SUBACK, 0x87).topic("denied/#").build();
		this.client.subscribeOutcome = CompletableFuture.failedFuture(new MqttSubscribeRejectedException("No", failure,
				new Classification(ErrorClass.RECONNECT, "mqtt.error-policy.suback.not-authorized"),
				new SubscribeResult(List.of())));
		assertThat(post("/api/subscribe", "{\"filter\": \"denied/#\", \"qos\": 1}"))
			.hasStatus(HttpStatus.UNPROCESSABLE_CONTENT)
			.bodyJson()
			.isStrictlyEqualTo("""
					{"packet": "suback", "code": "0x87", "reason": "not-authorized", "errorClass": "RECONNECT",
					 "rule": "mqtt.error-policy.suback.not-authorized", "detail": "No"}""");
	}

	@Test
	void unsubscribeFromNothingIsNoFailure() {
		this.client.unsubscribeOutcome = CompletableFuture.completedFuture(
				new UnsubscribeResult(List.of(new UnsubscribeResult.Entry("a", 0x11, ReasonCode.NO_SUBSCRIPTION_EXISTED,
						MqttFailure.of(PacketType.UNSUBACK, 0x11).topic("a").build()))));
		assertThat(post("/api/unsubscribe", "{\"filter\": \"a\"}")).hasStatusOk().bodyJson().isStrictlyEqualTo("""
				{"packet": "unsuback", "code": "0x11", "reason": "no-subscription-existed"}""");
		assertThat(this.client.unsubscribed).containsExactly("a");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					/api/publish     | {"payload": "x"}                    | 'topic' is missing
					/api/publish     | {"topic": null}                     | 'topic' is missing
					/api/publish     | {"topic": 7}                        | 'topic' must be a string, but is 7
					/api/publish     | {"topic": "a", "payload": {}}       | 'payload' must be a string, but is an object
					/api/publish     | {"topic": "a", "payload": 1.5}      | 'payload' must be a string, but is 1.5
					/api/publish     | {"topic": "a", "qos": 3}            | 'qos' must be 0, 1 or 2, but is 3
					/api/publish     | {"topic": "a", "qos": -1}           | 'qos' must be 0, 1 or 2, but is -1
					/api/publish     | {"topic": "a", "qos": 1.5}          | 'qos' must be 0, 1 or 2, but is 1.5
					/api/publish     | {"topic": "a", "qos": 4294967297}   | 'qos' must be 0, 1 or 2, but is 4294967297
					/api/publish     | {"topic": "a", "qos": "1"}          | 'qos' must be 0, 1 or 2, but is the string "1"
					/api/publish     | {"topic": "a", "retain": "yes"}     | 'retain' must be true or false, but is the string "yes"
					/api/publish     | [1]                                 | The body must be a JSON object, but is an array
					/api/publish     | ``                                  | The body is empty; a JSON object is expected
					/api/subscribe   | {"topic": "a"}                      | 'filter' is missing
					/api/subscribe   | {"filter": "a", "qos": 9}           | 'qos' must be 0, 1 or 2, but is 9
					/api/unsubscribe | {"filter": ["a"]}                   | 'filter' must be a string, but is an array
					/api/broker      | {}                                  | 'action' is missing
					/api/broker      | {"action": "explode\\u0007"}        | 'action' must be stop, start or restart, but is "explode\\u0007"
					""")
	void badInputIsRefusedByTheNameOfTheField(String path, String body, String error) {
		assertThat(post(path, body)).hasStatus(HttpStatus.BAD_REQUEST)
			.bodyJson()
			.extractingPath("$.error")
			.isEqualTo(error);
		assertThat(this.client.published).isEmpty();
		assertThat(this.client.subscribed).isEmpty();
		assertThat(this.client.unsubscribed).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"topic\": \"a\"", "{\"topic\": \"a\"} x", "topic=a", "{'topic': 'a'}" })
	void malformedJsonIsRefused(String body) {
		assertThat(post("/api/publish", body)).hasStatus(HttpStatus.BAD_REQUEST)
			.bodyJson()
			.extractingPath("$.error")
			.asString()
			.startsWith("The body is not valid JSON: ")
			.contains("line 1");
		assertThat(this.client.published).isEmpty();
	}

	@Test
	void formsAreRefusedSoThatNoOtherSiteCanPost() {
		assertThat(this.mvc.post()
			.uri("/api/publish")
			.contentType(MediaType.TEXT_PLAIN)
			.content("{\"topic\": \"a\"}")
			.exchange()).hasStatus(HttpStatus.UNSUPPORTED_MEDIA_TYPE)
			.bodyJson()
			.extractingPath("$.error")
			.asString()
			.contains("application/json");
		assertThat(this.client.published).isEmpty();
	}

	@Test
	void stateShowsClientAndBroker() {
		MqttFailure failure = MqttFailure.of(PacketType.SUBACK, 0x87).topic("denied/\n").build();
		this.client.subscriptions = List.of(new SubscriptionStatus("a/#", 1, SubscriptionStatus.State.ACTIVE, 1, null),
				new SubscriptionStatus("denied/\n", 1, SubscriptionStatus.State.REJECTED, -1, failure));
		this.client.incidents = List.of(new MqttIncident(Instant.EPOCH, failure, RECOVERABLE, "connection kept"));
		assertThat(this.mvc.get().uri("/api/state").exchange()).hasStatusOk().bodyJson().isStrictlyEqualTo("""
				{"state": "CONNECTED", "server": "mqtt://127.0.0.1:18830", "clientId": "fake",
				 "since": "2026-01-02T03:04:05Z", "sessionPresent": false, "networkConnections": 0, "reconnects": 0,
				 "rejections": 0,
				 "subscriptions": [
				   {"filter": "a/#", "state": "ACTIVE", "grantedQos": 1, "reason": null},
				   {"filter": "denied/\\\\u000A", "state": "REJECTED", "grantedQos": -1,
				    "reason": "SUBACK 0x87 Not authorized for denied/\\\\u000A"}],
				 "lastIncident":
				   "SUBACK 0x87 Not authorized for denied/\\\\u000A: connection kept (rule: default)",
				 "broker": {"running": false, "port": 0}}""");
	}

	@Test
	void stateHasNoServerWithoutConnection() {
		this.client.state = ClientState.WAITING;
		this.client.server = null;
		assertThat(this.mvc.get().uri("/api/state").exchange()).hasStatusOk()
			.bodyJson()
			.satisfies((json) -> json.assertThat().extractingPath("$.state").isEqualTo("WAITING"))
			.extractingPath("$.server")
			.isNull();
	}

	@Test
	void brokerIsStoppedAndStarted() {
		this.broker.afterPropertiesSet();
		try {
			int port = this.broker.port();
			assertBroker("stop", false, port, "The broker has stopped.");
			assertBroker("stop", false, port, "The broker was stopped already.");
			assertBroker("start", true, port, "The broker has started.");
			assertBroker("start", true, port, "The broker was running already.");
			assertBroker("restart", true, port, "The broker has stopped and started again.");
		}
		finally {
			this.broker.destroy();
		}
	}

	@Test
	void answersCarryStrictContentSecurityPolicy() {
		MvcTestResult result = this.mvc.get().uri("/api/state").exchange();
		assertThat(result.getResponse().getHeaders("Content-Security-Policy")).singleElement()
			.asString()
			.contains("default-src 'none'", "script-src 'self'")
			.doesNotContain("unsafe");
	}

	private void assertBroker(String action, boolean running, int port, String detail) {
		assertThat(post("/api/broker", "{\"action\": \"" + action + "\"}")).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("""
					{"action": "%s", "running": %s, "port": %d, "detail": "%s"}""".formatted(action, running, port,
					detail));
	}

	private MvcTestResult post(String path, String body) {
		return this.mvc.post().uri(path).contentType(MediaType.APPLICATION_JSON).content(body).exchange();
	}

	private static PublishResult published(PacketType packet, int qos, ReasonCode reasonCode) {
		return new PublishResult("a", qos, packet, (reasonCode != null) ? reasonCode.value() : 0, reasonCode, null,
				List.of());
	}

}
