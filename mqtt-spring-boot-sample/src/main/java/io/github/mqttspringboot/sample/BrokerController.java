package io.github.mqttspringboot.sample;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.error.Printable;

/**
 * Stops and starts the embedded broker over HTTP, to see what the client makes of it.
 */
@RestController
class BrokerController {

	private final EmbeddedBroker broker;

	private final JsonMapper mapper;

	BrokerController(EmbeddedBroker broker, JsonMapper mapper) {
		this.broker = broker;
		this.mapper = mapper;
	}

	@PostMapping(path = "/api/broker", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<BrokerAnswer> broker(@RequestBody(required = false) byte @Nullable [] json) {
		String action = JsonBody.parse(this.mapper, json).text("action");
		return switch (action) {
			case "stop" -> this.broker.stopBroker()
				.thenApply((stopped) -> answer(action,
						stopped ? "The broker has stopped." : "The broker was stopped already."));
			case "start" -> this.broker.startBroker()
				.thenApply((started) -> answer(action,
						started ? "The broker has started." : "The broker was running already."));
			case "restart" -> this.broker.restartBroker()
				.thenApply((stopped) -> answer(action, stopped ? "The broker has stopped and started again."
						: "The broker was stopped and has started."));
			default -> throw new BadInputException(
					"'action' must be stop, start or restart, but is \"" + Printable.escape(action) + "\"");
		};
	}

	private BrokerAnswer answer(String action, String detail) {
		return new BrokerAnswer(action, this.broker.isRunning(), this.broker.port(), detail);
	}

	/**
	 * What became of an action.
	 *
	 * @param action the action
	 * @param running whether the broker runs now
	 * @param port the port it has
	 * @param detail what happened, for people
	 */
	record BrokerAnswer(String action, boolean running, int port, String detail) {

	}

}
