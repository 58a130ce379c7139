package io.github.mqttspringboot.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.mqttspringboot.benchmarks.Row.Kind;

/**
 * The results, for people and for programs.
 */
final class Report {

	private final List<Result> results;

	Report(List<Result> results) {
		this.results = List.copyOf(results);
	}

	boolean passed() {
		return this.results.stream().allMatch((result) -> result.problem() == null);
	}

	/**
	 * Return a table of medians, ranges and ratios, and the verdict.
	 * @return the text
	 */
	String table() {
		StringBuilder text = new StringBuilder();
		List<String> contenders = this.results.get(0).contenders();
		text.append(String.format(Locale.ROOT, "%-21s %-6s", "", "unit"));
		contenders.forEach((name) -> text.append(String.format(Locale.ROOT, " %30s", name)));
		contenders.stream().skip(1).forEach((name) -> text.append(String.format(Locale.ROOT, " %14s", "ours/" + name)));
		text.append("  goal\n");
		for (Result result : this.results) {
			append(result, contenders, text);
		}
		text.append('\n').append((passed()) ? "All goals are met.\n" : "Goals are missed:\n");
		for (Result result : this.results) {
			String problem = result.problem();
			if (problem != null) {
				text.append("  ").append(result.row().name()).append(": ").append(problem).append('\n');
			}
		}
		return text.toString();
	}

	private static void append(Result result, List<String> contenders, StringBuilder text) {
		text.append(String.format(Locale.ROOT, "%-21s %-6s", result.row().name(), result.row().unit()));
		for (String contender : contenders) {
			Statistics statistics = result.statistics(contender);
			text.append(String.format(Locale.ROOT, " %30s",
					String.format(Locale.ROOT, "%s (%s - %s)", number(result, statistics.median()),
							number(result, statistics.min()), number(result, statistics.max()))));
		}
		contenders.stream()
			.skip(1)
			.forEach((contender) -> text.append(String.format(Locale.ROOT, " %14.2f", result.ratio(contender))));
		text.append("  ").append(goal(result)).append('\n');
	}

	private static String goal(Result result) {
		if (result.row().kind() == Kind.LATENCY) {
			return "-";
		}
		return (result.problem() == null) ? "met" : "MISSED";
	}

	private static String number(Result result, double value) {
		return String.format(Locale.ROOT, (result.row().kind() == Kind.THROUGHPUT) ? "%,.0f" : "%.3f", value);
	}

	/**
	 * Return all samples as tab-separated values, one line each, and a header.
	 * @return the lines
	 */
	List<String> tsv() {
		List<String> lines = new ArrayList<>();
		lines.add("row\tunit\tcontender\tsample\tvalue");
		for (Result result : this.results) {
			result.samples().forEach((contender, samples) -> {
				for (int i = 0; i < samples.length; i++) {
					lines.add(String.format(Locale.ROOT, "%s\t%s\t%s\t%d\t%.4f", result.row().name(),
							result.row().unit(), contender, i + 1, samples[i]));
				}
			});
		}
		return lines;
	}

}
