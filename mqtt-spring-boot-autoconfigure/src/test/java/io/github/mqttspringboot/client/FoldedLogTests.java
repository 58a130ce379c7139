package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ClientLog.Line;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FoldedLog}.
 */
class FoldedLogTests {

	private final VirtualScheduler time = new VirtualScheduler();

	private final List<String> lines = new ArrayList<>();

	private final List<Throwable> causes = new ArrayList<>();

	private final List<Long> folded = new ArrayList<>();

	private final FoldedLog log = log(Duration.ofSeconds(10));

	@Test
	void theFirstIsWrittenAtOnceAndTheRestOfTheIntervalInOneLine() {
		for (int i = 0; i < 1000; i++) {
			this.log.write("key", "key", Line.of("refused " + i, null));
		}
		assertThat(this.lines).containsExactly("refused 0");
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.lines).containsExactly("refused 0", "refused 999 [999 like it within 10 s]");
		assertThat(this.folded).containsExactly(0L, 999L);
	}

	@Test
	void aStormIsWrittenOnceAnInterval() {
		for (int second = 0; second < 60; second++) {
			this.log.write("key", "key", Line.of("refused", null));
			this.log.write("key", "key", Line.of("refused", null));
			this.time.advance(Duration.ofSeconds(1));
		}
		assertThat(this.lines).hasSizeBetween(6, 7);
		assertThat(this.lines.get(1)).contains("19 like it");
		assertThat(this.lines.get(2)).contains("20 like it");
	}

	@Test
	void afterAQuietIntervalTheNextIsWrittenAtOnce() {
		this.log.write("key", "key", Line.of("first", null));
		this.time.advance(Duration.ofSeconds(11));
		assertThat(this.time.waiting()).isZero();
		this.log.write("key", "key", Line.of("second", null));
		assertThat(this.lines).containsExactly("first", "second");
	}

	@Test
	void whatIsNotAlikeIsNotFolded() {
		this.log.write("one", "one", Line.of("first", null));
		this.log.write("two", "two", Line.of("second", null));
		assertThat(this.lines).containsExactly("first", "second");
	}

	@Test
	void theExceptionOfTheFirstIsWritten() {
		Throwable cause = new IllegalStateException("on purpose");
		this.log.write("key", "key", Line.of("first", cause));
		assertThat(this.causes).containsExactly(cause);
	}

	@Test
	void withoutAnIntervalEverythingIsWritten() {
		FoldedLog log = log(Duration.ZERO);
		log.write("key", "key", Line.of("first", null));
		log.write("key", "key", Line.of("second", null));
		assertThat(this.lines).containsExactly("first", "second");
		assertThat(this.time.waiting()).isZero();
	}

	@Test
	void flushWritesWhatWasCountedAndLeavesNoTimer() {
		this.log.write("key", "key", Line.of("first", null));
		this.log.write("key", "key", Line.of("second", null));
		this.log.write("other", "other", Line.of("only", null));
		this.log.flush();
		assertThat(this.lines).containsExactly("first", "only", "second [1 like it within 10 s]");
		assertThat(this.time.waiting()).isZero();
	}

	private FoldedLog log(Duration interval) {
		return new FoldedLog(this.time, interval, (line) -> {
			this.lines.add(line.text());
			this.causes.add(line.cause());
			this.folded.add(line.folded());
		});
	}

}
