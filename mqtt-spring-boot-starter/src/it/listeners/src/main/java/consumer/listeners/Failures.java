package consumer.listeners;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import io.github.mqttspringboot.event.MqttListenerFailedEvent;

@Component
public class Failures {

	private final List<MqttListenerFailedEvent> events = new CopyOnWriteArrayList<>();

	@EventListener
	void failed(MqttListenerFailedEvent event) {
		this.events.add(event);
	}

	public List<MqttListenerFailedEvent> events() {
		return this.events;
	}

}
