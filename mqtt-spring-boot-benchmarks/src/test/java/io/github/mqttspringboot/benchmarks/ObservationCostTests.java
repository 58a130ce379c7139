package io.github.mqttspringboot.benchmarks;

import java.util.List;

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
		assertThat(lines.get(3).bytes()).isGreaterThan(lines.get(0).bytes() + 100);
		assertThat(lines.get(7).bytes()).isGreaterThan(100);
		assertThat(ObservationCost.table(lines)).contains("process, no-op registry", "bytes/call");
	}

	private static boolean isFree(List<ObservationCost.Line> lines) {
		assertThat(lines).hasSize(8);
		double publish = lines.get(0).bytes();
		return lines.get(1).bytes() <= publish && lines.get(2).bytes() <= publish && lines.get(4).bytes() == 0
				&& lines.get(5).bytes() == 0 && lines.get(6).bytes() == 0;
	}

}
