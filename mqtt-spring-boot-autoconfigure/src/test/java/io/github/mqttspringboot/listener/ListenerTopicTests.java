package io.github.mqttspringboot.listener;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ListenerTopic}.
 */
class ListenerTopicTests {

	@ParameterizedTest
	@CsvSource({ "a/b,a/b", "meters/{id}/reading,meters/+/reading", "{site}/#,+/#", "+/{x},+/+",
			"$share/g/{a}/b,$share/g/+/b", "/{a}/,/+/" })
	void aVariableIsSubscribedAsOneLevel(String template, String filter) {
		assertThat(ListenerTopic.parse("x", template, null).filter()).isEqualTo(filter);
	}

	@Test
	void aGroupSharesTheFilter() {
		ListenerTopic topic = ListenerTopic.parse("x", "meters/{id}", "workers");
		assertThat(topic.filter()).isEqualTo("$share/workers/meters/+");
		assertThat(topic.match("meters/7")).isEqualTo(Map.of("id", "7"));
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "a/{x}/c,a/b/c,b", "a/{x}/c,a//c,''", "a/{x}/#,a/b/c/d,b", "a/{x}/#,a/b,b", "{x},a,a",
					"a/{x}/c,a/b,-", "a/{x}/c,a/b/c/d,-", "a/{x}/c,a/b/d,-", "{x}/a,$SYS/a,-", "$SYS/{x},$SYS/a,a",
					"a/{x}/#,a,-" })
	void variablesAreTheLevelsOfTheTopicName(String template, String topic, String value) {
		assertThat(ListenerTopic.parse("x", template, null).match(topic))
			.isEqualTo((value != null) ? Map.of("x", value) : null);
	}

	@Test
	void aFilterWithoutLevelsAboveMatchesItsParent() {
		assertThat(ListenerTopic.parse("x", "a/#", null).match("a")).isEmpty();
		assertThat(ListenerTopic.parse("x", "#", null).match("$SYS/a")).isNull();
	}

	@Test
	void allFiltersThatMatchHaveVariablesAndTheFirstOfAVariableCounts() {
		List<ListenerTopic> topics = List.of(ListenerTopic.parse("x", "#", null),
				ListenerTopic.parse("x", "a/{one}", null), ListenerTopic.parse("x", "{two}/b", null),
				ListenerTopic.parse("x", "+/b/{one}", null), ListenerTopic.parse("x", "{one}/{two}/c", null));
		assertThat(ListenerTopic.variables(topics, "a/b")).isEqualTo(Map.of("one", "b", "two", "a"));
		assertThat(ListenerTopic.variables(topics, "c/b")).isEqualTo(Map.of("two", "c"));
		assertThat(ListenerTopic.variables(topics, "a/b/c")).isEqualTo(Map.of("one", "c", "two", "b"));
		assertThat(ListenerTopic.variables(topics, "c/d")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			value = { "a/b{x}|-|neither a whole level", "a/{x|-|neither a whole level", "a/{}|-|neither a whole level",
					"{x}/{x}|-|twice", "a/#/b|-|must be the last level", "a+|-|must be a level of its own",
					"''|-|is empty", "$share/g/a|h|shared subscription already", "a|g/h|name of a group has no slash",
					"a|+|share name contains" })
	void whatCannotBeSubscribedIsRefused(String template, String group, String reason) {
		assertThatExceptionOfType(InvalidMqttListenerException.class)
			.isThrownBy(() -> ListenerTopic.parse("Meters.reading", template, group))
			.withMessageContaining("Meters.reading")
			.withMessageContaining(reason);
	}

}
