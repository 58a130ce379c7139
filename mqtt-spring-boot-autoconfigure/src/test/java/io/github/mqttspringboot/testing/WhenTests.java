package io.github.mqttspringboot.testing;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class WhenTests {

	@ParameterizedTest
	@CsvSource({ "a/b, a/b, true", "a/b, a/c, false", "a/+, a/b, true", "a/+, a/b/c, false", "a/+, a, false",
			"+/b, a/b, true", "a/#, a, true", "a/#, a/b/c, true", "a/#, ab, false", "#, a/b, true", "#, $SYS/x, false",
			"+/x, $SYS/x, false", "$SYS/#, $SYS/x, true", "a/b, a, false", "a, a/b, false", "a/+, a/, true" })
	void matchesTopicsAsTheSpecificationSays(String filter, String topic, boolean matches) {
		assertThat(When.matches(filter, topic)).isEqualTo(matches);
	}

}
