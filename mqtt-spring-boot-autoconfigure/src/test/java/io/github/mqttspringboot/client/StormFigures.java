package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.Storm.Outage;

/**
 * The figures of the documentation.
 */
final class StormFigures {

	static final Duration LONG = Duration.ofHours(1);

	static final Duration BACK = Duration.ofSeconds(10);

	/** The broker stays away. */
	final StormRuns gone;

	/** The broker stays busy. */
	final StormRuns busy;

	/** The broker is back after a while. */
	final StormRuns back;

	private final Reconnect settings;

	StormFigures(Reconnect settings) {
		this.settings = settings;
		this.gone = new StormRuns(settings, Outage.gone(LONG), Duration.ofSeconds(128));
		this.busy = new StormRuns(settings, Outage.busy(LONG), Duration.ofSeconds(960));
		this.back = new StormRuns(settings, Outage.gone(BACK), Duration.ofSeconds(40));
	}

	String toMarkdown() {
		StringBuilder table = new StringBuilder();
		row(table, "attempts per 100 ms", "`RECONNECT`", "`THROTTLED`", "1 s doubling, no jitter");
		row(table, "---", "---", "---", "---");
		Duration initial = this.settings.initialSpread();
		Duration floor = this.settings.throttledFloor();
		row(table, "first wave", "0 to %d s".formatted(initial.toSeconds()),
				"%d to %d s".formatted(floor.toSeconds(), 2 * floor.toSeconds()), "at 1 s");
		row(table, "evenly spread that is", number(Storm.even(initial)), number(Storm.even(floor)), "");
		Function<StormRuns, Double> first = (runs) -> StormRuns.highest(runs.first);
		row(table, "first attempts, highest mean of %d runs".formatted(StormRuns.RUNS),
				times(first.apply(this.gone), initial), times(first.apply(this.busy), floor), "10,000");
		row(table, "first attempts, highest in any of these runs", highest(this.gone), highest(this.busy), "10,000");
		row(table, "runs of these with a window above 1.1 ×", above(this.gone, initial), above(this.busy, floor), "");
		Function<StormRuns, Double> all = (runs) -> StormRuns.highest(runs.all);
		row(table, "all attempts, refused for good, highest mean", times(all.apply(this.gone), initial),
				times(all.apply(this.busy), floor), "10,000");
		Duration goneFrom = initial;
		Duration busyFrom = floor.multipliedBy(2);
		for (int i = 0; i < 4; i++) {
			row(table, "then, mean of " + ((i == 0) ? "the next interval" : "one twice as long"),
					interval(this.gone, goneFrom), interval(this.busy, busyFrom), "10,000 each time");
			goneFrom = goneFrom.multipliedBy(2);
			busyFrom = busyFrom.multipliedBy(2);
		}
		Storm plain = Storm.withoutJitter(Outage.gone(BACK), Duration.ofSeconds(40));
		row(table, "accepted by a broker that is back after %d s, highest mean".formatted(BACK.toSeconds()),
				number(StormRuns.highest(this.back.accepted)), "",
				"%,d, at %d s".formatted(Arrays.stream(plain.accepted).max().orElseThrow(), lastWindow(plain) / 10));
		return table.toString();
	}

	private static int lastWindow(Storm storm) {
		int window = storm.accepted.length - 1;
		while (storm.accepted[window] == 0) {
			window--;
		}
		return window;
	}

	private static void row(StringBuilder table, String... cells) {
		table.append("| ").append(String.join(" | ", cells)).append(" |\n");
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, "%,.1f", value);
	}

	private static String times(double value, Duration spread) {
		return String.format(Locale.ROOT, "%,.1f (%.2f ×)", value, value / Storm.even(spread));
	}

	private static String highest(StormRuns runs) {
		return String.format(Locale.ROOT, "%,d", Arrays.stream(runs.highestFirst).max().orElseThrow());
	}

	private static String above(StormRuns runs, Duration spread) {
		return "%d of %d".formatted(
				Arrays.stream(runs.highestFirst).filter((highest) -> highest > 1.1 * Storm.even(spread)).count(),
				StormRuns.RUNS);
	}

	private static String interval(StormRuns runs, Duration from) {
		Duration to = from.multipliedBy(2);
		return "%s (%d to %d s)".formatted(number(StormRuns.mean(runs.all, from, to)), from.toSeconds(),
				to.toSeconds());
	}

}
