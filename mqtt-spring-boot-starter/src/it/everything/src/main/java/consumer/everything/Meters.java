package consumer.everything;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.tracing.Tracer;
import jakarta.validation.Valid;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.stereotype.Component;

import io.github.mqttspringboot.annotation.MqttListener;

/**
 * Takes readings from one client, and puts them into the archive through another.
 */
@Component
public class Meters {

	private final Tracer tracer;

	private final MessageChannel archive;

	private final List<String> traces = new CopyOnWriteArrayList<>();

	private final List<String> archived = new CopyOnWriteArrayList<>();

	Meters(Tracer tracer, @Qualifier("archiveChannel") MessageChannel archive) {
		this.tracer = tracer;
		this.archive = archive;
	}

	@MqttListener(topics = "meters/{id}/reading", qos = 1)
	void reading(@DestinationVariable String id, @Payload @Valid Reading reading) {
		this.traces.add(this.tracer.currentSpan().context().traceId());
		this.archive.send(MessageBuilder.withPayload(id + "=" + reading.value()).build());
	}

	@MqttListener(client = "archive", topics = "archive/readings", qos = 1)
	void archived(String reading) {
		this.archived.add(reading);
	}

	public List<String> traces() {
		return this.traces;
	}

	public List<String> archived() {
		return this.archived;
	}

}
