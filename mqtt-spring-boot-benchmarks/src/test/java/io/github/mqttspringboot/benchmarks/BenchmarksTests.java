package io.github.mqttspringboot.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

class BenchmarksTests {

	@Test
	void everyWorkloadRunsWithEveryContender() throws Exception {
		assumeThat(Mosquitto.find()).as("Mosquitto on the PATH or in /usr/sbin (apt-get install mosquitto)")
			.isPresent();
		Report report = new Benchmarks(Benchmarks.all(), Plan.tiny()).run();
		List<String> lines = report.tsv();
		assertThat(lines).hasSize(1 + 8 * 3);
		for (String line : lines.subList(1, lines.size())) {
			String[] fields = line.split("\t");
			double value = Double.parseDouble(fields[4]);
			if (fields[1].equals("ms")) {
				assertThat(value).as(line).isBetween(0.001, 10_000.0);
			}
			else {
				assertThat(value).as(line).isBetween(10.0, 10_000_000.0);
			}
		}
		assertThat(report.table()).contains("round trip QoS 1 p99", "receive QoS 1", "ours/raw Paho", "ours/HiveMQ");
	}

	@Test
	void aThroughputBelowRawPahoMissesTheGoal() {
		Result result = result(Row.throughput("x"), new double[] { 80, 85, 89 }, new double[] { 99, 100, 101 });
		assertThat(result.problem()).contains("0.85 of raw Paho");
		assertThat(new Report(List.of(result)).passed()).isFalse();
	}

	@Test
	void aThroughputWhoseRangeOverlapsMeetsTheGoal() {
		assertThat(result(Row.throughput("x"), new double[] { 70, 80, 99 }, new double[] { 99, 100, 101 }).problem())
			.isNull();
	}

	@Test
	void aThroughputSlightlyBelowMeetsTheGoal() {
		assertThat(result(Row.throughput("x"), new double[] { 91, 91 }, new double[] { 100, 100 }).problem()).isNull();
	}

	@Test
	void aLatencyIsJudgedByItsMedian() {
		double[] paho = { 22, 22 };
		assertThat(result(Row.latency("x", 0.5), new double[] { 0.3, 0.4, 9 }, paho).problem()).isNull();
		assertThat(result(Row.latency("x", 0.5), new double[] { 0.3, 0.6, 9 }, paho).problem()).contains("0.600 ms");
		assertThat(result(Row.latency("x"), new double[] { 99 }, paho).problem()).isNull();
	}

	@Test
	void percentilesAreByNearestRank() {
		double[] samples = { 5, 1, 4, 2, 3 };
		assertThat(Statistics.percentile(samples, 50)).isEqualTo(3);
		assertThat(Statistics.percentile(samples, 99)).isEqualTo(5);
		assertThat(Statistics.of(new double[] { 4, 1, 2, 3 })).isEqualTo(new Statistics(2.5, 1, 4));
	}

	@Test
	void unknownOptionsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Benchmarks.plan("--chek"))
			.withMessageContaining("--chek");
		assertThatIllegalArgumentException().isThrownBy(() -> Benchmarks.plan("--rounds=2"))
			.withMessageContaining("at least 6");
		assertThatIllegalArgumentException().isThrownBy(() -> Benchmarks.plan("--only=nothing"));
		assertThat(Benchmarks.plan("--only=publish", "--rounds=7", "--check").workloads()).hasSize(3);
	}

	private static Result result(Row row, double[] ours, double[] paho) {
		Map<String, double[]> samples = new LinkedHashMap<>();
		samples.put("ours", ours);
		samples.put(PahoContender.NAME, paho);
		return new Result(row, samples);
	}

}
