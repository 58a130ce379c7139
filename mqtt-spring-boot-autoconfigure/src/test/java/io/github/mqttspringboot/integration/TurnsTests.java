package io.github.mqttspringboot.integration;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Turns}.
 */
class TurnsTests {

	private final FilterGuard guard = new FilterGuard(Duration.ofMinutes(10), Clock.systemUTC());

	private final Deque<Runnable> later = new ArrayDeque<>();

	private final Turns turns = new Turns(this.guard, this.later::add);

	private final List<String> ran = new ArrayList<>();

	@Test
	void withoutSuspectsNobodyWaits() {
		take("a");
		take("b");
		assertThat(this.ran).containsExactly("a", "b");
	}

	@Test
	void withSuspectsOneWaitsForTheOther() {
		lossWith("a", "b");
		take("c");
		take("a");
		take("b");
		take("d");
		assertThat(this.ran).containsExactly("c");
		this.turns.leave("c");
		// Who is not suspected comes first
		assertThat(this.ran).containsExactly("c", "d");
		this.turns.leave("d");
		assertThat(this.ran).containsExactly("c", "d", "a");
		this.turns.leave("a");
		assertThat(this.ran).containsExactly("c", "d", "a", "b");
	}

	@Test
	void oneWithAStrikeLetsTheOthersGoFirst() {
		lossWith("a", "b");
		lossWith("a");
		take("a");
		assertThat(this.ran).isEmpty();
		take("b");
		assertThat(this.ran).containsExactly("b");
		this.guard.ended(List.of("b"), true);
		this.turns.leave("b");
		assertThat(this.ran).containsExactly("b", "a");
	}

	@Test
	void oneWithAStrikeDoesNotWaitForEver() {
		lossWith("a", "b");
		lossWith("a");
		take("a");
		assertThat(this.ran).isEmpty();
		this.later.remove().run();
		assertThat(this.ran).containsExactly("a");
		assertThat(this.later).isEmpty();
	}

	private void take(String filter) {
		this.turns.take(filter, List.of(filter), () -> {
			this.ran.add(filter);
			this.guard.sent(List.of(filter));
		});
	}

	private void lossWith(String... filters) {
		this.guard.sent(List.of(filters));
		this.guard.connectionLost(MqttFailure.local(LocalError.CONNECTION_CLOSED).build(), System.currentTimeMillis());
		this.guard.ended(List.of(filters), false);
	}

}
