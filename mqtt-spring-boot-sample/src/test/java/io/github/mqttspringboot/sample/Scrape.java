package io.github.mqttspringboot.sample;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.mqttspringboot.sample.PromQl.LabelMatcher;
import io.github.mqttspringboot.sample.PromQl.Selector;

/**
 * The answer to a scrape of Prometheus: the labels of each series, by metric.
 *
 * @param series all series
 */
record Scrape(Map<String, List<Map<String, String>>> series) {

	/** What Prometheus adds to each series itself. */
	private static final Set<String> TARGET_LABELS = Set.of("job", "instance");

	private static final Pattern LINE = Pattern.compile("(?<metric>[a-zA-Z_:][\\w:]*)(?:\\{(?<labels>.*)})? \\S+");

	private static final Pattern LABEL = Pattern.compile("(?<name>\\w+)=\"(?<value>(?:[^\"\\\\]|\\\\.)*)\",?");

	static Scrape parse(String text) {
		Map<String, List<Map<String, String>>> series = new TreeMap<>();
		text.lines().filter((line) -> !line.startsWith("#") && !line.isBlank()).forEach((line) -> {
			Matcher matcher = LINE.matcher(line);
			if (!matcher.matches()) {
				throw new IllegalArgumentException("Not a series: " + line);
			}
			Map<String, String> labels = new HashMap<>();
			if (matcher.group("labels") != null) {
				Matcher label = LABEL.matcher(matcher.group("labels"));
				while (label.find()) {
					labels.put(label.group("name"), label.group("value"));
				}
			}
			series.computeIfAbsent(matcher.group("metric"), (metric) -> new ArrayList<>()).add(labels);
		});
		return new Scrape(series);
	}

	/**
	 * Return what an expression names that is not here.
	 * @param expression the expression
	 * @param further further labels that its result must have
	 */
	List<String> missing(String expression, Set<String> further) {
		PromQl query = PromQl.parse(expression);
		List<String> missing = new ArrayList<>();
		for (Selector selector : query.selectors()) {
			List<Map<String, String>> found = this.series.getOrDefault(selector.metric(), List.of());
			if (found.isEmpty()) {
				missing.add(selector.metric());
			}
			else {
				selector.matchers().forEach((matcher) -> check(selector.metric(), found, matcher, missing));
			}
		}
		if (!missing.isEmpty()) {
			return missing;
		}
		Set<String> labels = new TreeSet<>(query.labels());
		labels.addAll(further);
		for (String label : labels) {
			if (query.selectors().stream().noneMatch((selector) -> hasLabel(selector.metric(), label))) {
				missing.add("label " + label + " in " + expression);
			}
		}
		return missing;
	}

	private boolean hasLabel(String metric, String label) {
		return TARGET_LABELS.contains(label)
				|| this.series.getOrDefault(metric, List.of()).stream().anyMatch((labels) -> labels.containsKey(label));
	}

	private void check(String metric, List<Map<String, String>> found, LabelMatcher matcher, List<String> missing) {
		if (!hasLabel(metric, matcher.label())) {
			missing.add(metric + "{" + matcher.label() + "}");
		}
		else if (matcher.namesValue() && !TARGET_LABELS.contains(matcher.label())
				&& found.stream().noneMatch((labels) -> matcher.matches(labels.getOrDefault(matcher.label(), "")))) {
			missing.add(metric + "{" + matcher.label() + matcher.operator() + "\"" + matcher.value() + "\"}");
		}
	}

}
