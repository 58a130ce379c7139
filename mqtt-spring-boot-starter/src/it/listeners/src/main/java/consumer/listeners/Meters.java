package consumer.listeners;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.validation.Valid;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;

import io.github.mqttspringboot.annotation.MqttListener;

@Component
public class Meters {

	private final List<Reading> readings = new CopyOnWriteArrayList<>();

	@MqttListener(topics = "meters/{id}/reading", qos = 1)
	Receipt reading(@DestinationVariable String id, @Payload @Valid Reading reading) {
		this.readings.add(reading);
		return new Receipt(id, this.readings.size());
	}

	public List<Reading> readings() {
		return this.readings;
	}

	public record Receipt(String meter, int number) {
	}

}
