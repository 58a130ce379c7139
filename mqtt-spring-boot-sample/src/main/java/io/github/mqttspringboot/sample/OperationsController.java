package io.github.mqttspringboot.sample;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.core.MqttTemplate;

/**
 * Publishes, subscribes and unsubscribes over HTTP. No request thread waits for the
 * broker.
 */
@RestController
@RequestMapping(path = "/api", consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
class OperationsController {

	private final ManagedMqttClient client;

	private final MqttTemplate template;

	private final ClientEvents events;

	private final JsonMapper mapper;

	OperationsController(ManagedMqttClient client, MqttTemplate template, ClientEvents events, JsonMapper mapper) {
		this.client = client;
		this.template = template;
		this.events = events;
		this.mapper = mapper;
	}

	@PostMapping("/publish")
	CompletableFuture<Answer> publish(@RequestBody(required = false) byte @Nullable [] json) {
		JsonBody body = JsonBody.parse(this.mapper, json);
		Integer qos = body.qos();
		Boolean retain = body.flag("retain");
		return this.template.publish(body.text("topic"), body.optionalText("payload"), (request) -> {
			if (qos != null) {
				request.qos(qos);
			}
			if (retain != null) {
				request.retain(retain);
			}
		}).thenApply(Answer::of);
	}

	@PostMapping("/subscribe")
	CompletableFuture<Answer> subscribe(@RequestBody(required = false) byte @Nullable [] json) {
		JsonBody body = JsonBody.parse(this.mapper, json);
		SubscribeRequest.Builder request = SubscribeRequest.to(body.text("filter")).handler(this.events::received);
		Integer qos = body.qos();
		if (qos != null) {
			request.qos(qos);
		}
		return this.client.subscribe(request.build()).thenApply(Answer::of);
	}

	@PostMapping("/unsubscribe")
	CompletableFuture<Answer> unsubscribe(@RequestBody(required = false) byte @Nullable [] json) {
		JsonBody body = JsonBody.parse(this.mapper, json);
		return this.client.unsubscribe(body.text("filter")).thenApply(Answer::of);
	}

}
