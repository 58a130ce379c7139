package io.github.mqttspringboot.testcontainers;

import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.testing.ScriptedBroker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which client a {@code @ServiceConnection} is for.
 */
class FurtherClientContainerTests {

	private final ScriptedBroker broker = ScriptedBroker.start();

	private final ScriptedBroker inContainer = ScriptedBroker.start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class, MqttAutoConfiguration.class,
				MqttTestcontainersAutoConfiguration.class))
		.withBean("stub", StubContainer.class,
				() -> new StubContainer("mosquitto-of-ours", this.inContainer.port(), 1883))
		.withPropertyValues("mqtt.servers=" + this.broker.uri(), "mqtt.clients.archive.servers=" + this.broker.uri());

	@AfterEach
	void stop() {
		this.broker.close();
		this.inContainer.close();
	}

	@Test
	void withoutAQualifierItIsForTheDefaultClient() {
		this.runner.withUserConfiguration(Unqualified.class).run((context) -> {
			expectServer(context, "default", this.inContainer);
			expectServer(context, "archive", this.broker);
		});
	}

	@Test
	void withAQualifierItIsForTheClientOfThatName() {
		this.runner.withUserConfiguration(Qualified.class).run((context) -> {
			expectServer(context, "default", this.broker);
			expectServer(context, "archive", this.inContainer);
		});
	}

	@Test
	void thereNeedsToBeNoDefaultClient() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class,
					MqttAutoConfiguration.class, MqttTestcontainersAutoConfiguration.class))
			.withBean("stub", StubContainer.class,
					() -> new StubContainer("mosquitto-of-ours", this.inContainer.port(), 1883))
			.withUserConfiguration(Qualified.class)
			.withPropertyValues("mqtt.clients.archive.client-id=archive")
			.run((context) -> {
				assertThat(context).hasSingleBean(ManagedMqttClient.class);
				expectServer(context, "archive", this.inContainer);
			});
	}

	@Test
	void anImportedFieldMayHaveAQualifier() {
		this.runner
			.withInitializer((context) -> ((GenericApplicationContext) context).registerBeanDefinition("imported",
					new ContainerDefinition(new StubContainer("eclipse-mosquitto", this.inContainer.port(), 1883))
						.annotated(Qualifier.class, Map.of("value", "archive"))))
			.run((context) -> {
				expectServer(context, "default", this.broker);
				expectServer(context, "archive", this.inContainer);
			});
	}

	/** So the documentation says what else to do. */
	@Test
	void springBootPassesOverASecondServiceConnection() {
		this.runner.withUserConfiguration(Unqualified.class, Qualified.class)
			.run((context) -> assertThat(context).getBeanNames(MqttConnectionDetails.class).hasSize(1));
	}

	private static void expectServer(AssertableApplicationContext context, String client, ScriptedBroker broker) {
		assertThat(context).hasNotFailed();
		ManagedMqttClient bean = context.getBean(client, ManagedMqttClient.class);
		Awaitility.await().untilAsserted(() -> assertThat(bean.state()).isEqualTo(ClientState.CONNECTED));
		assertThat(bean.connection().server()).hasToString(broker.uri());
	}

	@Configuration(proxyBeanMethods = false)
	static class Unqualified {

		@Bean
		@ServiceConnection("eclipse-mosquitto")
		StubContainer broker(@Qualifier("stub") StubContainer stub) {
			return stub;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Qualified {

		@Bean
		@Qualifier("archive")
		@ServiceConnection("eclipse-mosquitto")
		StubContainer archiveBroker(@Qualifier("stub") StubContainer stub) {
			return stub;
		}

	}

}
