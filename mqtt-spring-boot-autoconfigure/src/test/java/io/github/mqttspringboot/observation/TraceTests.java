package io.github.mqttspringboot.observation;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelBaggageManager;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.testing.ArtemisBroker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a tracer sees of messages that go through a real broker.
 */
class TraceTests {

	private static ArtemisBroker broker;

	private static ConfigurableApplicationContext context;

	private final Spans spans = context.getBean(Spans.class);

	private final OtelTracer tracer = context.getBean(OtelTracer.class);

	private final MqttTemplate template = context.getBean(MqttTemplate.class);

	private final Hops hops = context.getBean(Hops.class);

	@BeforeAll
	static void start() {
		broker = ArtemisBroker.startAnonymous();
		context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "mqtt.servers=" + broker.uri(), "mqtt.listener.retry.delay=1ms")
			.run();
		Awaitility.await()
			.untilAsserted(() -> assertThat(context.getBean(ManagedMqttClient.class).subscriptions()).hasSize(5)
				.allMatch((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE));
	}

	@AfterAll
	static void stop() {
		context.close();
		broker.close();
	}

	@BeforeEach
	void forget() {
		this.spans.ended.clear();
	}

	@Test
	void aTraceGoesThroughTheBrokerAndOn() {
		Observation root = Observation.start("root", context.getBean(ObservationRegistry.class));
		root.scoped(() -> {
			try (BaggageInScope baggage = this.tracer.createBaggageInScope("tenant", "north")) {
				this.template.publish("first/7", "hop");
			}
		});
		root.stop();
		List<SpanData> all = awaitSpans(5);
		SpanData first = span("publish", "first/7");
		SpanData second = span("process first/+", "first/7");
		SpanData third = span("publish", "second/7");
		SpanData fourth = span("process second/#", "second/7");
		assertThat(all).extracting(SpanData::getTraceId).containsOnly(first.getTraceId());
		assertThat(first.getParentSpanId()).isEqualTo(span("root", null).getSpanId());
		assertThat(second.getParentSpanId()).isEqualTo(first.getSpanId());
		assertThat(third.getParentSpanId()).isEqualTo(second.getSpanId());
		assertThat(fourth.getParentSpanId()).isEqualTo(third.getSpanId());
		assertThat(List.of(first, third)).extracting(SpanData::getKind).containsOnly(SpanKind.PRODUCER);
		assertThat(List.of(second, fourth)).extracting(SpanData::getKind).containsOnly(SpanKind.CONSUMER);
		assertThat(attribute(second, "messaging.system")).isEqualTo("mqtt");
		assertThat(attribute(second, "messaging.destination.template")).isEqualTo("first/+");
		assertThat(attribute(second, "server.port")).isEqualTo(String.valueOf(broker.port()));
		assertThat(this.hops.baggage).containsExactly("north", "north");
	}

	@Test
	void aReplyBelongsToTheTraceOfItsRequest() {
		assertThat(this.template.request("ask/now", "x", String.class)).succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo("now x");
		assertReplied("ask/now");
	}

	@Test
	void aReplyThatComesLaterBelongsToTheTraceOfItsRequest() {
		assertThat(this.template.request("ask/later", "x", String.class)).succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo("later x");
		assertReplied("ask/later");
	}

	@Test
	void aReplyThatHasComeIsPartOfItsRequestOnly() {
		assertThat(this.template.request("ask/now", "x", String.class)).succeedsWithin(Duration.ofSeconds(10));
		awaitSpans(3);
		// What comes after it shows that nothing more was to come before
		assertThat(this.template.request("ask/now", "y", String.class)).succeedsWithin(Duration.ofSeconds(10));
		awaitSpans(6);
		assertThat(this.spans.ended).extracting(SpanData::getName)
			.containsExactlyInAnyOrder("request", "process ask/now", "publish", "request", "process ask/now",
					"publish");
	}

	private void assertReplied(String topic) {
		awaitSpans(3);
		SpanData request = span("request", topic);
		SpanData process = span("process " + topic, topic);
		SpanData reply = this.spans.ended.stream()
			.filter((span) -> span.getName().equals("publish"))
			.findFirst()
			.orElseThrow();
		assertThat(process.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(reply.getParentSpanId()).isEqualTo(process.getSpanId());
		assertThat(reply.getTraceId()).isEqualTo(request.getTraceId());
		assertThat(attribute(reply, "messaging.destination.name")).startsWith("replies/");
	}

	@Test
	void aRefusedPublishIsAFailedSpan() {
		CompletableFuture<PublishResult> refused = this.template.publish("denied/x", "x");
		assertThat(refused).failsWithin(Duration.ofSeconds(10));
		awaitSpans(1);
		SpanData span = span("publish", "denied/x");
		assertThat(attribute(span, "error.type")).isEqualTo("not-authorized");
		assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
	}

	@Test
	void eachAttemptOfAListenerIsASpanOfTheSameTrace() {
		this.template.publish("failing", "x");
		awaitSpans(4);
		SpanData publish = span("publish", "failing");
		List<SpanData> attempts = this.spans.ended.stream()
			.filter((span) -> span.getName().equals("process failing"))
			.toList();
		assertThat(attempts).hasSize(3)
			.allSatisfy((attempt) -> assertThat(attempt.getParentSpanId()).isEqualTo(publish.getSpanId()));
		assertThat(attempts).extracting((attempt) -> attempt.getStatus().getStatusCode())
			.containsOnly(StatusCode.ERROR);
	}

	private List<SpanData> awaitSpans(int count) {
		Awaitility.await().untilAsserted(() -> assertThat(this.spans.ended).hasSize(count));
		return this.spans.ended;
	}

	private SpanData span(String name, String topic) {
		return this.spans.ended.stream()
			.filter((span) -> span.getName().equals(name)
					&& (topic == null || topic.equals(attribute(span, "messaging.destination.name"))))
			.findFirst()
			.orElseThrow(() -> new AssertionError("no span " + name + " of " + topic + " in " + this.spans.ended));
	}

	private static String attribute(SpanData span, String key) {
		return span.getAttributes().get(AttributeKey.stringKey(key));
	}

	/** The application, with OpenTelemetry wired by hand. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Hops.class)
	static class Application {

		@Bean
		Spans spans() {
			return new Spans();
		}

		@Bean(destroyMethod = "close")
		SdkTracerProvider tracerProvider(Spans spans) {
			return SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build();
		}

		@Bean
		OtelTracer tracer(SdkTracerProvider provider) {
			OtelCurrentTraceContext current = new OtelCurrentTraceContext();
			return new OtelTracer(provider.get("test"), current, (event) -> {
			}, new OtelBaggageManager(current, List.of("tenant"), List.of()));
		}

		@Bean
		ObservationHandler<Observation.Context> tracing(OtelTracer tracer, SdkTracerProvider provider) {
			OtelPropagator propagator = new OtelPropagator(ContextPropagators.create(TextMapPropagator
				.composite(W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())),
					provider.get("test"));
			return new ObservationHandler.FirstMatchingCompositeObservationHandler(
					new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
					new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
					new DefaultTracingObservationHandler(tracer));
		}

	}

	/** Listeners on the way of a trace. */
	static class Hops {

		final List<String> baggage = new CopyOnWriteArrayList<>();

		private final MqttTemplate template;

		private final OtelTracer tracer;

		Hops(MqttTemplate template, OtelTracer tracer) {
			this.template = template;
			this.tracer = tracer;
		}

		@MqttListener(topics = "first/{id}")
		CompletableFuture<?> first(String text) {
			this.baggage.add(String.valueOf(this.tracer.getBaggage("tenant").get()));
			// The outcome is no result to publish
			return this.template.publish("second/7", text).thenApply((result) -> null);
		}

		@MqttListener(topics = "second/#")
		void second(String text) {
			this.baggage.add(String.valueOf(this.tracer.getBaggage("tenant").get()));
		}

		@MqttListener(topics = "ask/now")
		String now(String text) {
			return "now " + text;
		}

		@MqttListener(topics = "ask/later")
		CompletableFuture<String> later(String text) {
			return CompletableFuture.supplyAsync(() -> "later " + text,
					CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
		}

		@MqttListener(topics = "failing")
		void failing(String text) {
			throw new IllegalStateException(text);
		}

	}

	/** Keeps what has ended. */
	static class Spans implements SpanExporter {

		final List<SpanData> ended = new CopyOnWriteArrayList<>();

		@Override
		public CompletableResultCode export(Collection<SpanData> spans) {
			this.ended.addAll(spans);
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode flush() {
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode shutdown() {
			return CompletableResultCode.ofSuccess();
		}

	}

}
