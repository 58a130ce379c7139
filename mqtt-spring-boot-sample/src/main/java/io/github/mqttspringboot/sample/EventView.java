package io.github.mqttspringboot.sample;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;
import io.github.mqttspringboot.event.MqttPublishQuarantinedEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscriptionDowngradedEvent;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;

/**
 * Events and messages as JSON for the page. Text from outside has its control characters
 * escaped and is cut, so that it can neither break the stream nor play with the reader.
 */
final class EventView {

	/** More than is shown of a payload, in any script. */
	private static final int MAX_BYTES = 4096;

	private EventView() {
	}

	static Map<String, Object> of(MqttEvent event) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("event", event.getClass().getSimpleName());
		view.put("time", Instant.ofEpochMilli(event.getTimestamp()).toString());
		view.put("client", event.getClientName());
		if (event instanceof MqttConnectedEvent connected) {
			view.put("server", connected.getServer());
			view.put("reconnect", connected.isReconnect());
			view.put("sessionPresent", connected.isSessionPresent());
		}
		else if (event instanceof MqttClientStateChangedEvent changed) {
			view.put("from", changed.getPreviousState());
			view.put("to", changed.getState());
			put(view, "cause", changed.getCause());
		}
		else if (event instanceof MqttReconnectScheduledEvent scheduled) {
			view.put("attempt", scheduled.getAttempt());
			view.put("delayMillis", scheduled.getDelay().toMillis());
		}
		else if (event instanceof MqttPublishRejectedEvent rejected) {
			put(view, "topic", rejected.getTopic());
		}
		else if (event instanceof MqttPublishQuarantinedEvent quarantined) {
			put(view, "topic", quarantined.getTopic());
			view.put("qos", quarantined.getQos());
			view.put("strikes", quarantined.getStrikes());
		}
		else if (event instanceof MqttSubscribeRejectedEvent rejected) {
			put(view, "filter", rejected.getFilter());
		}
		else if (event instanceof MqttUnsubscribeRejectedEvent rejected) {
			put(view, "filter", rejected.getFilter());
		}
		else if (event instanceof MqttSubscriptionDowngradedEvent downgraded) {
			put(view, "filter", downgraded.getFilter());
			view.put("requestedQos", downgraded.getRequestedQos());
			view.put("grantedQos", downgraded.getGrantedQos());
		}
		else if (event instanceof MqttListenerFailedEvent failed) {
			put(view, "topic", failed.getTopic());
		}
		MqttFailure failure = event.getFailure();
		if (failure != null) {
			view.put("packet", failure.packet().label());
			view.put("code", failure.hex());
			view.put("reason", failure.reason());
			put(view, "reasonString", failure.reasonString());
		}
		Classification classification = event.getClassification();
		if (classification != null) {
			view.put("errorClass", classification.errorClass().name());
			view.put("rule", classification.rule());
		}
		if (failure != null) {
			view.put("detail", failure.toString());
		}
		return view;
	}

	static Map<String, Object> of(ReceivedMessage message) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("event", EventFeed.MESSAGE);
		view.put("time", Instant.now().toString());
		put(view, "topic", message.topic());
		byte[] payload = message.payload();
		put(view, "payload", new String(payload, 0, Math.min(payload.length, MAX_BYTES), StandardCharsets.UTF_8));
		view.put("bytes", payload.length);
		view.put("qos", message.qos());
		view.put("retained", message.retained());
		view.put("duplicate", message.duplicate());
		return view;
	}

	private static void put(Map<String, Object> view, String name, @Nullable String text) {
		if (text != null) {
			view.put(name, Printable.escape(text));
		}
	}

}
