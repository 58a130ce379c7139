package io.github.mqttspringboot.integration;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FilterGuard}.
 */
class FilterGuardTests {

	private final FilterGuard guard = new FilterGuard();

	@Test
	void aFilterUnansweredAtTwoLossesIsBarred() {
		assertThat(lossWith("a")).isEmpty();
		assertThat(this.guard.isSuspect("a")).isTrue();
		assertThat(this.guard.isBarred("a")).isFalse();
		assertThat(lossWith("a")).containsExactly("a");
		assertThat(this.guard.isBarred("a")).isTrue();
		assertThat(this.guard.isBarred("b")).isFalse();
	}

	@Test
	void anAnswerShowsAFilterToBeHarmless() {
		lossWith("a");
		this.guard.sent(List.of("a"));
		this.guard.ended(List.of("a"), true);
		assertThat(this.guard.isSuspect("a")).isFalse();
		lossWith("a");
		assertThat(this.guard.isBarred("a")).isFalse();
	}

	@Test
	void aFilterThatNobodyWaitsForIsNotGuilty() {
		this.guard.sent(List.of("a"));
		this.guard.ended(List.of("a"), true);
		this.guard.connectionLost();
		assertThat(this.guard.isSuspect("a")).isFalse();
	}

	@Test
	void aLossWithoutAnyOfThemClearsAll() {
		lossWith("a");
		lossWith("a");
		this.guard.connectionLost();
		assertThat(this.guard.isBarred("a")).isFalse();
	}

	@Test
	void aFilterIsForgiven() {
		lossWith("a");
		lossWith("a");
		this.guard.forgive(List.of("a"));
		assertThat(this.guard.isBarred("a")).isFalse();
	}

	private List<String> lossWith(String filter) {
		this.guard.sent(List.of(filter));
		List<String> barred = this.guard.connectionLost();
		this.guard.ended(List.of(filter), false);
		return barred;
	}

}
