package io.github.mqttspringboot.annotation;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.listener.Acknowledgment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttListenerReflectiveProcessor}.
 */
class MqttListenerReflectiveProcessorTests {

	private final RuntimeHints hints = new RuntimeHints();

	@ParameterizedTest
	@ValueSource(
			strings = { "unannotated", "annotated", "inAMessage", "inAList", "answered", "answeredLater", "twice" })
	void theMethodIsCalledAndWhatIsConvertedIsBound(String method) throws Exception {
		Method listener = register(method);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(listener)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Reading.class.getMethod("meterId")))
			.accepts(this.hints);
	}

	@ParameterizedTest
	@ValueSource(strings = { "header", "raw" })
	void whatIsNotConvertedIsNotBound(String method) {
		Method listener = register(method);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(listener)).accepts(this.hints);
		assertThat(this.hints.reflection().typeHints())
			.noneMatch((type) -> !type.getType().getName().equals(Listeners.class.getName()));
	}

	@Test
	void theAnnotationsHaveTheHints() {
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(this.hints, Listeners.class);
		for (Method method : Listeners.class.getDeclaredMethods()) {
			boolean listens = !method.getName().equals("none");
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method).test(this.hints))
				.as(method.getName())
				.isEqualTo(listens);
		}
	}

	private Method register(String name) {
		Method method = Arrays.stream(Listeners.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		new MqttListenerReflectiveProcessor().registerReflectionHints(this.hints.reflection(), method);
		return method;
	}

	static class Listeners {

		@MqttListener(topics = "a")
		void unannotated(Reading reading) {
		}

		@MqttListener(topics = "a")
		void annotated(@Header("b") String header, @Payload Reading reading) {
		}

		@MqttListener(topics = "a")
		void inAMessage(Message<Reading> message) {
		}

		@MqttListener(topics = "a")
		void inAList(List<Reading> readings) {
		}

		@MqttListener(topics = "a")
		Reading answered(String text) {
			return new Reading(1);
		}

		@MqttListener(topics = "a")
		CompletableFuture<Message<Reading>> answeredLater(String text) {
			return new CompletableFuture<>();
		}

		@MqttListener(topics = "a")
		@MqttListener(topics = "b")
		void twice(Reading reading) {
		}

		@MqttListener(topics = "a")
		void header(@Header("reading") Reading reading) {
		}

		@MqttListener(topics = "a")
		void raw(ReceivedMessage message, Acknowledgment acknowledgment) {
		}

		void none(Reading reading) {
		}

	}

	record Reading(int meterId) {

	}

}
