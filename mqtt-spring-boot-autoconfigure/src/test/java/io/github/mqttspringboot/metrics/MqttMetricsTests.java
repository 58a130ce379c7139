package io.github.mqttspringboot.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ClientStatistics.AttemptOutcome;
import io.github.mqttspringboot.client.ClientStatistics.Direction;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttMetrics}.
 */
class MqttMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final FakeMqttClient client = new FakeMqttClient();

	@Test
	void bothCountersExistAtZeroForEachClass() {
		bind(this.client);
		for (String name : List.of("mqtt.client.errors", "mqtt.client.reconnects")) {
			Set<String> classes = this.registry.get(name)
				.tags("client", "default", "packet", "none", "reason", "none")
				.functionCounters()
				.stream()
				.peek((counter) -> assertThat(counter.count()).isZero())
				.map((counter) -> counter.getId().getTag("error.class"))
				.collect(Collectors.toSet());
			assertThat(classes).containsExactlyInAnyOrder("recoverable", "reconnect", "throttled", "redirect", "fatal");
		}
	}

	@Test
	void errorsAreCountedByClassPacketAndReason() {
		this.client.countError(refused(), ErrorClass.RECOVERABLE);
		bind(this.client);
		this.client.countError(refused(), ErrorClass.RECOVERABLE)
			.countError(MqttFailure.local(LocalError.PACKET_TOO_LARGE).build(), ErrorClass.RECOVERABLE)
			.countError(MqttFailure.of(PacketType.PUBACK, 0xF0).build(), ErrorClass.RECOVERABLE);
		assertThat(count("mqtt.client.errors", "recoverable", "puback", "not-authorized")).isEqualTo(2);
		assertThat(count("mqtt.client.errors", "recoverable", "local", "packet-too-large")).isEqualTo(1);
		assertThat(count("mqtt.client.errors", "recoverable", "puback", "0xF0")).isEqualTo(1);
		assertThat(this.registry.get("mqtt.client.reconnects").functionCounters())
			.allSatisfy((counter) -> assertThat(counter.count()).isZero());
	}

	@Test
	void reconnectsAreCountedByWhatEndedTheConnection() {
		bind(this.client);
		this.client.countReconnect(MqttFailure.local(LocalError.CONNECTION_CLOSED).build(), ErrorClass.RECONNECT);
		assertThat(count("mqtt.client.reconnects", "reconnect", "local", "connection-closed")).isEqualTo(1);
	}

	@Test
	void theConnectionIsAGauge() {
		bind(this.client);
		assertThat(this.registry.get("mqtt.client.connected").gauge().value()).isZero();
		this.client.connected("mqtt://localhost:1883", Instant.EPOCH, false);
		assertThat(this.registry.get("mqtt.client.connected").gauge().value()).isEqualTo(1);
	}

	@Test
	void whatListenersHaveAndWhatTheyWereSparedIsMeasured() {
		bind(this.client);
		this.client.countMessages(3, 2, Duration.ofMillis(1500));
		assertThat(this.registry.get("mqtt.listener.queued").gauge().value()).isEqualTo(3);
		assertThat(this.registry.get("mqtt.listener.dropped").functionCounter().count()).isEqualTo(2);
		assertThat(this.registry.get("mqtt.client.inbound.unacknowledged.age").gauge().value()).isEqualTo(1.5);
	}

	@Test
	void theUptimeIsThatOfTheConnectionInSeconds() {
		bind(this.client);
		TimeGauge uptime = this.registry.get("mqtt.client.connection.uptime").timeGauge();
		assertThat(uptime.value()).isZero();
		this.client.connected("mqtt://localhost:1883", Instant.now().minusSeconds(600), false);
		assertThat(uptime.value(TimeUnit.SECONDS)).isCloseTo(600, Offset.offset(60.0));
		assertThat(uptime.getId().getBaseUnit()).isEqualTo("seconds");
	}

	@Test
	void attemptsAreCountedByOutcomeFromZero() {
		bind(this.client);
		for (AttemptOutcome outcome : AttemptOutcome.values()) {
			assertThat(attempts(outcome.label())).as(outcome.label()).isZero();
		}
		this.client.countAttempt(AttemptOutcome.FAILURE)
			.countAttempt(AttemptOutcome.FAILURE)
			.countAttempt(AttemptOutcome.SUCCESS);
		assertThat(attempts("failure")).isEqualTo(2);
		assertThat(attempts("success")).isEqualTo(1);
		assertThat(attempts("cancelled")).isZero();
	}

	@Test
	void messagesAreCountedByDirectionAndQos() {
		bind(this.client);
		this.client.countMessage(Direction.INBOUND, 0)
			.countMessage(Direction.OUTBOUND, 2)
			.countMessage(Direction.OUTBOUND, 2);
		assertThat(messages("inbound", "0")).isEqualTo(1);
		assertThat(messages("outbound", "2")).isEqualTo(2);
		assertThat(messages("outbound", "0")).isZero();
		assertThat(this.registry.get("mqtt.client.messages").functionCounters()).hasSize(6);
	}

	@Test
	void whatIsInFlightAndWhatWaitsAreGauges() {
		bind(this.client);
		this.client.outbound(3, 5);
		assertThat(this.registry.get("mqtt.client.in.flight").gauge().value()).isEqualTo(3);
		assertThat(this.registry.get("mqtt.client.buffered").gauge().value()).isEqualTo(5);
	}

	@Test
	void subscriptionsAreGaugesByState() {
		bind(this.client);
		this.client.subscriptions(new SubscriptionStatus("a", 1, SubscriptionStatus.State.ACTIVE, 1, null),
				new SubscriptionStatus("b", 1, SubscriptionStatus.State.ACTIVE, 1, null),
				new SubscriptionStatus("c", 1, SubscriptionStatus.State.REJECTED, -1, refused()));
		assertThat(subscriptions("active")).isEqualTo(2);
		assertThat(subscriptions("pending")).isZero();
		assertThat(subscriptions("rejected")).isEqualTo(1);
	}

	@Test
	void metersGoWithTheirBinderAndNoneComesAfterIt() {
		FakeMqttClient second = new FakeMqttClient("second");
		MqttMetrics metrics = new MqttMetrics(this.client);
		SimpleMeterRegistry other = new SimpleMeterRegistry();
		metrics.bindTo(this.registry);
		metrics.bindTo(other);
		bind(second);
		this.client.countError(refused(), ErrorClass.RECOVERABLE);
		metrics.close();
		this.client.countError(MqttFailure.local(LocalError.PACKET_TOO_LARGE).build(), ErrorClass.RECOVERABLE);
		assertThat(other.getMeters()).isEmpty();
		assertThat(this.registry.getMeters()).isNotEmpty()
			.allSatisfy((meter) -> assertThat(meter.getId().getTag("client")).isEqualTo("second"));
	}

	@Test
	void aClientLeavesTheMetersOfItsNamesakeInASharedRegistry() {
		bind(this.client);
		this.client.countError(refused(), ErrorClass.RECOVERABLE);
		int meters = this.registry.getMeters().size();
		FakeMqttClient namesake = new FakeMqttClient();
		MqttMetrics metrics = new MqttMetrics(namesake);
		metrics.bindTo(this.registry);
		namesake.countError(refused(), ErrorClass.RECOVERABLE)
			.countError(MqttFailure.local(LocalError.PACKET_TOO_LARGE).build(), ErrorClass.RECOVERABLE);
		metrics.close();
		assertThat(this.registry.getMeters()).hasSize(meters);
		assertThat(count("mqtt.client.errors", "recoverable", "puback", "not-authorized")).isEqualTo(1);
	}

	@Test
	void meterNamesAndTagsHoldNoTopic() {
		this.client.countError(refused(), ErrorClass.RECOVERABLE)
			.subscriptions(new SubscriptionStatus("denied/x", 1, SubscriptionStatus.State.REJECTED, -1, refused()));
		bind(this.client);
		assertThat(this.registry.getMeters())
			.allSatisfy((meter) -> assertThat(meter.getId().toString()).doesNotContain("denied/x"));
	}

	@Test
	void droppedEventsAreCounted() {
		bind(this.client);
		this.client.countDroppedEvent();
		assertThat(this.registry.get("mqtt.client.events.dropped").functionCounter().count()).isEqualTo(1);
	}

	@Test
	void clientsAreToldApartByTag() {
		FakeMqttClient second = new FakeMqttClient("second");
		bind(this.client);
		bind(second);
		second.countError(refused(), ErrorClass.RECOVERABLE).connected("mqtt://localhost:1883", Instant.EPOCH, false);
		assertThat(this.registry.get("mqtt.client.errors")
			.tags("client", "second", "reason", "not-authorized")
			.functionCounter()
			.count()).isEqualTo(1);
		assertThat(
				this.registry.find("mqtt.client.errors").tags("client", "default", "reason", "not-authorized").meter())
			.isNull();
		assertThat(this.registry.get("mqtt.client.connected").tags("client", "default").gauge().value()).isZero();
		assertThat(this.registry.get("mqtt.client.connected").tags("client", "second").gauge().value()).isEqualTo(1);
	}

	@Test
	void everyMeterIsDescribedAndHasTheSameTagsWithinItsName() {
		this.client.countError(refused(), ErrorClass.RECOVERABLE);
		bind(this.client);
		assertThat(this.registry.getMeters()).isNotEmpty()
			.allSatisfy((meter) -> assertThat(meter.getId().getDescription()).isNotBlank());
		this.registry.getMeters()
			.stream()
			.collect(Collectors.groupingBy((meter) -> meter.getId().getName(),
					Collectors.mapping(MqttMetricsTests::tagKeys, Collectors.toSet())))
			.forEach((name, keys) -> assertThat(keys).as(name).hasSize(1));
	}

	private static List<String> tagKeys(Meter meter) {
		return meter.getId().getTags().stream().map((tag) -> tag.getKey()).toList();
	}

	private void bind(FakeMqttClient client) {
		new MqttMetrics(client).bindTo(this.registry);
	}

	private double count(String name, String errorClass, String packet, String reason) {
		return this.registry.get(name)
			.tags("client", "default", "error.class", errorClass, "packet", packet, "reason", reason)
			.functionCounter()
			.count();
	}

	private double attempts(String outcome) {
		return this.registry.get("mqtt.client.connection.attempts").tag("outcome", outcome).functionCounter().count();
	}

	private double messages(String direction, String qos) {
		return this.registry.get("mqtt.client.messages")
			.tags("direction", direction, "qos", qos)
			.functionCounter()
			.count();
	}

	private double subscriptions(String state) {
		return this.registry.get("mqtt.client.subscriptions").tag("state", state).gauge().value();
	}

	private static MqttFailure refused() {
		return MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED).topic("denied/x").build();
	}

}
