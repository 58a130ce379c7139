package io.github.mqttspringboot.integration;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.AbandonableStage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Acknowledgements}.
 */
class AcknowledgementsTests {

	private final Acknowledgements acknowledgements = new Acknowledgements();

	@Test
	void whatCannotBeAcknowledgedAnyMoreWaitsNoLonger() {
		CompletableFuture<Void> lost = this.acknowledgements.await(1);
		CompletableFuture<Void> other = this.acknowledgements.await(2);
		((AbandonableStage<?>) lost).abandoned();
		assertThat(lost).isCompleted();
		assertThat(other).isNotDone();
		this.acknowledgements.complete(1);
		this.acknowledgements.complete(2);
		assertThat(other).isCompleted();
	}

}
