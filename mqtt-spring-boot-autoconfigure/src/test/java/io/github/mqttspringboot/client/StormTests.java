package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.Storm.Outage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * 10,000 clients lose one broker at one instant. See {@code docs/reconnecting.md}.
 * <p>
 * Independent uniform draws exceed 1.1 times their mean in some window by pure chance, so
 * that limit holds for the mean over many runs, and for each run one that chance exceeds
 * once in a million runs.
 */
class StormTests {

	private static final Path PAGE = Path.of("..", "docs", "reconnecting.md");

	private static final Path CHART = PAGE.resolveSibling("reconnecting.svg");

	private static final Reconnect SETTINGS = new TestClient.Config().reconnect;

	private static StormFigures figures;

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.mqttspringboot");

	private Level level;

	@BeforeAll
	static void simulate() {
		figures = new StormFigures(SETTINGS);
	}

	@BeforeEach
	void thousandsOfClientsLogNothing() {
		this.level = this.logger.getLevel();
		this.logger.setLevel(Level.OFF);
	}

	@AfterEach
	void others() {
		this.logger.setLevel(this.level);
	}

	@Test
	void realClientsOfABrokerThatIsAwayComeAsTheSimulationSays() {
		assertRealClients(Outage.gone(StormFigures.LONG), Duration.ofSeconds(10), 7);
	}

	@Test
	void realClientsOfABrokerThatComesBackAreAcceptedAsTheSimulationSays() {
		Storm storm = assertRealClients(Outage.gone(Duration.ofSeconds(5)), Duration.ofSeconds(45), 8);
		assertThat(Arrays.stream(storm.accepted).sum()).isEqualTo(Storm.CLIENTS);
	}

	@Test
	void realClientsOfABusyBrokerComeAsTheSimulationSays() {
		assertRealClients(Outage.busy(StormFigures.LONG), Duration.ofMinutes(2), 9);
	}

	@Test
	void realClientsOfABrokerThatIsLostAndThenBusyComeAsTheSimulationSays() {
		assertRealClients(Outage.lostThenBusy(StormFigures.LONG), Duration.ofMinutes(1), 10);
	}

	@Test
	void theFirstWaveIsSpreadEvenlyOverTheInitialSpread() {
		assertFirstWave(figures.gone, Duration.ZERO, SETTINGS.initialSpread());
	}

	@Test
	void aBrokerThatIsThereAgainAtOnceGetsTheFirstWaveAndNothingElse() {
		StormRuns runs = new StormRuns(SETTINGS, Outage.gone(Duration.ZERO), Duration.ofSeconds(10));
		assertFirstWave(runs, Duration.ZERO, SETTINGS.initialSpread());
		assertThat(runs.all).isEqualTo(runs.first);
		assertThat(runs.accepted).isEqualTo(runs.first);
	}

	@Test
	void whileTheBrokerIsAwayTheRateFallsAfterTheFirstWave() {
		// The second attempts of some come before the first of others
		assertThat(StormRuns.highest(figures.gone.all)).isLessThan(2.6 * Storm.even(SETTINGS.initialSpread()));
		assertFalls(figures.gone.all, SETTINGS.initialSpread());
	}

	@Test
	void aBrokerThatComesBackLaterIsNotOverrun() {
		double even = Storm.even(SETTINGS.initialSpread());
		assertThat(Arrays.stream(figures.back.accepted).sum()).isGreaterThan(0.99 * Storm.CLIENTS);
		assertThat(StormRuns.highest(figures.back.accepted)).isLessThan(even);
	}

	@Test
	void throttledClientsAreSpreadEvenlyAboveTheFloor() {
		assertFirstWave(figures.busy, SETTINGS.throttledFloor(), SETTINGS.throttledFloor());
	}

	@Test
	void whileTheBrokerIsBusyTheRateOfThrottledClientsFalls() {
		assertThat(StormRuns.highest(figures.busy.all)).isLessThan(1.1 * Storm.even(SETTINGS.throttledFloor()));
		assertFalls(figures.busy.all, SETTINGS.throttledFloor().multipliedBy(2));
	}

	@Test
	void aBrokerThatIsBackButBusyIsLeftAloneForTheFloorAndThenGetsNoMoreThanThat() {
		StormRuns runs = new StormRuns(SETTINGS, Outage.lostThenBusy(StormFigures.LONG), Duration.ofMinutes(2));
		assertFirstWave(runs, Duration.ZERO, SETTINGS.initialSpread());
		int spread = (int) Storm.windows(SETTINGS.initialSpread());
		int floor = (int) Storm.windows(SETTINGS.throttledFloor());
		assertThat(Arrays.stream(runs.all, spread, floor)).containsOnly(0.0);
		assertThat(Arrays.stream(runs.all, floor, runs.all.length).max().orElseThrow())
			.isLessThanOrEqualTo(1.1 * Storm.even(SETTINGS.throttledFloor()));
	}

	@Test
	void withoutJitterAllComeAtOnce() {
		Storm storm = Storm.withoutJitter(Outage.gone(StormFigures.LONG), Duration.ofSeconds(40));
		assertThat(Arrays.stream(storm.all).filter((attempts) -> attempts > 0)).containsOnly(Storm.CLIENTS);
		assertThat(new int[] { storm.all[10], storm.all[30], storm.all[70], storm.all[150], storm.all[310] })
			.containsOnly(Storm.CLIENTS);
	}

	/** Write both anew with {@code -Dstorm.write=true}. */
	@Test
	void theDocumentationShowsThis() throws IOException {
		String chart = new StormChart(SETTINGS).toSvg();
		String table = figures.toMarkdown();
		if (Boolean.getBoolean("storm.write")) {
			Files.writeString(CHART, chart);
			String page = Files.readString(PAGE);
			int from = page.indexOf("| attempts per 100 ms ");
			Files.writeString(PAGE, page.substring(0, from) + table + page.substring(page.indexOf("\n\n", from) + 1));
		}
		assertThat(CHART).content().isEqualTo(chart);
		assertThat(PAGE).content().contains("\n\n" + table + "\n");
	}

	private static Storm assertRealClients(Outage outage, Duration horizon, long seed) {
		Storm real = new Storm(horizon);
		VirtualScheduler time = new VirtualScheduler();
		StormClient[] clients = new StormClient[Storm.CLIENTS];
		RandomGenerator[] randoms = Storm.randoms(seed);
		Arrays.setAll(clients, (i) -> new StormClient(time, randoms[i], real, outage));
		time.run();
		Arrays.stream(clients).forEach(StormClient::prove);
		time.advance(SETTINGS.stableAfter().plusSeconds(1));
		Arrays.stream(clients).forEach(StormClient::lose);
		time.advance(horizon);
		Storm simulated = Storm.simulate(SETTINGS, outage, horizon, seed);
		assertThat(real.first).isEqualTo(simulated.first);
		assertThat(real.all).isEqualTo(simulated.all);
		assertThat(real.accepted).isEqualTo(simulated.accepted);
		return real;
	}

	private static void assertFirstWave(StormRuns runs, Duration from, Duration spread) {
		double even = Storm.even(spread);
		int begin = (int) Storm.windows(from);
		int end = begin + (int) Storm.windows(spread);
		assertThat(StormRuns.highest(runs.first)).isLessThanOrEqualTo(1.1 * even);
		assertThat(Arrays.stream(runs.first, begin, end)).allMatch((attempts) -> attempts >= 0.9 * even);
		assertThat(Arrays.stream(runs.first, 0, begin).sum()).isZero();
		assertThat(Arrays.stream(runs.first, end, runs.first.length).sum()).isZero();
		// Bernstein's inequality, for all windows of a run together
		double surplus = Math.log(1e6 * Storm.windows(spread));
		int most = (int) (even + surplus / 3 + Math.sqrt(surplus * surplus / 9 + 2 * even * surplus));
		assertThat(Arrays.stream(runs.highestFirst)).allMatch((highest) -> highest <= most);
	}

	/** Over intervals each twice as long as the one before, as the delays are. */
	private static void assertFalls(double[] mean, Duration from) {
		int begin = (int) Storm.windows(from);
		double highest = Arrays.stream(mean, 0, begin).max().orElseThrow();
		double average = highest;
		for (int i = begin; 2 * i <= mean.length; i *= 2) {
			double now = Arrays.stream(mean, i, 2 * i).average().orElseThrow();
			assertThat(now).as("attempts per window, from window %d", i).isLessThan(average);
			average = now;
			assertThat(Arrays.stream(mean, i, 2 * i).max().orElseThrow()).isLessThan(highest);
		}
	}

}
