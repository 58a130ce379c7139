package io.github.mqttspringboot.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads the files of {@code docs/observability}.
 */
final class ObservabilityDocs {

	private static final Path DIRECTORY = Path.of("..", "docs", "observability");

	private static final Pattern LABEL = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");

	private ObservabilityDocs() {
	}

	static JsonNode dashboard() {
		return JsonMapper.shared().readTree(read("grafana-dashboard.json"));
	}

	static List<JsonNode> panels() {
		List<JsonNode> panels = new ArrayList<>();
		dashboard().get("panels").forEach(panels::add);
		assertThat(panels).isNotEmpty();
		return panels;
	}

	@SuppressWarnings("unchecked")
	static List<Map<String, Object>> rules() {
		Map<String, Object> file = new Yaml().load(read("alerts.yml"));
		List<Map<String, Object>> rules = ((List<Map<String, Object>>) file.get("groups")).stream()
			.flatMap((group) -> ((List<Map<String, Object>>) group.get("rules")).stream())
			.toList();
		assertThat(rules).isNotEmpty();
		return rules;
	}

	static String read(String file) {
		try {
			return Files.readString(DIRECTORY.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the labels that a template shows, such as a legend or an annotation.
	 */
	static Set<String> labels(String template) {
		return LABEL.matcher(template).results().map((label) -> label.group(1)).collect(Collectors.toSet());
	}

}
