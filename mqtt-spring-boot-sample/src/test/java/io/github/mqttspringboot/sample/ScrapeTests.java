package io.github.mqttspringboot.sample;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Scrape}.
 */
class ScrapeTests {

	private final Scrape scrape = Scrape.parse("""
			# HELP a_total Text with {braces="x"} 1
			# TYPE a_total counter
			a_total{kind="one",text="b \\"{c}\\", d"} 1.0
			a_total{kind="two",text=""} 2.0E8
			b 0.0
			""");

	@Test
	void missesNothingThatIsThere() {
		assertThat(this.scrape.missing("sum by (kind, instance) (a_total{kind=~\"one|two\", text!=\"x\"}) > b",
				Set.of("text", "job")))
			.isEmpty();
	}

	@Test
	void missesMetricsLabelsAndValues() {
		assertThat(this.scrape.missing("c / b{kind=\"one\"} / a_total{kind=\"three\"}", Set.of())).containsExactly("c",
				"b{kind}", "a_total{kind=\"three\"}");
	}

	@Test
	void missesLabelsOfTheResult() {
		assertThat(this.scrape.missing("sum by (color) (a_total)", Set.of("shape")))
			.containsExactly("label color in sum by (color) (a_total)", "label shape in sum by (color) (a_total)");
	}

	@Test
	void refusesWhatIsNoScrape() {
		assertThatIllegalArgumentException().isThrownBy(() -> Scrape.parse("<html>"));
	}

}
