package io.github.mqttspringboot.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ClientStatistics;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MqttEndpoint}.
 */
class MqttEndpointTests {

	private static final Instant TIME = Instant.parse("2026-11-01T12:00:00Z");

	private final JsonMapper mapper = JsonMapper.builder()
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
		.build();

	private final FakeMqttClient client = new FakeMqttClient();

	@Test
	void aConnectedClientIsDescribed() {
		MqttFailure refused = MqttFailure.of(PacketType.SUBACK, ReasonCode.NOT_AUTHORIZED).topic("denied/#").build();
		MqttFailure rejected = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED)
			.topic("denied/x\n")
			.reasonString("no\u0007way")
			.build();
		MqttFailure lost = MqttFailure.local(LocalError.CONNECTION_CLOSED).build();
		this.client.connected("mqtt://broker:1883", TIME, true)
			.subscriptions(
					new SubscriptionStatus("a/#", 2, SubscriptionStatus.State.ACTIVE, 1, null,
							List.of("listener 'a'\n", SubscriptionStatus.APPLICATION)),
					new SubscriptionStatus("b", 0, SubscriptionStatus.State.PENDING, -1, null),
					new SubscriptionStatus("denied/#", 1, SubscriptionStatus.State.REJECTED, -1, refused))
			.incidents(
					new MqttIncident(TIME.plusSeconds(1), rejected,
							new Classification(ErrorClass.RECOVERABLE, "default"), "connection kept, publish failed"),
					new MqttIncident(TIME, lost,
							new Classification(ErrorClass.THROTTLED, "mqtt.error-policy.local.connection-closed"),
							"reconnecting in 30 s"))
			.countError(rejected, ErrorClass.RECOVERABLE)
			.countError(lost, ErrorClass.THROTTLED)
			.countReconnect(lost, ErrorClass.THROTTLED)
			.countConnection()
			.countConnection()
			.countAttempt(ClientStatistics.AttemptOutcome.FAILURE)
			.outbound(3, 4)
			.countMessages(5, 0, Duration.ZERO);
		assertJson(endpoint().client("default"),
				"""
						{
						  "state": "CONNECTED",
						  "server": "mqtt://broker:1883",
						  "clientId": "fake-client",
						  "since": "2026-11-01T12:00:00Z",
						  "session": { "present": true },
						  "limits": {
						    "receiveMaximum": 20, "maximumPacketSize": 1024, "maximumQos": 1, "retainAvailable": true,
						    "wildcardSubscriptionAvailable": true, "subscriptionIdentifierAvailable": false,
						    "sharedSubscriptionAvailable": false, "keepAlive": "PT1M", "sessionExpiry": "PT5M"
						  },
						  "attempts": { "success": 2, "failure": 1, "cancelled": 0 },
						  "connections": 2,
						  "errors": { "recoverable": 1, "reconnect": 0, "throttled": 1, "redirect": 0, "fatal": 0 },
						  "reconnects": { "recoverable": 0, "reconnect": 0, "throttled": 1, "redirect": 0, "fatal": 0 },
						  "inFlight": 3, "buffered": 4, "queued": 5,
						  "subscriptions": [
						    { "filter": "a/#", "state": "ACTIVE", "requestedQos": 2, "grantedQos": 1,
						      "holders": [ "listener 'a'\\\\u000A", "application" ] },
						    { "filter": "b", "state": "PENDING", "requestedQos": 0, "holders": [] },
						    { "filter": "denied/#", "state": "REJECTED", "requestedQos": 1, "code": "0x87",
						      "name": "not-authorized", "holders": [] }
						  ],
						  "incidents": [
						    {
						      "time": "2026-11-01T12:00:01Z", "rejection": true, "packet": "puback", "code": "0x87",
						      "name": "not-authorized", "reasonString": "no\\\\u0007way", "topic": "denied/x\\\\u000A",
						      "errorClass": "RECOVERABLE", "rule": "default", "action": "connection kept, publish failed",
						      "description": "PUBACK 0x87 Not authorized for denied/x\\\\u000A (server says: no\\\\u0007way): connection kept, publish failed (rule: default)"
						    },
						    {
						      "time": "2026-11-01T12:00:00Z", "rejection": false, "packet": "local", "code": "-",
						      "name": "connection-closed", "errorClass": "THROTTLED",
						      "rule": "mqtt.error-policy.local.connection-closed", "action": "reconnecting in 30 s",
						      "description": "CONNECTION_CLOSED: reconnecting in 30 s (rule: mqtt.error-policy.local.connection-closed)"
						    }
						  ]
						}
						""");
	}

	@Test
	void aClientWithoutConnectionSaysWhereItStands() {
		this.client.without(ClientState.FAILED, 3, TIME, TIME.plusSeconds(600), null, FatalKind.BANNED);
		assertJson(endpoint().client("default"), """
				{
				  "state": "FAILED",
				  "clientId": "fake-client",
				  "reconnecting": {
				    "attempts": 3, "lostSince": "2026-11-01T12:00:00Z", "nextAttempt": "2026-11-01T12:10:00Z",
				    "fatalKind": "BANNED"
				  },
				  "attempts": { "success": 0, "failure": 0, "cancelled": 0 },
				  "connections": 0,
				  "errors": { "recoverable": 0, "reconnect": 0, "throttled": 0, "redirect": 0, "fatal": 0 },
				  "reconnects": { "recoverable": 0, "reconnect": 0, "throttled": 0, "redirect": 0, "fatal": 0 },
				  "inFlight": 0, "buffered": 0, "queued": 0,
				  "subscriptions": [],
				  "incidents": []
				}
				""");
	}

	@Test
	void allClientsAreDescribedByName() {
		MqttEndpoint endpoint = new MqttEndpoint(List.of(new FakeMqttClient("second"), this.client));
		assertThat(endpoint.clients().clients()).containsOnlyKeys("default", "second");
		assertThat(endpoint.clients().clients().get("default")).isEqualTo(endpoint.client("default"));
	}

	@Test
	void anUnknownClientIsNotFound() {
		assertThat(endpoint().client("other")).isNull();
		assertThat(endpoint().act("other", "stop")).isNull();
		assertThat(endpoint().act("other", "no action")).isNull();
	}

	@Test
	void aClientDoesWhatItIsTold() {
		MqttEndpoint endpoint = endpoint();
		assertThat(endpoint.act("default", "reconnect")).isEqualTo(endpoint.client("default"));
		endpoint.act("default", "stop");
		endpoint.act("default", "START");
		assertThat(this.client.told()).containsExactly("reconnect", "stop", "start");
	}

	@ParameterizedTest
	@CsvSource({ "start, STOPPED", "start, FAILED", "reconnect, STOPPED", "reconnect, FAILED" })
	void theAnswerIsThatOfAClientThatHasBegunToDoWhatItIsTold(String action, ClientState before) {
		LateClient late = new LateClient();
		late.without(before, 0, null, null, null, null);
		assertThat(new MqttEndpoint(List.of(late)).act("default", action).state()).isEqualTo(ClientState.CONNECTING);
	}

	@Test
	void theAnswerIsNotHeldUpByAClientThatDoesNotBegin() {
		this.client.without(ClientState.STOPPED, 0, null, null, null, null);
		assertThat(endpoint().act("default", "start").state()).isEqualTo(ClientState.STOPPED);
	}

	@Test
	void aBadActionIsAnsweredWithThoseThereAre() {
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint().act("default", "restart\n"))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(
					"'restart\\u000A' is no 'action' of an MQTT client: it is one of 'reconnect', 'stop', 'start'"));
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint().act("default", null))
			.satisfies((ex) -> assertThat(ex.getReason())
				.isEqualTo("The 'action' is missing: it is one of 'reconnect', 'stop', 'start'"));
		assertThat(this.client.told()).isEmpty();
	}

	@Test
	void theDocumentedExampleHasTheFieldsOfAnAnswerAndNoOther() throws IOException {
		MqttFailure rejected = MqttFailure.of(PacketType.PUBREC, ReasonCode.NOT_AUTHORIZED)
			.topic("denied/x")
			.reasonString("not for you")
			.build();
		MqttIncident incident = new MqttIncident(TIME, rejected, new Classification(ErrorClass.RECOVERABLE, "default"),
				"connection kept, publish failed");
		this.client.connected("mqtt://broker:1883", TIME, true)
			.subscriptions(
					new SubscriptionStatus("a", 2, SubscriptionStatus.State.ACTIVE, 1, null, List.of("application")),
					new SubscriptionStatus("b", 2, SubscriptionStatus.State.REJECTED, -1, rejected, List.of("x")))
			.incidents(incident);
		FakeMqttClient failed = new FakeMqttClient("telemetry").without(ClientState.FAILED, 1, TIME, TIME, incident,
				FatalKind.BANNED);
		JsonNode answer = this.mapper.valueToTree(new MqttEndpoint(List.of(this.client, failed)).clients());
		String document = Files.readString(Path.of("..", "docs", "observability", "endpoint.md"));
		int start = document.indexOf("```json\n") + 8;
		JsonNode documented = this.mapper.readTree(document.substring(start, document.indexOf("```", start)));
		assertThat(fields("", documented)).containsExactlyInAnyOrderElementsOf(fields("", answer));
		assertThat(documented.at("/clients/default/incidents/0/description").stringValue())
			.isEqualTo(incident.toString());
	}

	private static Set<String> fields(String path, JsonNode node) {
		Set<String> fields = new TreeSet<>();
		if (node.isArray()) {
			node.forEach((element) -> fields.addAll(fields(path, element)));
		}
		node.properties().forEach((property) -> {
			String name = path + "/" + property.getKey();
			fields.add(name);
			fields.addAll(fields(name, property.getValue()));
		});
		return fields;
	}

	private MqttEndpoint endpoint() {
		return new MqttEndpoint(List.of(this.client));
	}

	private void assertJson(Object actual, String expected) {
		assertThat(this.mapper.readTree(this.mapper.writeValueAsString(actual)))
			.isEqualTo(this.mapper.readTree(expected));
	}

	/** Begins a moment after it is told, as one with a thread of its own does. */
	private static final class LateClient extends FakeMqttClient {

		private final Executor later = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

		@Override
		public void start() {
			this.later.execute(() -> without(ClientState.CONNECTING, 0, null, null, null, null));
		}

		@Override
		public void reconnect() {
			start();
		}

	}

}
