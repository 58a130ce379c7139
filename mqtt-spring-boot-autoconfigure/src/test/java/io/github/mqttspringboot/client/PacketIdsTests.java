package io.github.mqttspringboot.client;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PacketIds}.
 */
class PacketIdsTests {

	private final PacketIds ids = new PacketIds();

	@Test
	void allIdentifiersAreHandedOutOnceAndThenNone() {
		Set<Integer> taken = new HashSet<>();
		for (int i = 0; i < 65_535; i++) {
			taken.add(this.ids.take());
		}
		assertThat(taken).hasSize(65_535).doesNotContain(0).allMatch((id) -> id > 0 && id <= 65_535);
		assertThat(this.ids.take()).isZero();
		assertThat(this.ids.inUse()).isEqualTo(65_535);
		this.ids.release(4711);
		assertThat(this.ids.take()).isEqualTo(4711);
		assertThat(this.ids.take()).isZero();
	}

	@Test
	void aReleasedIdentifierIsNotTheNextOne() {
		int first = this.ids.take();
		this.ids.release(first);
		assertThat(this.ids.take()).isNotEqualTo(first);
	}

	@Test
	void identifiersInUseAreSkippedAfterTheTurn() {
		assertThat(this.ids.take()).isOne();
		for (int i = 2; i <= 65_535; i++) {
			this.ids.release(this.ids.take());
		}
		assertThat(this.ids.take()).isEqualTo(2);
		assertThat(this.ids.inUse()).isEqualTo(2);
	}

}
