package io.github.mqttspringboot.observation;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.messaging.support.MessageBuilder;

import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.core.MqttMessageHeaders;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.error.UserProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttObservation#PUBLISH}.
 */
class PublishObservationTests {

	private final PendingClient client = new PendingClient();

	private final MqttTemplate template = new MqttTemplate(this.client);

	private final RecordedObservations observations = new RecordedObservations();

	PublishObservationTests() {
		this.client.connected("mqtt://broker_1:1883", Instant.EPOCH, false);
		observe(null);
	}

	@Test
	void aPublishIsObservedUntilItsOutcome() {
		this.template.publish("a/b", "x");
		assertThat(this.observations.started).hasSize(1);
		assertThat(this.observations.stopped).isEmpty();
		this.client.outcome.complete(accepted());
		Observation.Context context = this.observations.stopped.get(0);
		assertThat(context.getError()).isNull();
		assertThat(context.getName()).isEqualTo("mqtt.publish");
		assertThat(context.getContextualName()).isEqualTo("publish");
		assertThat(RecordedObservations.asMap(context.getLowCardinalityKeyValues()))
			.containsExactlyInAnyOrderEntriesOf(Map.of("client", "default", "messaging.system", "mqtt",
					"messaging.operation.type", "send", "messaging.operation.name", "publish", "server.address",
					"broker_1", "server.port", "1883", "error.type", "none"));
		assertThat(RecordedObservations.asMap(context.getHighCardinalityKeyValues()))
			.containsExactlyInAnyOrderEntriesOf(
					Map.of("messaging.destination.name", "a/b", "messaging.client.id", "fake-client"));
	}

	@Test
	void theKeysAreThoseOfTheDocumentation() {
		this.template.publish("a/b", "x");
		Observation.Context context = this.observations.started.get(0);
		assertThat(RecordedObservations.asMap(context.getLowCardinalityKeyValues()))
			.containsOnlyKeys(names(MqttObservation.PUBLISH.getLowCardinalityKeyNames()));
		assertThat(RecordedObservations.asMap(context.getHighCardinalityKeyValues()))
			.containsOnlyKeys(names(MqttObservation.PUBLISH.getHighCardinalityKeyNames()));
	}

	static String[] names(KeyName[] keys) {
		return Arrays.stream(keys).map(KeyName::asString).toArray(String[]::new);
	}

	@Test
	void aRefusedPublishIsAnErrorOfItsReason() {
		this.template.publish("a/b", "x");
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED).build();
		MqttPublishRejectedException refusal = new MqttPublishRejectedException("refused", failure,
				new Classification(ErrorClass.RECOVERABLE, "default"));
		this.client.outcome.completeExceptionally(refusal);
		Observation.Context context = this.observations.stopped.get(0);
		assertThat(context.getError()).isSameAs(refusal);
		assertThat(context.getLowCardinalityKeyValue("error.type").getValue()).isEqualTo("not-authorized");
	}

	@Test
	void aCancelledPublishIsAnErrorOfItsClass() {
		this.template.publish("a/b", "x").cancel(true);
		assertThat(this.observations.stopped.get(0).getLowCardinalityKeyValue("error.type").getValue())
			.isEqualTo(CancellationException.class.getName());
	}

	@Test
	void aClientThatThrowsEndsTheObservation() {
		this.client.thrown = new IllegalStateException("broken");
		assertThat(this.template.publish("a/b", "x")).isCompletedExceptionally();
		assertThat(this.observations.stopped.get(0).getError()).isSameAs(this.client.thrown);
	}

	@Test
	void aRequestIsObservedUntilItsReply() {
		this.client.outcome.complete(accepted());
		CompletableFuture<String> reply = this.template.request("a/b", "x", String.class);
		assertThat(this.client.published()).hasSize(1);
		assertThat(this.observations.stopped).isEmpty();
		reply.complete("y");
		assertThat(this.observations.stopped.get(0).getLowCardinalityKeyValue("messaging.operation.name").getValue())
			.isEqualTo("request");
	}

	@Test
	void whatIsInjectedReplacesWhatAnotherMessageBrought() {
		this.observations.injected.put("traceparent", "new");
		this.template.send(MessageBuilder.withPayload("x")
			.setHeader(MqttMessageHeaders.TOPIC, "a/b")
			.setHeader("traceparent", "old")
			.setHeader("site", "north")
			.build());
		PublishRequest request = this.client.published().get(0);
		assertThat(request.userProperties()).containsExactlyInAnyOrder(new UserProperty("traceparent", "new"),
				new UserProperty("site", "north"));
	}

	@Test
	void whatMqttCannotCarryIsLeftOut() {
		this.observations.injected.put("baggage", "a=\u0000");
		this.observations.injected.put("tracestate", "x".repeat(65_536));
		this.observations.injected.put("traceparent", "new");
		this.template.publish("a/b", "x");
		assertThat(this.client.published().get(0).userProperties())
			.containsExactly(new UserProperty("traceparent", "new"));
	}

	@Test
	void controlCharactersOfATopicAreEscaped() {
		this.template.publish("a\n/b", "x");
		assertThat(this.observations.started.get(0).getHighCardinalityKeyValue("messaging.destination.name").getValue())
			.isEqualTo("a\\u000A/b");
	}

	@Test
	void aConventionOfTheApplicationNamesTheObservation() {
		observe(new DefaultMqttPublishObservationConvention() {

			@Override
			public String getName() {
				return "mine";
			}

		});
		this.template.publish("a/b", "x");
		assertThat(this.observations.started.get(0).getName()).isEqualTo("mine");
	}

	@Test
	void aConventionOfTheRegistryNamesTheObservation() {
		this.observations.registry.observationConfig().observationConvention(new Theirs());
		this.template.publish("a/b", "x");
		assertThat(this.observations.started.get(0).getName()).isEqualTo("theirs");
	}

	@ParameterizedTest
	@CsvSource({ "mqtt://a:1883,a,1883", "mqtts://a_b:8883,a_b,8883", "ws://[::1]:80/mqtt,::1,80", "mqtt://a,a,none",
			"mqtt://[::1],::1,none", "a:1,a,1", ",none,none", "mqtt://,none,none" })
	void theAddressIsThatOfTheServer(String uri, String host, String port) {
		assertThat(ServerAddress.of(uri)).isEqualTo(new ServerAddress(host, port));
	}

	private void observe(MqttPublishObservationConvention convention) {
		this.template.setPublishInterceptor(new ObservationPublishInterceptor(this.observations.registry, convention));
	}

	private static PublishResult accepted() {
		return new PublishResult("a/b", 1, PacketType.PUBACK, 0, ReasonCode.SUCCESS, null, List.of());
	}

	/** A convention that the registry has. */
	private static final class Theirs extends DefaultMqttPublishObservationConvention
			implements GlobalObservationConvention<MqttSenderContext> {

		@Override
		public String getName() {
			return "theirs";
		}

	}

	/** Publishes when a test wants. */
	private static final class PendingClient extends FakeMqttClient {

		final CompletableFuture<PublishResult> outcome = new CompletableFuture<>();

		RuntimeException thrown;

		@Override
		public CompletableFuture<PublishResult> publish(PublishRequest request) {
			super.publish(request);
			if (this.thrown != null) {
				throw this.thrown;
			}
			return this.outcome;
		}

	}

}
