package io.github.mqttspringboot.sample;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.event.MqttEvent;

/**
 * Puts what the client reports and receives into the feed.
 */
@Component
class ClientEvents {

	private final EventFeed feed;

	ClientEvents(EventFeed feed) {
		this.feed = feed;
	}

	@EventListener
	void happened(MqttEvent event) {
		this.feed.add(event.getClass().getSimpleName(), EventView.of(event));
	}

	void received(ReceivedMessage message) {
		this.feed.add(EventFeed.MESSAGE, EventView.of(message));
	}

}
