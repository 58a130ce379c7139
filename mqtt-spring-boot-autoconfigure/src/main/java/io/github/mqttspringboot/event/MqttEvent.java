package io.github.mqttspringboot.event;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEvent;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * Something that happened to an MQTT client. The source is the client. Published in
 * order, on the client's own executor.
 *
 * @since 0.1.0
 */
public abstract class MqttEvent extends ApplicationEvent {

	private final String clientName;

	private final transient @Nullable MqttFailure failure;

	private final transient @Nullable Classification classification;

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param failure what went wrong, {@code null} if nothing did
	 * @param classification the verdict on the failure, {@code null} without one
	 */
	protected MqttEvent(Object source, String clientName, @Nullable MqttFailure failure,
			@Nullable Classification classification) {
		super(source);
		this.clientName = clientName;
		this.failure = failure;
		this.classification = classification;
	}

	/**
	 * Return the name of the client.
	 * @return {@code default}, or the name under {@code mqtt.clients}
	 */
	public String getClientName() {
		return this.clientName;
	}

	/**
	 * Return what went wrong.
	 * @return the failure, {@code null} if nothing did
	 */
	public @Nullable MqttFailure getFailure() {
		return this.failure;
	}

	/**
	 * Return the verdict on the failure.
	 * @return the class and the rule that decided, {@code null} without a failure
	 */
	public @Nullable Classification getClassification() {
		return this.classification;
	}

	/**
	 * Describe the event in one line for people. Control characters are escaped.
	 * @return the description
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(getClass().getSimpleName()).append("[client=").append(this.clientName);
		if (this.failure != null) {
			text.append(", failure=").append(this.failure);
		}
		if (this.classification != null) {
			text.append(", class=")
				.append(this.classification.errorClass())
				.append(", rule=")
				.append(this.classification.rule());
		}
		return text.append(']').toString();
	}

}
