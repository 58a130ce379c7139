package io.github.mqttspringboot.acceptance;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.endpoint.MqttEndpointAutoConfiguration;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttPoisonMessageException;
import io.github.mqttspringboot.client.MqttPoisonMessageHandler;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.endpoint.MqttClientDescriptor;
import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that publish, or subscribe to, what makes the server end the connection.
 */
class PoisonMessageTests {

	private final ScriptedBroker broker = ScriptedBroker.start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=mqtt");

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Test
	void theHandlerIsCalledForEachClientWithTheStrikesOfItsProperties() {
		this.broker.on(When.publish("poison")).close();
		List<String> handled = new CopyOnWriteArrayList<>();
		this.runner.withPropertyValues(client("mqtt.clients.north."))
			.withPropertyValues("mqtt.clients.north.poison.max-strikes=1")
			.withBean(MqttPoisonMessageHandler.class,
					() -> (message, failure) -> handled.add(failure.getClientName() + " " + message.topic()))
			.run((context) -> {
				ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
				CompletableFuture<PublishResult> poison = client
					.publish(PublishRequest.to("poison").payload("secret").qos(1).build());
				assertThat(failure(poison)).isInstanceOf(MqttPoisonMessageException.class)
					.hasMessageContaining("north")
					.hasMessageNotContaining("secret");
				Awaitility.await().untilAsserted(() -> assertThat(handled).containsExactly("north poison"));
				assertThat(client.publish(PublishRequest.to("good").payload("x").qos(2).build()).get().code()).isZero();
				// Alone in flight at each of three ends, of which one on probation
				assertThat(this.broker.received(When.publish("poison"))).hasSize(3);
			});
	}

	@Test
	void theEndpointShowsWhatWasGivenUp() {
		this.broker.on(When.publish("poison")).answer(Reply.disconnect(0x99)).thenClose();
		this.broker.on(When.subscribe("poison/+")).answer(Reply.disconnect(0x8F)).thenClose();
		this.runner.withPropertyValues(client("mqtt.")).run((context) -> {
			ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
			CompletableFuture<PublishResult> poison = client
				.publish(PublishRequest.to("poison").payload("secret").qos(1).build());
			assertThat(failure(poison)).isInstanceOf(MqttPoisonMessageException.class);
			CompletableFuture<SubscribeResult> filter = client.subscribe(SubscribeRequest.to("poison/+").build());
			assertThat(failure(filter)).isInstanceOf(MqttSubscribeRejectedException.class);
			MqttClientDescriptor shown = context.getBean(MqttEndpoint.class).clients().clients().get("default");
			assertThat(shown.subscriptions()).singleElement().satisfies((subscription) -> {
				assertThat(subscription.state()).hasToString("REJECTED");
				assertThat(subscription.code()).isEqualTo("0x8F");
			});
			assertThat(shown.incidents()).filteredOn((incident) -> "poison".equals(incident.topic()))
				.singleElement()
				.satisfies((incident) -> {
					assertThat(incident.code()).isEqualTo("0x99");
					assertThat(incident.action()).contains("given up");
					assertThat(incident.description()).contains("alone in flight").doesNotContain("secret");
				});
			assertThat(shown.incidents()).filteredOn((incident) -> "poison/+".equals(incident.topic()))
				.singleElement()
				.satisfies((incident) -> assertThat(incident.action()).contains("subscription refused"));
			assertThat(shown.errors().get("reconnect")).isEqualTo(this.broker.connectionCount() - 1L);
		});
	}

	private String[] client(String prefix) {
		return new String[] { prefix + "servers=" + this.broker.uri(), prefix + "reconnect.base-delay=10ms",
				prefix + "reconnect.multiplier=1", prefix + "reconnect.floor=10ms",
				prefix + "reconnect.initial-spread=10ms", prefix + "reconnect.max-delay=20ms" };
	}

	private static Throwable failure(CompletableFuture<?> future) {
		Awaitility.await().until(future::isDone);
		return future.handle((result, failure) -> failure).join();
	}

}
