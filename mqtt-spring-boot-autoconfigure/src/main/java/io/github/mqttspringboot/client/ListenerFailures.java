package io.github.mqttspringboot.client;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;

/**
 * Reports what handlers of messages throw. Called on any thread.
 */
final class ListenerFailures {

	private final EngineContext context;

	private final Executor engine;

	ListenerFailures(EngineContext context, Executor engine) {
		this.context = context;
		this.engine = engine;
	}

	/**
	 * Report a failure.
	 * @param topic the topic name of the message
	 * @param cause what was thrown
	 */
	void report(String topic, Throwable cause) {
		// The application's code, if at all, on its own thread
		String detail = describe(cause);
		Throwable trace = trace(cause);
		this.engine.execute(() -> report(topic, detail, cause, trace));
	}

	private void report(String topic, String detail, Throwable cause, @Nullable Throwable trace) {
		MqttFailure failure = MqttFailure.local(LocalError.LISTENER_FAILED)
			.topic(topic)
			.detail(detail)
			.cause(cause)
			.build();
		Classification classification = this.context.reporter().classify(failure);
		this.context.reporter()
			.rejection(failure, classification, "connection kept, message acknowledged", trace,
					(source, name) -> new MqttListenerFailedEvent(source, name, failure, classification, topic));
	}

	private static @Nullable Throwable trace(Throwable cause) {
		try {
			return (unwrap(cause) instanceof SelfDescribingFailure failure) ? failure.trace() : cause;
		}
		catch (Throwable ex) {
			return null;
		}
	}

	private static Throwable unwrap(Throwable cause) {
		return (cause instanceof CompletionException && cause.getCause() != null) ? cause.getCause() : cause;
	}

	private static String describe(Throwable cause) {
		Throwable thrown = unwrap(cause);
		try {
			if (thrown instanceof SelfDescribingFailure failure) {
				return failure.describe();
			}
		}
		catch (Throwable ex) {
			// Then its type has to do
		}
		// Not what it says, which may have the payload in it
		return "the message handler threw " + thrown.getClass().getName();
	}

}
