package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.packet.Publish;

/**
 * Hands messages that were quarantined to the application, off the engine's thread.
 */
final class PoisonMessages {

	private final @Nullable MqttPoisonMessageHandler handler;

	private final Outcome outcome;

	private final ClientLog log;

	PoisonMessages(@Nullable MqttPoisonMessageHandler handler, Outcome outcome, ClientLog log) {
		this.handler = handler;
		this.outcome = outcome;
		this.log = log;
	}

	void hand(Publish packet, MqttPoisonMessageException failure) {
		if (this.handler != null) {
			MqttPoisonMessageHandler handler = this.handler;
			PublishRequest request = PublishRequest.of(packet);
			this.outcome.run(() -> hand(handler, request, failure));
		}
	}

	private void hand(MqttPoisonMessageHandler handler, PublishRequest request, MqttPoisonMessageException failure) {
		try {
			handler.handle(request, failure);
		}
		catch (Throwable ex) {
			this.log.error("the MqttPoisonMessageHandler failed on " + request, ex);
		}
	}

}
