package io.github.mqttspringboot.acceptance;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.Rule;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Requests after a server has lost the session and refuses the reply topic.
 */
class RefusedReplyTopicTests {

	private static final String REPLIES = "replies/me";

	private final ScriptedBroker broker = ScriptedBroker.start();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "recoverable", "reconnect" })
	void aRequestIsNotPublishedUntilTheReplyTopicIsGrantedAgain(String errorClass) {
		try (ConfigurableApplicationContext context = start(errorClass)) {
			MqttTemplate template = context.getBean(MqttTemplate.class);
			ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
			template.request("a", "x", String.class);
			this.broker.awaitReceived(When.publish("a"), 1);
			Rule refusal = this.broker.on(When.subscribe(REPLIES)).answer(Reply.suback(0x87));
			this.broker.lastConnection().close();
			Awaitility.await()
				.untilAsserted(() -> assertThat(client.subscriptions())
					.noneMatch((status) -> status.state() != SubscriptionStatus.State.REJECTED));
			assertThat(refusal.hits()).isOne();
			assertThat(catchThrowable(template.request("b", "x", String.class)::join))
				.hasCauseInstanceOf(MqttSubscribeRejectedException.class);
			assertThat(this.broker.received(When.publish("b"))).isEmpty();
			refusal.remove();
			template.request("c", "x", String.class);
			this.broker.awaitReceived(When.publish("c"), 1);
			assertThat(client.subscriptions()).extracting(SubscriptionStatus::state)
				.containsExactly(SubscriptionStatus.State.ACTIVE);
		}
	}

	private ConfigurableApplicationContext start(String errorClass) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "mqtt.servers=" + this.broker.uri(), "mqtt.startup-mode=wait",
					"mqtt.reconnect.initial-spread=10ms", "mqtt.reconnect.floor=10ms", "mqtt.reconnect.base-delay=10ms",
					"mqtt.error-policy.suback.not-authorized=" + errorClass, "mqtt.request.reply-topic=" + REPLIES)
			.run();
	}

	/** The application. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
