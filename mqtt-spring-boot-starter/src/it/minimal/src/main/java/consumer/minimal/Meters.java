package consumer.minimal;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;

import io.github.mqttspringboot.annotation.MqttListener;

/**
 * Answers a question about a meter, and says on the console that it was asked.
 */
@Component
class Meters {

	@MqttListener(topics = "meters/{id}/read", qos = 1)
	String read(@DestinationVariable String id, @Payload String question) {
		System.out.println("asked of " + id + ": " + question);
		return id + " has 42 " + question;
	}

}
