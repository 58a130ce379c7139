package io.github.mqttspringboot.matrix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the suite has proven, by owner of the rows.
 */
final class Summary {

	private final Map<String, Line> lines = new TreeMap<>();

	private final List<String> notes = new ArrayList<>();

	void passed(MatrixRow row, Ruling ruling) {
		Line line = line(row);
		if (ruling.isOverride()) {
			line.overrides++;
			return;
		}
		line.passed++;
		String missing = Scenarios.missing(row);
		if (missing != null) {
			line.partly++;
			this.notes.add("partly: " + row + " (" + row.owner() + "): " + missing);
		}
	}

	void failed(MatrixRow row, Ruling ruling) {
		line(row).failed++;
		this.notes.add("failed: " + row + " as " + ruling.errorClass() + ", rule " + ruling.rule());
	}

	void withoutScenario(MatrixRow row, Ruling ruling) {
		if (!ruling.isOverride()) {
			line(row).without++;
			this.notes.add("no scenario: " + row + " (" + row.owner() + ")");
		}
	}

	private Line line(MatrixRow row) {
		return this.lines.computeIfAbsent(row.owner(), (owner) -> new Line());
	}

	String table(Duration duration) {
		StringBuilder text = new StringBuilder(
				"%nError matrix, %d rows in %.1f s%n".formatted(MatrixRow.all().size(), duration.toMillis() / 1000.0));
		text.append("%-10s %5s %7s %7s %12s %10s %7s%n".formatted("owner", "rows", "passed", "partly", "no scenario",
				"overrides", "failed"));
		this.lines.forEach((owner,
				line) -> text.append("%-10s %5d %7d %7d %12d %10d %7d%n".formatted(owner,
						MatrixRow.all().stream().filter((row) -> row.owner().equals(owner)).count(), line.passed,
						line.partly, line.without, line.overrides, line.failed)));
		this.notes.forEach((note) -> text.append(note).append(System.lineSeparator()));
		return text.toString();
	}

	private static final class Line {

		private int passed;

		private int partly;

		private int without;

		private int overrides;

		private int failed;

	}

}
