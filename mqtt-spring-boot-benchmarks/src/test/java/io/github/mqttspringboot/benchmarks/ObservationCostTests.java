package io.github.mqttspringboot.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ObservationCostTests {

	private final ObservationCost cost = new ObservationCost(20_000, 5);

	@Test
	void whereNobodyObservesNothingIsAllocated() throws Exception {
		List<ObservationCost.Line> lines = this.cost.run();
		// The compiler may need a while until it knows both ways equally well
		for (int i = 0; i < 50 && !isFree(lines); i++) {
			lines = this.cost.run();
		}
		assertThat(isFree(lines)).as(ObservationCost.table(lines)).isTrue();
		assertThat(lines.get(0).bytes()).isPositive();
		for (int first = 0; first < lines.size(); first += 4) {
			assertThat(lines.get(first + 3).bytes()).as(lines.get(first + 3).name())
				.isGreaterThan(lines.get(first).bytes() + 100);
		}
		assertThat(ObservationCost.table(lines)).contains("process, no-op registry",
				"publish by the client, no-op registry", "process by a handler, no-op registry", "bytes/call");
	}

	private static boolean isFree(List<ObservationCost.Line> lines) {
		assertThat(lines).hasSize(16);
		// By fours: without Micrometer, no-op registry, registry without handlers,
		// observed
		return IntStream.iterate(0, (first) -> first < lines.size(), (first) -> first + 4)
			.allMatch((first) -> (first == 0 || lines.get(first).bytes() == 0)
					&& lines.get(first + 1).bytes() <= lines.get(first).bytes()
					&& lines.get(first + 2).bytes() <= lines.get(first).bytes());
	}

}
