package io.github.mqttspringboot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.springframework.boot.logging.LoggingSystem;

/**
 * Measures the clients against one Mosquitto, in turns, and judges ours by its goals.
 */
public final class Benchmarks {

	/** Size of the payloads, in bytes. */
	static final int PAYLOAD = 64;

	private static final int MIN_ROUNDS = 6;

	private static final String USAGE = """
			Options:
			  --check        exit with 1 if a goal is missed
			  --rounds=<n>   samples of each client, at least 6; 8 if not given
			  --only=<text>  only the rows whose name contains the text, such as "QoS 1"
			  --observations only what observations cost, without a broker, in seconds
			  --quick        one small round that only shows that everything works
			""";

	private final List<Contender> contenders;

	private final Plan plan;

	Benchmarks(List<Contender> contenders, Plan plan) {
		this.contenders = List.copyOf(contenders);
		this.plan = plan;
	}

	/**
	 * Run the benchmarks.
	 * @param args see the usage
	 * @throws Exception if they cannot be run
	 */
	public static void main(String[] args) throws Exception {
		if (List.of(args).equals(List.of("--observations"))) {
			System.out.print(ObservationCost.table(new ObservationCost(200_000, 20).run()));
			return;
		}
		Plan plan;
		try {
			plan = plan(args);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.err.print(USAGE);
			System.exit(2);
			return;
		}
		// Each application context would set logging up and down again
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
		Report report = new Benchmarks(all(), plan).run();
		System.out.print(report.table());
		Path file = write(report);
		System.out.println("All samples: " + file);
		System.exit((List.of(args).contains("--check") && !report.passed()) ? 1 : 0);
	}

	static List<Contender> all() {
		return List.of(new StarterContender(), new PahoContender(), new HiveMqContender());
	}

	static Plan plan(String... args) {
		Plan plan = Plan.full(8);
		for (String arg : args) {
			if (arg.startsWith("--rounds=")) {
				plan = Plan.full(rounds(arg.substring("--rounds=".length())));
			}
			else if (arg.equals("--quick")) {
				plan = Plan.tiny();
			}
			else if (!arg.equals("--check") && !arg.startsWith("--only=")) {
				throw new IllegalArgumentException("Unknown option '" + arg + "'");
			}
		}
		for (String arg : args) {
			if (arg.startsWith("--only=")) {
				plan = plan.only(arg.substring("--only=".length()));
			}
		}
		if (plan.workloads().isEmpty()) {
			throw new IllegalArgumentException("No row has such a name");
		}
		return plan;
	}

	private static int rounds(String text) {
		int rounds;
		try {
			rounds = Integer.parseInt(text);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'--rounds' needs a number, not '" + text + "'", ex);
		}
		if (rounds < MIN_ROUNDS) {
			throw new IllegalArgumentException("'--rounds' must be at least " + MIN_ROUNDS);
		}
		return rounds;
	}

	Report run() throws Exception {
		List<Result> results = new ArrayList<>();
		try (Mosquitto broker = Mosquitto.start()) {
			for (Workload workload : this.plan.workloads()) {
				results.addAll(measure(workload, broker.port()));
			}
		}
		return new Report(results);
	}

	private List<Result> measure(Workload workload, int port) throws Exception {
		List<Row> rows = workload.rows();
		System.err.print(rows.get(0).name());
		List<Map<String, double[]>> samples = new ArrayList<>();
		for (int i = 0; i < rows.size(); i++) {
			Map<String, double[]> byContender = new LinkedHashMap<>();
			this.contenders.forEach((contender) -> byContender.put(contender.name(), new double[this.plan.rounds()]));
			samples.add(byContender);
		}
		// In turns, and each time another one first: what disturbs, disturbs all alike
		List<Contender> order = new ArrayList<>(this.contenders);
		for (int round = -this.plan.warmUps(); round < this.plan.rounds(); round++) {
			System.err.print((round < 0) ? " ~" : " .");
			for (Contender contender : order) {
				System.gc();
				double[] values = workload.sample(contender, port);
				for (int i = 0; i < values.length && round >= 0; i++) {
					Objects.requireNonNull(samples.get(i).get(contender.name()))[round] = values[i];
				}
			}
			Collections.rotate(order, -1);
		}
		System.err.println();
		List<Result> results = new ArrayList<>();
		for (int i = 0; i < rows.size(); i++) {
			results.add(new Result(rows.get(i), samples.get(i)));
		}
		return results;
	}

	private static Path write(Report report) throws IOException {
		String classPath = System.getProperty("java.class.path").split(File.pathSeparator)[0];
		Path target = Objects.requireNonNullElse(Path.of(classPath).toAbsolutePath().getParent(), Path.of("."));
		return Files.write(target.resolve("benchmarks.tsv"), report.tsv());
	}

}
