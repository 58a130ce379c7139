package io.github.mqttspringboot.endpoint;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.ClientState;
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
			.subscriptions(new SubscriptionStatus("a/#", 2, SubscriptionStatus.State.ACTIVE, 1, null),
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
			.countConnection();
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
						  "connections": 2,
						  "errors": { "recoverable": 1, "reconnect": 0, "throttled": 1, "redirect": 0, "fatal": 0 },
						  "reconnects": { "recoverable": 0, "reconnect": 0, "throttled": 1, "redirect": 0, "fatal": 0 },
						  "subscriptions": [
						    { "filter": "a/#", "state": "ACTIVE", "requestedQos": 2, "grantedQos": 1 },
						    { "filter": "b", "state": "PENDING", "requestedQos": 0 },
						    { "filter": "denied/#", "state": "REJECTED", "requestedQos": 1, "code": "0x87",
						      "name": "not-authorized" }
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
				  "connections": 0,
				  "errors": { "recoverable": 0, "reconnect": 0, "throttled": 0, "redirect": 0, "fatal": 0 },
				  "reconnects": { "recoverable": 0, "reconnect": 0, "throttled": 0, "redirect": 0, "fatal": 0 },
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
	}

	private MqttEndpoint endpoint() {
		return new MqttEndpoint(List.of(this.client));
	}

	private void assertJson(Object actual, String expected) {
		assertThat(this.mapper.readTree(this.mapper.writeValueAsString(actual)))
			.isEqualTo(this.mapper.readTree(expected));
	}

}
