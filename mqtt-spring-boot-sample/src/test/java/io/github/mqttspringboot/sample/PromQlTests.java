package io.github.mqttspringboot.sample;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.sample.PromQl.LabelMatcher;
import io.github.mqttspringboot.sample.PromQl.Selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PromQl}.
 */
class PromQlTests {

	@Test
	void findsMetricsAndTheirMatchers() {
		PromQl query = PromQl.parse("rate(a_total{x=\"1\", y!~'b{c}'}[5m]) / ignoring (z) b{} > bool 0.5");
		assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a_total", "b");
		assertThat(query.selectors().get(0).matchers()).containsExactly(new LabelMatcher("x", "=", "1"),
				new LabelMatcher("y", "!~", "b{c}"));
		assertThat(query.labels()).containsExactly("z");
	}

	@Test
	void takesNoFunctionKeywordDurationOrVariableForAMetric() {
		PromQl query = PromQl.parse("""
				clamp_min(sum by (p, q) (a{s=~"$s"}) - sum without (r) (a offset $__interval), 0) # not_this
				and max_over_time(b[$__range:1m]) offset 5m unless on (t) group_left (u) c or (d)""");
		assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a", "a", "b", "c", "d");
		assertThat(query.labels()).containsExactly("p", "q", "r", "t", "u");
	}

	@Test
	void comparesOnlyValuesThatAreNamed() {
		assertThat(new LabelMatcher("a", "=", "b").namesValue()).isTrue();
		assertThat(new LabelMatcher("a", "=~", "$b").namesValue()).isFalse();
		assertThat(new LabelMatcher("a", "!=", "b").namesValue()).isFalse();
		assertThat(new LabelMatcher("a", "=~", "b|c").matches("c")).isTrue();
		assertThat(new LabelMatcher("a", "=", "b|c").matches("c")).isFalse();
	}

	@Test
	void refusesWhatItCannotRead() {
		assertThatIllegalArgumentException().isThrownBy(() -> PromQl.parse("{a=\"b\"}"));
		assertThatIllegalArgumentException().isThrownBy(() -> PromQl.parse("a{b=\"c\""));
	}

}
