package io.github.mqttspringboot.error;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Printable}.
 */
class PrintableTests {

	@Test
	void leavesHarmlessTextAlone() {
		String text = "zähler/北京/😀 100 %";
		assertThat(Printable.escape(text)).isSameAs(text);
	}

	@Test
	void escapesLineBreaks() {
		assertThat(Printable.escape("a\r\nb")).isEqualTo("a\\u000D\\u000Ab");
	}

	@Test
	void escapesBidirectionalOverrides() {
		assertThat(Printable.escape("x\u202Ecod.exe")).isEqualTo("x\\u202Ecod.exe");
	}

	@Test
	void escapesLoneSurrogatesAndKeepsPairs() {
		assertThat(Printable.escape("\uD83D!\uD83D\uDE00!\uDE00")).isEqualTo("\\uD83D!😀!\\uDE00");
	}

	@Test
	void escapesFormatCharactersOutsideTheBasicPlaneAsTheirPair() {
		assertThat(Printable.escape("\uDB40\uDC41")).isEqualTo("\\uDB40\\uDC41");
	}

	@Test
	void cutsLongTextBehindTheLimit() {
		assertThat(Printable.escape("x".repeat(512))).isEqualTo("x".repeat(512));
		assertThat(Printable.escape("x".repeat(513))).isEqualTo("x".repeat(512) + "…");
	}

	@Test
	void doesNotCutAPairInTwo() {
		assertThat(Printable.escape("x".repeat(511) + "😀y")).isEqualTo("x".repeat(511) + "😀…");
	}

	@Test
	void cutsLongHostileTextToo() {
		assertThat(Printable.escape("\n".repeat(70_000))).isEqualTo("\\u000A".repeat(512) + "…");
	}

}
