package io.github.mqttspringboot.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.observation.ObservationClientInterceptor;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@code docs/observability/metrics.md} to what is registered.
 */
class MetricsDocumentationTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "observability", "metrics.md");

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void theTableHasEveryMeterAndNoOther() throws Exception {
		new MqttMetrics(new FakeMqttClient()).bindTo(this.registry);
		observe(new FakeMqttClient());
		List<String> registered = this.registry.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getType() != Meter.Type.LONG_TASK_TIMER)
			.map(MetricsDocumentationTests::row)
			.distinct()
			.toList();
		assertThat(documented()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(registered);
	}

	/** Publish and process a message, as Boot's registry observes it. */
	private void observe(ManagedMqttClient client) throws Exception {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(this.registry));
		ObservationClientInterceptor interceptor = new ObservationClientInterceptor(observations, null, null);
		interceptor.publish(client, PublishRequest.to("a").build(),
				(request) -> CompletableFuture.failedFuture(new IllegalStateException()));
		interceptor.around(client, SubscribeRequest.to("a").build(), (message) -> null)
			.handle(new ReceivedMessage("a", new byte[0], 0, false, false, PublishProperties.NONE));
	}

	// Micrometer describes no timer of an observation
	private static String description(Meter.Id id) {
		return switch (id.getName()) {
			case "mqtt.publish" -> "Publishes, until the server has acknowledged them";
			case "mqtt.process" -> "Calls of listeners and handlers";
			default -> Objects.requireNonNull(id.getDescription());
		};
	}

	private static String row(Meter meter) {
		Meter.Id id = meter.getId();
		return String.join(" | ", "`" + id.getName() + "`", id.getType().name().toLowerCase(Locale.ROOT),
				Objects.requireNonNullElse(id.getBaseUnit(), ""),
				String.join(", ", id.getTags().stream().map(Tag::getKey).map((key) -> "`" + key + "`").toList()),
				description(id));
	}

	private static List<String> documented() throws IOException {
		return Files.readAllLines(DOCUMENT)
			.stream()
			.filter((line) -> line.startsWith("| `mqtt."))
			.map((line) -> String.join(" | ", Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList()))
			.toList();
	}

}
