package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MqttFailure;

/**
 * The operations that users call: made messages to the engine, and refused while the
 * client is stopped. Operations are called on any thread, all else on the engine's.
 */
final class Calls {

	private final EngineContext context;

	private final Executor engine;

	private final OutboundFlow outbound;

	private final SubscribeFlow subscribes;

	private final Supervisor supervisor;

	/** Whether calls are taken; a client that was never started buffers. */
	private boolean accepting = true;

	private @Nullable MqttFailure stoppedBy;

	Calls(EngineContext context, Executor engine, OutboundFlow outbound, SubscribeFlow subscribes,
			Supervisor supervisor) {
		this.context = context;
		this.engine = engine;
		this.outbound = outbound;
		this.subscribes = subscribes;
		this.supervisor = supervisor;
	}

	/** Take calls. */
	void begin() {
		this.accepting = true;
		this.stoppedBy = null;
	}

	/**
	 * Take no calls.
	 * @param cause the failure that has stopped the client, {@code null} if it was told
	 * to
	 */
	void end(@Nullable MqttFailure cause) {
		this.accepting = false;
		this.stoppedBy = cause;
	}

	void publish(OutboundPublish publish, @Nullable MqttFailure failure) {
		call(publish.future, () -> {
			PublishOutcomes outcomes = this.outbound.outcomes();
			if (failure != null) {
				outcomes.refuse(publish, failure);
			}
			else if (!this.accepting) {
				outcomes.notConnected(publish, notAccepting() + "; it was not sent", this.stoppedBy);
			}
			else {
				this.outbound.submit(publish);
			}
		});
	}

	void submit(SubscribeOperation operation) {
		call(operation.future(), () -> {
			if (this.accepting) {
				this.subscribes.submit(operation);
			}
			else if (operation.prepare(null)) {
				operation.notConnected(notAccepting(), this.stoppedBy);
			}
		});
	}

	private String notAccepting() {
		return (this.supervisor.state() != ClientState.STOPPING) ? "the client is stopped" : "the client is stopping";
	}

	private void call(CompletableFuture<?> future, Runnable call) {
		this.engine.execute(() -> {
			try {
				call.run();
			}
			catch (Throwable ex) {
				// Whatever is wrong with the client, nobody waits for ever
				this.context.outcome()
					.fail(future, new IllegalStateException(
							this.context.reporter().prefix() + "an error in the client itself, please report it", ex));
				throw ex;
			}
		});
	}

}
