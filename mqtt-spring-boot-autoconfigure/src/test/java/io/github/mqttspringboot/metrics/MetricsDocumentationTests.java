package io.github.mqttspringboot.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.FakeMqttClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@code docs/observability/metrics.md} to what is registered.
 */
class MetricsDocumentationTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "observability", "metrics.md");

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void theTableHasEveryMeterAndNoOther() throws IOException {
		new MqttMetrics(new FakeMqttClient()).bindTo(this.registry);
		List<String> registered = this.registry.getMeters()
			.stream()
			.map(MetricsDocumentationTests::row)
			.distinct()
			.toList();
		assertThat(documented()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(registered);
	}

	private static String row(Meter meter) {
		Meter.Id id = meter.getId();
		return String.join(" | ", "`" + id.getName() + "`", id.getType().name().toLowerCase(Locale.ROOT),
				Objects.requireNonNullElse(id.getBaseUnit(), ""),
				String.join(", ", id.getTags().stream().map(Tag::getKey).map((key) -> "`" + key + "`").toList()),
				Objects.requireNonNull(id.getDescription()));
	}

	private static List<String> documented() throws IOException {
		return Files.readAllLines(DOCUMENT)
			.stream()
			.filter((line) -> line.startsWith("| `mqtt."))
			.map((line) -> String.join(" | ", Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList()))
			.toList();
	}

}
