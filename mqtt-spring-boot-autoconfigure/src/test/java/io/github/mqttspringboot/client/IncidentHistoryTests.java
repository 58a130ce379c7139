package io.github.mqttspringboot.client;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IncidentHistory}.
 */
class IncidentHistoryTests {

	private final IncidentHistory history = new IncidentHistory(6);

	private int time;

	@Test
	void theNewestComeFirstAndTheOldestGo() {
		add(8, ErrorClass.RECOVERABLE);
		assertThat(times()).containsExactly(8L, 7L, 6L, 5L, 4L, 3L);
	}

	@Test
	void aStormOfRejectionsLeavesTheIncidentsBeforeIt() {
		add(4, ErrorClass.RECONNECT);
		add(1000, ErrorClass.RECOVERABLE);
		assertThat(times()).containsExactly(1004L, 1003L, 1002L, 4L, 3L, 2L);
	}

	@Test
	void manyIncidentsLeaveTheRejectionsBeforeThem() {
		add(4, ErrorClass.RECOVERABLE);
		add(1000, ErrorClass.FATAL);
		assertThat(times()).containsExactly(1004L, 1003L, 1002L, 4L, 3L, 2L);
	}

	@Test
	void oneOfAKindUsesAllTheRoomThatTheOtherLeaves() {
		add(1, ErrorClass.RECONNECT);
		add(9, ErrorClass.RECOVERABLE);
		assertThat(times()).containsExactly(10L, 9L, 8L, 7L, 6L, 1L);
	}

	@Test
	void aHistoryOfOneHasTheLast() {
		IncidentHistory one = new IncidentHistory(1);
		one.add(incident(ErrorClass.RECONNECT));
		one.add(incident(ErrorClass.RECOVERABLE));
		assertThat(one.newestFirst()).extracting(MqttIncident::isRejection).containsExactly(true);
		one.add(incident(ErrorClass.RECONNECT));
		assertThat(one.newestFirst()).extracting(MqttIncident::isRejection).containsExactly(false);
	}

	@Test
	void aHistoryOfNothingKeepsNothing() {
		IncidentHistory none = new IncidentHistory(0);
		none.add(incident(ErrorClass.RECOVERABLE));
		none.add(incident(ErrorClass.RECONNECT));
		assertThat(none.newestFirst()).isEmpty();
	}

	private void add(int count, ErrorClass errorClass) {
		for (int i = 0; i < count; i++) {
			this.history.add(incident(errorClass));
		}
	}

	private MqttIncident incident(ErrorClass errorClass) {
		return new MqttIncident(Instant.ofEpochSecond(++this.time),
				MqttFailure.local(LocalError.CONNECTION_CLOSED).build(), new Classification(errorClass, "default"),
				"nothing");
	}

	private List<Long> times() {
		return this.history.newestFirst().stream().map((incident) -> incident.time().getEpochSecond()).toList();
	}

}
