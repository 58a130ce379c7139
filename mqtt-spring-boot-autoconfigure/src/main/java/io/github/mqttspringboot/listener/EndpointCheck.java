package io.github.mqttspringboot.listener;

import java.lang.reflect.Method;

import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.packet.Topics;

/**
 * Refuses endpoints that make no sense.
 */
final class EndpointCheck {

	private final MqttListenerEndpoint endpoint;

	EndpointCheck(MqttListenerEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	void check() {
		if (this.endpoint.topics().isEmpty()) {
			throw this.endpoint.invalid("It has no topic filter.", "Set 'topics'.");
		}
		if (this.endpoint.listener() == null && this.endpoint.method() == null) {
			throw this.endpoint.invalid("Nothing is called with its messages.", "Set 'listener' or 'method'.");
		}
		Integer qos = this.endpoint.options().qos();
		if (qos != null && (qos < 0 || qos > 2)) {
			throw this.endpoint.invalid("It has the QoS " + qos + ".", "Set 'qos' to 0, 1 or 2.");
		}
		Integer concurrency = this.endpoint.concurrency();
		if (concurrency != null && (concurrency < 1 || concurrency > MqttListenerSettings.MAX_CONCURRENCY)) {
			throw this.endpoint.invalid("It has the concurrency " + concurrency + ".",
					"Set 'concurrency' to a number from 1 to " + MqttListenerSettings.MAX_CONCURRENCY + ".");
		}
		String sendTo = this.endpoint.sendTo();
		if (sendTo != null) {
			checkSendTo(sendTo);
		}
		for (ListenerTopic topic : this.endpoint.topics()) {
			if (this.endpoint.options().noLocal() && topic.isShared()) {
				throw this.endpoint.invalid(
						"It sets 'noLocal' on the shared subscription '" + topic
								+ "', which is a protocol error [MQTT-3.8.3-4].",
						"Leave out either 'noLocal' or the group.");
			}
		}
	}

	private void checkSendTo(String sendTo) {
		String problem = Topics.checkName(sendTo);
		if (problem != null) {
			throw this.endpoint.invalid("Its @SendTo is '" + Printable.escape(sendTo) + "', and the " + problem + ".",
					"Let @SendTo be a topic name, without wildcards.");
		}
		if (this.endpoint.topics().stream().anyMatch((topic) -> topic.isUsedIn(sendTo))) {
			throw this.endpoint.invalid(
					"Its @SendTo is '" + Printable.escape(sendTo) + "', but no variable is replaced in it.",
					"Let @SendTo be a topic name as it is, or publish the result with a MqttTemplate.");
		}
		Method method = this.endpoint.method();
		if (method != null && method.getReturnType() == void.class) {
			throw this.endpoint.invalid("It has @SendTo, but its method returns nothing.",
					"Return what is to be published, or remove @SendTo.");
		}
	}

}
