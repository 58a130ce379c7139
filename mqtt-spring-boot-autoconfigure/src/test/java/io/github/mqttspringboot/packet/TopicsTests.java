package io.github.mqttspringboot.packet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Topics}.
 */
class TopicsTests {

	private static final String LONGEST = "é".repeat(32767) + "a";

	@ParameterizedTest
	@ValueSource(
			strings = { "a", "/", "a/b", "/a", "a/", "//", "a b/ü/😀", "$SYS/x", "$share/g/a", "\uFEFF", "\u0001" })
	void acceptsTopicNames(String topic) {
		assertThat(Topics.checkName(topic)).isNull();
		assertThat(Topics.checkName(LONGEST)).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			+     | topic name contains the wildcard '+' at index 0
			a/#   | topic name contains the wildcard '#' at index 2
			a/b+c | topic name contains the wildcard '+' at index 3
			''    | topic name is empty
			""")
	void refusesTopicNames(String topic, String problem) {
		assertThat(Topics.checkName(topic)).startsWith(problem);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "/", "#", "+", "+/+", "/+", "a/#", "a/+/b", "a/+/#", "+/#", "/#", "$SYS/#", "$share",
			"$share/g/a", "$share/g/#", "$share/g/+/b", "$share/g//", "$share/g/$SYS/x", "$Share/+/a", "a/$share/#" })
	void acceptsTopicFilters(String filter) {
		assertThat(Topics.checkFilter(filter)).isNull();
		assertThat(Topics.checkFilter(LONGEST)).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			''           | topic filter is empty
			a+           | topic filter has the wildcard '+' at index 1 beside other characters
			+a           | topic filter has the wildcard '+' at index 0 beside other characters
			a/+b/c       | topic filter has the wildcard '+' at index 2 beside other characters
			a/b+/c       | topic filter has the wildcard '+' at index 3 beside other characters
			++           | topic filter has the wildcard '+' at index 0 beside other characters
			+#           | topic filter has the wildcard '+' at index 0 beside other characters
			a#           | topic filter has the wildcard '#' at index 1 beside other characters
			a/#b         | topic filter has the wildcard '#' at index 2 beside other characters
			##           | topic filter has the wildcard '#' at index 0 beside other characters
			a/#/b        | topic filter has the wildcard '#' at index 2, but it must be the last level
			#/           | topic filter has the wildcard '#' at index 0, but it must be the last level
			$share/      | share name at index 7 is empty
			$share//a    | share name at index 7 is empty
			$share/g     | shared subscription has no topic filter
			$share/g/    | shared subscription has no topic filter
			$share/+/a   | share name contains the wildcard '+' at index 7
			$share/g#/a  | share name contains the wildcard '#' at index 8
			$share/#     | share name contains the wildcard '#' at index 7
			$share/g/a+  | topic filter has the wildcard '+' at index 10 beside
			$share/g/#/a | topic filter has the wildcard '#' at index 9, but
			""")
	void refusesTopicFilters(String filter, String problem) {
		assertThat(Topics.checkFilter(filter)).startsWith(problem);
	}

	@ParameterizedTest
	@CsvSource({ "0, the null character U+0000", "D800, the lone surrogate U+D800", "DFFF, the lone surrogate U+DFFF" })
	void refusesCharactersThatCannotBeEncoded(String hex, String character) {
		char bad = (char) Integer.parseInt(hex, 16);
		assertThat(Topics.checkName("ab" + bad + "c")).isEqualTo("topic name contains " + character + " at index 2");
		assertThat(Topics.checkFilter("+/" + bad)).isEqualTo("topic filter contains " + character + " at index 2");
		assertThat(Topics.checkFilter("$share/" + bad + "/a"))
			.isEqualTo("topic filter contains " + character + " at index 7");
	}

	@Test
	void countsTheLengthInBytes() {
		String problem = " has 65536 bytes in UTF-8, but at most 65535 are possible";
		assertThat(Topics.checkName(LONGEST + "b")).isEqualTo("topic name" + problem);
		assertThat(Topics.checkFilter("a/" + "😀".repeat(16383) + "é")).isEqualTo("topic filter" + problem);
	}

	@ParameterizedTest
	@CsvSource({ "a/b, a/b, false", "$share/g/a/b, a/b, true", "$share/g/#, #, true", "$share/g//, /, true",
			"$share, $share, false", "$shared/g/a, $shared/g/a, false" })
	void tellsSharedSubscriptionsAndTheirMatchingPart(String filter, String matchingPart, boolean shared) {
		assertThat(Topics.matchingPart(filter)).isEqualTo(matchingPart);
		assertThat(Topics.isShared(filter)).isEqualTo(shared);
	}

	@ParameterizedTest
	@CsvSource({ "a, a, true", "a, b, false", "a/#, a, true", "a/#, a/b/c, true", "a/#, b/#, false", "+, a, true",
			"+, a/b, false", "+/b, a/+, true", "+/b, a/c, false", "#, a/b, true", "a/b, a/b/c, false",
			"a/+, a/b/c, false", "a/+, a, false", "a/+/#, a/b, true", "a/+/#, a, false", "a/, a/+, true",
			"a/, a, false", "/+, +, false", "$share/g/a/#, a/b, true", "$share/g/a, $share/h/a, true",
			"$share/g/a, g/a, false", "ab, a, false", "a/bc, a/b, false" })
	void tellsWhetherFiltersOverlap(String one, String other, boolean overlap) {
		assertThat(Topics.overlap(one, other)).isEqualTo(overlap);
		assertThat(Topics.overlap(other, one)).isEqualTo(overlap);
	}

}
