package io.github.mqttspringboot.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample traces everything, and sends nothing away.
 */
class TracingTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	@Test
	void tracesRequestsAsPartOfTheirCallersTrace() throws Exception {
		try (ConfigurableApplicationContext context = run(Spans.class)) {
			URI uri = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")
					+ "/actuator/health/mqtt");
			HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(uri).header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01").build(),
						HttpResponse.BodyHandlers.discarding());
			Spans spans = context.getBean(Spans.class);
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(spans.exported).extracting(SpanData::getTraceId).contains(TRACE));
		}
	}

	@Test
	void samplesTracesThatNobodyElseBegan() {
		try (ConfigurableApplicationContext context = run(Spans.class)) {
			Spans spans = context.getBean(Spans.class);
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(spans.exported).extracting(SpanData::getName)
					.anySatisfy((name) -> assertThat(name).contains("readings.publish")));
		}
	}

	@Test
	void hasNoExporter() {
		try (ConfigurableApplicationContext context = run()) {
			assertThat(context.getBeansOfType(SpanExporter.class)).isEmpty();
		}
	}

	private static ConfigurableApplicationContext run(Class<?>... further) {
		return new SpringApplicationBuilder(SampleApplication.class)
			.sources(WebServerTests.FakeClientConfiguration.class)
			.sources(further)
			.run("--server.port=0", "--sample.broker.port=0", "--sample.reading.interval=20ms",
					"--management.opentelemetry.tracing.export.schedule-delay=50ms");
	}

	@Configuration(proxyBeanMethods = false)
	static class Spans {

		private final List<SpanData> exported = new CopyOnWriteArrayList<>();

		@Bean
		SpanExporter spanExporter() {
			return new SpanExporter() {

				@Override
				public CompletableResultCode export(Collection<SpanData> spans) {
					Spans.this.exported.addAll(spans);
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

			};
		}

	}

}
