package io.github.mqttspringboot.observation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.micrometer.observation.Observation;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.retry.RetryPolicy;

import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.listener.DefaultMqttListenerContainerFactory;
import io.github.mqttspringboot.listener.MqttListenerContainer;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;
import io.github.mqttspringboot.listener.MqttListenerSettings;
import io.github.mqttspringboot.listener.MqttMessageListener;
import io.github.mqttspringboot.listener.RecordingClient;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttObservation#PROCESS}.
 */
class ProcessObservationTests {

	private final RecordingClient client = new RecordingClient();

	private final RecordedObservations observations = new RecordedObservations();

	private final DefaultMqttListenerContainerFactory factory = new DefaultMqttListenerContainerFactory();

	private final List<MqttListenerContainer> containers = new ArrayList<>();

	ProcessObservationTests() {
		this.client.connected("mqtt://broker:1883", Instant.EPOCH, false);
		this.factory.setClient(this.client);
		this.factory.setTaskExecutor(Runnable::run);
		this.factory.setSettings(MqttListenerSettings.defaults()
			.withRetryPolicy(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build()));
		observe(null);
	}

	@AfterEach
	void destroy() throws Exception {
		for (MqttListenerContainer container : this.containers) {
			((DisposableBean) container).destroy();
		}
	}

	@Test
	void aMessageIsObservedWhileItIsProcessed() {
		List<Observation> current = new ArrayList<>();
		start((message, acknowledgment) -> {
			current.add(this.observations.registry.getCurrentObservation());
			return null;
		}, "other", "a/{x}", "#");
		this.client.deliver("a/b", "x", 1);
		Observation.Context context = this.observations.stopped.get(0);
		assertThat(current.get(0).getContext()).isSameAs(context);
		assertThat(this.observations.registry.getCurrentObservation()).isNull();
		assertThat(context.getError()).isNull();
		assertThat(context.getName()).isEqualTo("mqtt.process");
		assertThat(context.getContextualName()).isEqualTo("process a/+");
		assertThat(RecordedObservations.asMap(context.getLowCardinalityKeyValues())).containsExactlyInAnyOrderEntriesOf(
				Map.of("client", "default", "listener", "test", "messaging.system", "mqtt", "messaging.operation.type",
						"process", "messaging.operation.name", "process", "messaging.destination.template", "a/+",
						"server.address", "broker", "server.port", "1883", "error.type", "none"));
		assertThat(RecordedObservations.asMap(context.getHighCardinalityKeyValues()))
			.containsExactlyInAnyOrderEntriesOf(
					Map.of("messaging.destination.name", "a/b", "messaging.client.id", "fake-client"));
	}

	@Test
	void theKeysAreThoseOfTheDocumentation() {
		start((message, acknowledgment) -> null, "$share/g/a/#");
		this.client.deliver("a/b", "x", 1);
		Observation.Context context = this.observations.stopped.get(0);
		assertThat(RecordedObservations.asMap(context.getLowCardinalityKeyValues()))
			.containsOnlyKeys(PublishObservationTests.names(MqttObservation.PROCESS.getLowCardinalityKeyNames()))
			.containsEntry("messaging.destination.template", "$share/g/a/#");
		assertThat(RecordedObservations.asMap(context.getHighCardinalityKeyValues()))
			.containsOnlyKeys(PublishObservationTests.names(MqttObservation.PROCESS.getHighCardinalityKeyNames()));
	}

	@Test
	void aStageIsObservedUntilItEnds() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		start((message, acknowledgment) -> stage, "#");
		this.client.deliver("a", "x", 1);
		assertThat(this.observations.started).hasSize(1);
		assertThat(this.observations.stopped).isEmpty();
		stage.complete("done");
		assertThat(this.observations.stopped).hasSize(1);
	}

	@Test
	void eachAttemptIsAnObservationOfItsOwn() {
		IllegalStateException thrown = new IllegalStateException("thrown");
		IllegalArgumentException staged = new IllegalArgumentException("staged");
		start((message, acknowledgment) -> {
			if (this.observations.started.size() == 1) {
				throw thrown;
			}
			return (this.observations.started.size() == 2) ? CompletableFuture.runAsync(() -> {
				throw staged;
			}) : null;
		}, "#");
		assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.observations.stopped).extracting(Observation.Context::getError)
			.containsExactly(thrown, staged, null);
		assertThat(this.observations.stopped)
			.extracting((context) -> context.getLowCardinalityKeyValue("error.type").getValue())
			.containsExactly(IllegalStateException.class.getName(), IllegalArgumentException.class.getName(), "none");
	}

	@Test
	void aResultIsPublishedWithinTheObservation() throws Exception {
		listen("now");
		this.client.deliver("a", "x", 1, RecordingClient.properties(null, "answers"));
		assertThat(this.client.allPublished()).hasSize(1);
		assertAnsweredWithinTheObservation();
	}

	@Test
	void aResultThatComesLaterIsPublishedWithinTheObservation() throws Exception {
		Methods methods = listen("later");
		this.client.deliver("a", "x", 1, RecordingClient.properties(null, "answers"));
		assertThat(this.observations.stopped).isEmpty();
		CompletableFuture.runAsync(() -> methods.result.complete("y")).join();
		Awaitility.await().untilAsserted(() -> assertThat(this.client.allPublished()).hasSize(1));
		assertAnsweredWithinTheObservation();
	}

	private void assertAnsweredWithinTheObservation() {
		Awaitility.await().untilAsserted(() -> assertThat(this.observations.stopped).hasSize(2));
		Observation.Context publish = this.observations.stopped.get(0);
		Observation.Context process = this.observations.stopped.get(1);
		assertThat(publish).isInstanceOf(MqttSenderContext.class);
		assertThat(process).isInstanceOf(MqttReceiverContext.class);
		assertThat(publish.getParentObservation()).isNotNull();
		assertThat(publish.getParentObservation().getContextView()).isSameAs(process);
	}

	@Test
	void whatIdentifiesTheTraceComesFromUserProperties() {
		start((message, acknowledgment) -> null, "#");
		PublishProperties properties = RecordingClient.properties(null, null, new UserProperty("traceparent", "1"),
				new UserProperty("Traceparent", "2"), new UserProperty("traceparent", "3"));
		this.client.deliver("a", "x", 1, properties);
		MqttReceiverContext context = (MqttReceiverContext) this.observations.stopped.get(0);
		assertThat(context.getGetter().get(context.getCarrier(), "traceparent")).isEqualTo("3");
		assertThat(context.getGetter().getAll(context.getCarrier(), "traceparent")).containsExactly("1", "3");
		assertThat(context.getGetter().get(context.getCarrier(), "baggage")).isNull();
	}

	@Test
	void aConventionOfTheApplicationNamesTheObservation() {
		observe(new DefaultMqttProcessObservationConvention() {

			@Override
			public String getName() {
				return "mine";
			}

		});
		start((message, acknowledgment) -> null, "#");
		this.client.deliver("a", "x", 1);
		assertThat(this.observations.stopped.get(0).getName()).isEqualTo("mine");
	}

	private void observe(MqttProcessObservationConvention convention) {
		this.factory.setInterceptor(new ObservationListenerInterceptor(this.observations.registry, convention));
		this.factory.addReplyTemplateCustomizer(this::observeReplies);
	}

	private void observeReplies(MqttTemplate template) {
		template.setPublishInterceptor(new ObservationPublishInterceptor(this.observations.registry, null));
	}

	private void start(MqttMessageListener listener, String... topics) {
		start(MqttListenerEndpoint.withId("test").topics(topics).listener(listener).build());
	}

	private Methods listen(String name) {
		Methods methods = new Methods();
		Method method = Arrays.stream(Methods.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		start(MqttListenerEndpoint.withId("test").topics("#").method(methods, method).build());
		return methods;
	}

	private void start(MqttListenerEndpoint endpoint) {
		MqttListenerContainer container = this.factory.createContainer(endpoint);
		this.containers.add(container);
		container.start();
	}

	/** Listeners with results. */
	static class Methods {

		final CompletableFuture<String> result = new CompletableFuture<>();

		String now(String text) {
			return text;
		}

		CompletionStage<String> later(String text) {
			return this.result;
		}

	}

}
