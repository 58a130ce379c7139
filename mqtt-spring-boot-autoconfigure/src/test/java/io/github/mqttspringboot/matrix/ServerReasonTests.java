package io.github.mqttspringboot.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a server says about its reasons is kept as it came, and shown so that it can do no
 * harm.
 */
class ServerReasonTests {

	/**
	 * A line break, a terminal's escape sequence, a right-to-left override, a C1 control.
	 */
	private static final String HOSTILE = "no\r\nWARN forged line\u001B[31m\u202Edlrow\u0085";

	private static final List<UserProperty> PROPERTIES = List.of(new UserProperty("hint", "first"),
			new UserProperty("hint", "second\n"));

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(ManagedMqttClient.class);

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void listenNoMore() {
		this.logger.detachAppender(this.log);
	}

	static Stream<Arguments> operations() {
		return Stream.of(
				operation("PUBACK 0x87", When.publish("t"), Reply.puback(0x87), (trial) -> trial.publish("t", 1)),
				operation("PUBREC 0x87", When.publish("t"), Reply.pubrec(0x87), (trial) -> trial.publish("t", 2)),
				operation("SUBACK 0x87", When.subscribe("t"), Reply.suback(0x87), (trial) -> trial.trySubscribe("t")),
				operation("UNSUBACK 0x87", When.unsubscribe("t"), Reply.unsuback(0x87),
						(trial) -> trial.client().unsubscribe("t")));
	}

	private static Arguments operation(String key, When when, Reply reply,
			Function<Trial, CompletableFuture<?>> operation) {
		return Arguments.of(key, when, reply, operation);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("operations")
	void theReasonOfARejectionReachesItsFailure(String key, When when, Reply reply,
			Function<Trial, CompletableFuture<?>> operation) {
		try (Trial trial = trial(key)) {
			trial.broker.on(when).answer(hostile(reply));
			trial.connect();
			MqttOperationException ex = Trial.failure(operation.apply(trial), MqttOperationException.class);
			check(ex.getFailure());
			assertHarmless(ex.getMessage());
			assertHarmless(ex.toString());
			assertHarmless(new CompletionException(ex).getMessage());
			everywhere(trial);
		}
	}

	@ParameterizedTest
	@MethodSource("anomalies")
	void theReasonOfAnAnomalyReachesItsFailure(Reply reply) {
		try (Trial trial = trial("UNSOLICITED_ACK")) {
			trial.connect();
			trial.broker.lastConnection().send(hostile(reply));
			Trial.eventually(() -> assertThat(trial.client().incidents()).hasSize(1));
			check(trial.client().incidents().get(0).failure());
			everywhere(trial);
		}
	}

	static Stream<Reply> anomalies() {
		return Stream.of(Reply.puback(0x87).id(9), Reply.pubrec(0x87).id(9), Reply.pubrel(0x92).id(9),
				Reply.pubcomp(0x92).id(9), Reply.suback(0x87).id(9), Reply.unsuback(0x87).id(9));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void theReasonOfARefusalReachesItsFailure(int code, ClientState state) {
		try (Trial trial = trial("CONNACK 0x87")) {
			trial.broker.on(When.connect())
				.answer(hostile(Reply.connack(code)).serverReference("other\u0007.example"))
				.thenClose()
				.once();
			trial.client().start();
			trial.awaitState(state);
			Trial.eventually(() -> assertThat(trial.client().incidents()).hasSize(1));
			MqttFailure failure = trial.client().incidents().get(0).failure();
			check(failure);
			assertThat(failure.serverReference()).isEqualTo("other\u0007.example");
			everywhere(trial);
		}
	}

	static Stream<Arguments> refusals() {
		return Stream.of(Arguments.of(0x87, ClientState.FAILED), Arguments.of(0x9D, ClientState.CONNECTED),
				Arguments.of(0xC1, ClientState.CONNECTED));
	}

	@ParameterizedTest
	@MethodSource("farewells")
	void theReasonOfADisconnectReachesItsFailure(int code) {
		try (Trial trial = trial("DISCONNECT 0x87")) {
			trial.connect();
			trial.broker.lastConnection().send(hostile(Reply.disconnect(code)).serverReference("other\u0007.example"));
			Trial.eventually(() -> assertThat(trial.client().incidents()).hasSize(1));
			MqttFailure failure = trial.client().incidents().get(0).failure();
			check(failure);
			assertThat(failure.serverReference()).isEqualTo("other\u0007.example");
			everywhere(trial);
		}
	}

	static Stream<Integer> farewells() {
		return Stream.of(0x00, 0x8E, 0x9C, 0xC1);
	}

	private static Trial trial(String key) {
		MatrixRow row = MatrixRow.find(key);
		return new Trial(row, Ruling.standard(row));
	}

	private static Reply hostile(Reply reply) {
		reply.reason(HOSTILE);
		PROPERTIES.forEach((property) -> reply.userProperty(property.name(), property.value()));
		return reply;
	}

	private static void check(MqttFailure failure) {
		assertThat(failure.reasonString()).isEqualTo(HOSTILE);
		assertThat(failure.userProperties()).isEqualTo(PROPERTIES);
		assertHarmless(failure.toString());
		assertThat(failure.toString()).contains("\\u000D\\u000AWARN forged line\\u001B[31m\\u202E");
	}

	/** Where a person reads: events, history, health, log. */
	private void everywhere(Trial trial) {
		Trial.eventually(() -> assertThat(trial.events).anyMatch((event) -> event.getFailure() != null));
		for (MqttEvent event : trial.events) {
			assertHarmless(event.toString());
		}
		for (MqttIncident incident : trial.client().incidents()) {
			assertHarmless(incident.toString());
		}
		trial.health().getDetails().values().forEach((detail) -> assertHarmless(String.valueOf(detail)));
		List<ILoggingEvent> lines;
		synchronized (this.log) {
			lines = new ArrayList<>(this.log.list);
		}
		assertThat(lines).filteredOn((line) -> line.getFormattedMessage().contains("'" + trial.name + "'"))
			.extracting(ILoggingEvent::getFormattedMessage)
			.allSatisfy(ServerReasonTests::assertHarmless)
			.anySatisfy((line) -> assertThat(line).contains("WARN forged line"));
	}

	private static void assertHarmless(String text) {
		assertThat(text).doesNotContain("\r", "\n", "\u001B", "\u202E", "\u0085", "\u0007");
	}

}
