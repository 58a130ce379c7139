package io.github.mqttspringboot.matrix;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

import io.github.mqttspringboot.testing.ThreadWatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every row of {@code error-matrix.tsv}, end to end: a client on the real wire, a
 * scripted broker that makes the row happen, and all that a user would see. The suite
 * grows with the table: a row without a scenario fails unless its part of the work is not
 * built yet.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorMatrixTests {

	/** Parts of the work that may still be without scenarios. */
	private static final List<String> UNFINISHED = List.of("life", "listeners");

	/** Trials mostly wait for each other's clients: more of them than processors. */
	private static final int CONCURRENT = 8;

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt.*");

	private final ExecutorService executor = Executors.newFixedThreadPool(CONCURRENT);

	private final Summary summary = new Summary();

	private final Instant start = Instant.now();

	@TestFactory
	Stream<DynamicContainer> aRowMeansWhatTheMatrixSays() {
		return byPacket((row) -> List.of(trial(row, Ruling.standard(row))));
	}

	@TestFactory
	Stream<DynamicContainer> anOverriddenRowMeansWhatThePropertySays() {
		return byPacket((row) -> Ruling.overrides(row).stream().map((ruling) -> trial(row, ruling)).toList());
	}

	@AfterAll
	void summarize() {
		this.executor.shutdownNow();
		System.out.println(this.summary.table(Duration.between(this.start, Instant.now())));
		this.threads.assertGone();
	}

	private Stream<DynamicContainer> byPacket(Source source) {
		Map<String, List<DynamicTest>> tests = new TreeMap<>();
		for (MatrixRow row : MatrixRow.all()) {
			tests.computeIfAbsent(row.packet(), (packet) -> new ArrayList<>()).addAll(source.testsOf(row));
		}
		return tests.entrySet()
			.stream()
			.map((entry) -> DynamicContainer.dynamicContainer(entry.getKey(), entry.getValue()));
	}

	private DynamicTest trial(MatrixRow row, Ruling ruling) {
		String name = row + " -> " + ruling.errorClass() + (ruling.isOverride() ? " (" + ruling.rule() + ")" : "");
		Scenario scenario = Scenarios.find(row);
		if (scenario == null) {
			this.summary.withoutScenario(row, ruling);
			return DynamicTest.dynamicTest(name + ": no scenario",
					() -> assertThat(UNFINISHED.contains(row.owner()))
						.as("a row of '" + row.owner() + "' may be without a scenario")
						.isTrue());
		}
		Future<?> outcome = this.executor.submit(() -> {
			try (Trial trial = new Trial(row, ruling)) {
				scenario.run(trial);
			}
			return null;
		});
		return DynamicTest.dynamicTest(name, () -> {
			try {
				outcome.get();
				this.summary.passed(row, ruling);
			}
			catch (ExecutionException ex) {
				this.summary.failed(row, ruling);
				throw ex.getCause();
			}
		});
	}

	@FunctionalInterface
	private interface Source {

		List<DynamicTest> testsOf(MatrixRow row);

	}

}
