package io.github.mqttspringboot.packet;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TopicTree}.
 */
class TopicTreeTests {

	private static final String[] LEVELS = { "a", "b", "", "$x", "a", "b" };

	private static final int DEEPEST = 65_535;

	private final TopicTree<String> tree = new TopicTree<>();

	@ParameterizedTest
	@CsvSource({ "sport/tennis/#, sport/tennis, true", "sport/tennis/#, sport/tennis/a/b, true", "sport/#, sport, true",
			"sport/#, sports, false", "#, a, true", "#, a/b/c, true", "#, /, true", "sport/+, sport, false",
			"sport/+, sport/, true", "sport/+, sport/a/b, false", "+, /finance, false", "+/+, /finance, true",
			"/+, /finance, true", "+/a/#, b/a, true", "a/+/c, a//c, true", "a//c, a/b/c, false", "#, $SYS, false",
			"#, $SYS/x, false", "+/x, $SYS/x, false", "+/#, $SYS/x, false", "$SYS/#, $SYS/x, true",
			"$SYS/#, $SYS, true", "$SYS/+, $SYS/x, true", "a/#, a/$b, true", "a/+, a/$b, true", "A, a, false",
			"$share/g/a/+, a/b, true", "$share/g/#, $SYS, false", "$share/g/a, $share/g/a, false", "+, +, true",
			"a/b, a/+, false", "a/#, a/#, true" })
	void matchesAsTheSpecificationSays(String filter, String topic, boolean matches) {
		this.tree.add(filter, "x");
		assertThat(this.tree.match(topic)).hasSize((matches) ? 1 : 0);
	}

	@Test
	void findsValuesInTheOrderOfTheirAdding() {
		this.tree.add("a/b", "1");
		this.tree.add("#", "2");
		this.tree.add("a/+", "3");
		this.tree.add("$share/g/a/b", "4");
		this.tree.add("a/#", "5");
		this.tree.add("a/b/#", "6");
		this.tree.add("a/b", "7");
		this.tree.add("c", "8");
		assertThat(this.tree.match("a/b")).containsExactly("1", "2", "3", "4", "5", "6", "7");
	}

	@Test
	void removesOneValueOfOneFilter() {
		this.tree.add("a", "1");
		this.tree.add("a", "2");
		this.tree.add("a", "1");
		this.tree.add("$share/g/a", "1");
		assertThat(this.tree.remove("a", "1")).isTrue();
		assertThat(this.tree.match("a")).containsExactly("2", "1", "1");
		assertThat(this.tree.remove("$share/g/a", "1")).isTrue();
		assertThat(this.tree.match("a")).containsExactly("2", "1");
		assertThat(this.tree.remove("$share/g/a", "1")).isFalse();
		assertThat(this.tree.remove("a", "3")).isFalse();
		assertThat(this.tree.remove("a/b", "1")).isFalse();
		assertThat(this.tree.remove("+", "1")).isFalse();
	}

	@Test
	void keepsWhatIsBelowARemovedFilterAndNothingThatIsEmpty() {
		this.tree.add("a/b", "1");
		this.tree.add("a/b/c/d", "2");
		assertThat(this.tree.remove("a/b", "1")).isTrue();
		assertThat(this.tree.match("a/b/c/d")).containsExactly("2");
		assertThat(this.tree.isEmpty()).isFalse();
		assertThat(this.tree.remove("a/b/c/d", "2")).isTrue();
		assertThat(this.tree.isEmpty()).isTrue();
	}

	@Test
	void standsTheDeepestTopicsAndFilters() {
		String topic = "/".repeat(DEEPEST - 1);
		String filter = "+/".repeat(DEEPEST / 2) + "#";
		this.tree.add(topic, "exact");
		this.tree.add(filter, "plus");
		this.tree.add("#", "hash");
		assertThat(this.tree.match(topic)).containsExactly("exact", "plus", "hash");
		assertThat(this.tree.match("a/" + topic)).containsExactly("plus", "hash");
		assertThat(this.tree.remove(topic, "exact")).isTrue();
		assertThat(this.tree.remove(filter, "plus")).isTrue();
		assertThat(this.tree.remove("#", "hash")).isTrue();
		assertThat(this.tree.isEmpty()).isTrue();
	}

	@Test
	void agreesWithANaiveMatcher() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		int found = 0;
		for (int round = 0; round < 300; round++) {
			TopicTree<Integer> candidate = new TopicTree<>();
			List<String> filters = new ArrayList<>();
			List<Integer> present = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				String filter = randomFilter(random);
				filters.add(filter);
				candidate.add(filter, i);
				present.add(i);
				if (random.nextInt(3) == 0) {
					Integer removed = present.remove(random.nextInt(present.size()));
					assertThat(candidate.remove(filters.get(removed), removed)).isTrue();
				}
				String topic = randomLevels(random);
				List<Integer> expected = present.stream()
					.filter((value) -> matches(filters.get(value), topic))
					.toList();
				found += expected.size();
				assertThat(candidate.match(topic)).as("topic '%s', filters %s, seed %d", topic, filters, seed)
					.isEqualTo(expected);
			}
			for (Integer value : present) {
				assertThat(candidate.remove(filters.get(value), value)).isTrue();
			}
			assertThat(candidate.isEmpty()).as("seed %d", seed).isTrue();
		}
		assertThat(found).isGreaterThan(1_000);
	}

	@Test
	void tenThousandFiltersLeaveNothingBehind() {
		TopicTree<Integer> tree = new TopicTree<>();
		for (int i = 0; i < 10_000; i++) {
			tree.add(filter(i), i);
		}
		assertThat(tree.match("site/7/meter/7/reading")).containsExactly(7);
		assertThat(tree.match("site/9/meter/9/alarm/high")).containsExactly(9);
		for (int i = 9_999; i >= 0; i--) {
			assertThat(tree.remove(filter(i), i)).isTrue();
		}
		assertThat(tree.match("site/7/meter/7/reading")).isEmpty();
		assertThat(tree.isEmpty()).isTrue();
	}

	private static String filter(int i) {
		return (i % 2 == 1 && i % 3 == 0) ? "site/" + i + "/meter/+/alarm/#" : "site/" + i + "/meter/+/reading";
	}

	private static String randomLevels(Random random) {
		StringBuilder topic = new StringBuilder(LEVELS[random.nextInt(LEVELS.length)]);
		for (int i = random.nextInt(4); i > 0; i--) {
			topic.append('/').append(LEVELS[random.nextInt(LEVELS.length)]);
		}
		return (topic.isEmpty()) ? "/" : topic.toString();
	}

	private static String randomFilter(Random random) {
		String[] levels = randomLevels(random).split("/", -1);
		for (int i = 0; i < levels.length; i++) {
			if (random.nextInt(3) == 0) {
				levels[i] = "+";
			}
		}
		if (random.nextInt(3) == 0) {
			levels[levels.length - 1] = "#";
		}
		String filter = String.join("/", levels);
		assertThat(Topics.checkFilter(filter)).isNull();
		return (random.nextInt(5) == 0) ? "$share/g/" + filter : filter;
	}

	private static boolean matches(String filter, String topic) {
		String[] filterLevels = ((filter.startsWith("$share/g/")) ? filter.substring(9) : filter).split("/", -1);
		String[] topicLevels = topic.split("/", -1);
		if (topic.startsWith("$") && (filterLevels[0].equals("+") || filterLevels[0].equals("#"))) {
			return false;
		}
		for (int i = 0; i < filterLevels.length; i++) {
			if (filterLevels[i].equals("#")) {
				return i <= topicLevels.length;
			}
			if (i >= topicLevels.length || !(filterLevels[i].equals("+") || filterLevels[i].equals(topicLevels[i]))) {
				return false;
			}
		}
		return filterLevels.length == topicLevels.length;
	}

}
