package io.github.mqttspringboot.sample;

import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.Printable;

/**
 * Tells the client what to do, as {@code /actuator/mqtt} does where it may be written to.
 */
@RestController
class ClientController {

	private final ManagedMqttClient client;

	private final JsonMapper mapper;

	ClientController(ManagedMqttClient client, JsonMapper mapper) {
		this.client = client;
		this.mapper = mapper;
	}

	@PostMapping(path = "/api/client", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = MediaType.APPLICATION_JSON_VALUE)
	ClientAnswer tell(@RequestBody(required = false) byte @Nullable [] json) {
		String action = JsonBody.parse(this.mapper, json).text("action");
		switch (action) {
			case "reconnect" -> this.client.reconnect();
			case "stop" -> this.client.stop();
			case "start" -> this.client.start();
			default -> throw new BadInputException(
					"'action' must be reconnect, stop or start, but is \"" + Printable.escape(action) + "\"");
		}
		return new ClientAnswer(action, "The client has been told.");
	}

	/**
	 * What became of an action.
	 *
	 * @param action the action
	 * @param detail what happened, for people
	 */
	record ClientAnswer(String action, String detail) {

	}

}
