package io.github.mqttspringboot.listener;

import java.util.HashMap;
import java.util.Map;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.support.DestinationVariableMethodArgumentResolver;

import io.github.mqttspringboot.client.ReceivedMessage;

/**
 * A received message as Spring Messaging sees it, with what listener methods may ask for
 * besides.
 */
final class ListenerMessage implements Message<byte[]> {

	private final ReceivedMessage received;

	private final Acknowledgment acknowledgment;

	private final MessageHeaders headers;

	ListenerMessage(Message<byte[]> message, ReceivedMessage received, Acknowledgment acknowledgment,
			Map<String, String> variables) {
		this.received = received;
		this.acknowledgment = acknowledgment;
		// Even if empty: a sender must not set it
		Map<String, Object> headers = new HashMap<>(message.getHeaders());
		headers.put(DestinationVariableMethodArgumentResolver.DESTINATION_TEMPLATE_VARIABLES_HEADER, variables);
		this.headers = new MessageHeaders(headers);
	}

	@Override
	public byte[] getPayload() {
		return this.received.payload();
	}

	@Override
	public MessageHeaders getHeaders() {
		return this.headers;
	}

	ReceivedMessage received() {
		return this.received;
	}

	Acknowledgment acknowledgment() {
		return this.acknowledgment;
	}

	@Override
	public String toString() {
		return this.received.toString();
	}

}
