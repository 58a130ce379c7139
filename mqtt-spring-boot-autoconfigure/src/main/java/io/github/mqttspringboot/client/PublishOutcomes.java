package io.github.mqttspringboot.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.event.MqttPublishQuarantinedEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * Ends publishes: future, event, count and log line. Used on the engine's thread only.
 */
final class PublishOutcomes {

	private final EngineContext context;

	PublishOutcomes(EngineContext context) {
		this.context = context;
	}

	Classification classify(OutboundPublish publish, PublishAck ack) {
		return this.context.reporter().classify(failure(publish, ack));
	}

	void succeed(OutboundPublish publish, PacketType packet, int code, @Nullable PublishAck ack) {
		if (publish.settled) {
			return;
		}
		publish.settle();
		ReasonCode reasonCode = (packet != PacketType.PUBLISH) ? ReasonCode.find(packet, code) : ReasonCode.SUCCESS;
		String reasonString = (ack != null) ? ack.reasonString() : null;
		List<UserProperty> properties = (ack != null) ? ack.userProperties() : List.of();
		this.context.outcome()
			.complete(publish.future, new PublishResult(publish.topic(), publish.qos(), packet, code, reasonCode,
					reasonString, properties));
	}

	/**
	 * Report a code below 0x80 that the policy takes for a failure.
	 * @param publish the publish
	 * @param ack the acknowledgement
	 * @param classification the verdict
	 */
	void report(OutboundPublish publish, PublishAck ack, Classification classification) {
		if (classification.errorClass() != ErrorClass.SUCCESS) {
			rejection(publish, failure(publish, ack), classification, "connection kept, message accepted");
		}
	}

	/**
	 * The server has refused the message.
	 * @param publish the publish
	 * @param ack the acknowledgement
	 * @param classification the verdict
	 * @return the failure
	 */
	MqttFailure reject(OutboundPublish publish, PublishAck ack, Classification classification) {
		MqttFailure failure = failure(publish, ack);
		boolean kept = !classification.errorClass().endsConnection();
		if (kept) {
			rejection(publish, failure, classification, "connection kept, publish failed");
		}
		else {
			// Counted and logged as the incident that it becomes
			event(publish, failure, classification);
		}
		fail(publish,
				new MqttPublishRejectedException(
						message(publish, failure,
								(kept) ? this.context.keptConnection()
										: "The connection is ended, as '" + classification.rule() + "' demands"),
						failure, classification));
		return failure;
	}

	/**
	 * A check has refused the message before it was sent.
	 * @param publish the publish
	 * @param failure the failure
	 */
	void refuse(OutboundPublish publish, MqttFailure failure) {
		Classification classification = this.context.reporter().classify(failure);
		String kept = this.context.kept();
		rejection(publish, failure, classification, kept + "publish failed");
		fail(publish, new MqttPublishRejectedException(message(publish, failure, this.context.keptConnection()),
				failure, classification));
	}

	/**
	 * The journal could not take the message in.
	 * @param publish the publish
	 * @param cause why
	 */
	void notStored(OutboundPublish publish, Throwable cause) {
		refuse(publish,
				MqttFailure.local(LocalError.PERSISTENCE_FAILED)
					.topic(publish.topic())
					.detail("the session's journal in '" + this.context.settings().persistence().directory()
							+ "' could not be written (" + Texts.describe(cause) + "); " + publish.fate())
					.cause(cause)
					.build());
	}

	void notConnected(OutboundPublish publish, String detail, @Nullable MqttFailure cause) {
		MqttFailure failure = failure(publish, LocalError.NOT_CONNECTED,
				(cause != null) ? detail + ": " + cause : detail);
		Classification classification = this.context.reporter().classify(failure);
		rejection(publish, failure, classification, "publish failed");
		fail(publish, new MqttNotConnectedException(message(publish, failure, null), failure, classification));
	}

	void timeOut(OutboundPublish publish, LocalError error, String detail) {
		MqttFailure failure = failure(publish, error, detail);
		Classification classification = this.context.reporter().classify(failure);
		rejection(publish, failure, classification, "publish failed");
		fail(publish, new MqttOperationTimeoutException(message(publish, failure, null), failure, classification));
	}

	void sessionLost(OutboundPublish publish) {
		MqttFailure failure = failure(publish, LocalError.SESSION_LOST,
				"the server has lost the session while it was in flight; its outcome is unknown");
		Classification classification = this.context.reporter().classify(failure);
		rejection(publish, failure, classification, "connection kept, publish failed");
		fail(publish, new MqttSessionLostException(message(publish, failure, null), failure, classification));
	}

	/**
	 * The message was found to end connections.
	 * @param publish the publish
	 * @param verdict why
	 */
	void quarantine(OutboundPublish publish, PoisonVerdict verdict) {
		MqttFailure failure = verdict.failureFor(publish.topic());
		Classification classification = this.context.reporter().classify(failure);
		this.context.reporter()
			.quarantined(failure, classification, "publish with QoS " + publish.qos() + " failed, message given up");
		this.context.reporter()
			.event((source, name) -> new MqttPublishQuarantinedEvent(source, name, failure, classification,
					publish.topic(), publish.qos(), verdict.strikes()));
		MqttPoisonMessageException exception = new MqttPoisonMessageException(message(publish, failure, null), failure,
				classification, this.context.settings().name());
		fail(publish, exception);
		this.context.poison().hand(publish.packet, exception);
	}

	private void rejection(OutboundPublish publish, MqttFailure failure, Classification classification, String action) {
		this.context.reporter()
			.rejection(failure, classification, action, (source, name) -> new MqttPublishRejectedEvent(source, name,
					failure, classification, publish.topic()));
	}

	private void event(OutboundPublish publish, MqttFailure failure, Classification classification) {
		this.context.reporter()
			.event((source, name) -> new MqttPublishRejectedEvent(source, name, failure, classification,
					publish.topic()));
	}

	private void fail(OutboundPublish publish, MqttOperationException exception) {
		if (!publish.settled) {
			publish.settle();
			this.context.outcome().fail(publish.future, exception);
		}
	}

	private String message(OutboundPublish publish, MqttFailure failure, @Nullable String action) {
		return this.context.reporter().prefix() + "publish with QoS " + publish.qos() + " failed: " + failure
				+ ((action != null) ? ". " + action : "") + this.context.reporter().advice(failure);
	}

	private static MqttFailure failure(OutboundPublish publish, PublishAck ack) {
		return MqttFailure.of(ack.type(), ack.code())
			.topic(publish.topic())
			.reasonString(ack.reasonString())
			.userProperties(ack.userProperties())
			.build();
	}

	private static MqttFailure failure(OutboundPublish publish, LocalError error, String detail) {
		return MqttFailure.local(error).topic(publish.topic()).detail(detail).build();
	}

}
