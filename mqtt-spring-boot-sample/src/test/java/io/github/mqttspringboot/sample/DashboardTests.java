package io.github.mqttspringboot.sample;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import io.github.mqttspringboot.sample.PromQl.LabelMatcher;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboard and the alert rules of {@code docs/observability} are well formed, and
 * say what they mean.
 */
class DashboardTests {

	private static final int GRID_WIDTH = 24;

	private static final Pattern ALERT_ROW = Pattern.compile("(?m)^\\| `(Mqtt\\w+)` \\| (\\w+) \\|");

	@Test
	void hasTheVariablesThatItsPanelsFollow() {
		JsonNode dashboard = ObservabilityDocs.dashboard();
		assertThat(dashboard.get("id").isNull()).isTrue();
		assertThat(dashboard.get("uid").stringValue()).hasSizeBetween(1, 40);
		assertThat(dashboard.get("schemaVersion").intValue()).isGreaterThanOrEqualTo(39);
		assertThat(dashboard.at("/templating/list")).extracting((variable) -> variable.get("name").stringValue())
			.containsExactly("datasource", "application", "client");
	}

	@Test
	void givesEachPanelAnIdATitleAndAPlaceOfItsOwn() {
		List<JsonNode> panels = ObservabilityDocs.panels();
		assertThat(panels).extracting((panel) -> panel.get("id").intValue()).doesNotHaveDuplicates();
		assertThat(panels).extracting((panel) -> panel.get("title").stringValue()).doesNotHaveDuplicates();
		Set<String> taken = new HashSet<>();
		for (JsonNode panel : panels) {
			String title = panel.get("title").stringValue();
			JsonNode position = panel.get("gridPos");
			int left = position.get("x").intValue();
			int top = position.get("y").intValue();
			int right = left + position.get("w").intValue();
			int bottom = top + position.get("h").intValue();
			assertThat(right).as(title).isBetween(left + 1, GRID_WIDTH);
			assertThat(bottom).as(title).isGreaterThan(top);
			for (int x = left; x < right; x++) {
				for (int y = top; y < bottom; y++) {
					assertThat(taken.add(x + "," + y)).as("%s overlaps at %d, %d", title, x, y).isTrue();
				}
			}
		}
	}

	@Test
	void saysWhatEachPanelShowsAndFiltersEachQuery() {
		for (JsonNode panel : ObservabilityDocs.panels()) {
			if (panel.get("type").stringValue().equals("row")) {
				continue;
			}
			String title = panel.get("title").stringValue();
			assertThat(panel.get("description").stringValue()).as(title).isNotBlank();
			assertThat(panel.at("/datasource/uid").stringValue()).as(title).isEqualTo("${datasource}");
			assertThat(panel.get("targets")).as(title).isNotEmpty();
			assertThat(panel.get("targets")).as(title)
				.extracting((target) -> target.get("refId").stringValue())
				.doesNotHaveDuplicates();
			for (JsonNode target : panel.get("targets")) {
				assertThat(target.at("/datasource/uid").stringValue()).as(title).isEqualTo("${datasource}");
				assertThat(PromQl.parse(target.get("expr").stringValue()).selectors()).as(title)
					.isNotEmpty()
					.allSatisfy((selector) -> assertThat(selector.matchers()).contains(
							new LabelMatcher("application", "=~", "$application"),
							new LabelMatcher("client", "=~", "$client")));
			}
		}
	}

	@Test
	void documentsEachAlertWithItsSeverity() {
		Set<String> alerts = new TreeSet<>();
		for (Map<String, Object> rule : ObservabilityDocs.rules()) {
			String alert = (String) rule.get("alert");
			Map<?, ?> labels = (Map<?, ?>) rule.get("labels");
			assertThat(alerts.add(alert + " " + labels.get("severity"))).as(alert).isTrue();
			assertThat((Map<?, ?>) rule.get("annotations")).as(alert)
				.extracting("summary", "description")
				.allSatisfy((text) -> assertThat(text).asString().isNotBlank());
		}
		Set<String> documented = ALERT_ROW.matcher(ObservabilityDocs.read("README.md"))
			.results()
			.map((row) -> row.group(1) + " " + row.group(2))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(documented).isEqualTo(alerts);
	}

}
