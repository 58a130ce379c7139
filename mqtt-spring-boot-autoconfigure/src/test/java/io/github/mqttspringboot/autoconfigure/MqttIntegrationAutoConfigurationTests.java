package io.github.mqttspringboot.autoconfigure;

import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.integration.autoconfigure.IntegrationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.mqtt.core.ClientManager;
import org.springframework.integration.mqtt.core.Mqttv5ClientManager;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.integration.MqttClientManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttIntegrationAutoConfiguration}.
 */
class MqttIntegrationAutoConfigurationTests {

	private static final String[] TELEMETRY = { "mqtt.clients.telemetry.servers=mqtt://telemetry",
			"mqtt.clients.telemetry.client-id=gauge", "mqtt.clients.telemetry.clean-start=false",
			"mqtt.clients.telemetry.auto-startup=false" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttIntegrationAutoConfiguration.class,
				IntegrationAutoConfiguration.class))
		.withPropertyValues("mqtt.auto-startup=false", "mqtt.client-id=one");

	@Test
	void theManagerIsThatOfThePrimaryClient() {
		this.runner.withPropertyValues("mqtt.servers=mqtt://one,mqtt://two").run((context) -> {
			assertThat(context).hasSingleBean(MqttClientManager.class).hasSingleBean(ClientManager.class);
			MqttClientManager manager = context.getBean(MqttClientManager.class);
			assertThat(manager.getClientId()).isEqualTo("one");
			assertThat(manager.getUrl()).isEqualTo("mqtt://one:1883");
			assertThat(manager.getConnectionInfo().isCleanStart()).isTrue();
			assertThat(manager.isConnected()).isFalse();
			assertThat(manager.getClient()).isNotNull();
			assertThat(manager.isManualAcks()).isFalse();
		});
	}

	@Test
	void eachClientHasOne() {
		this.runner.withPropertyValues("mqtt.servers=mqtt://one")
			.withPropertyValues(TELEMETRY)
			.withUserConfiguration(Injected.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Injected injected = context.getBean(Injected.class);
				assertThat(injected.manager.getClientId()).isEqualTo("one");
				assertThat(injected.telemetry.getClientId()).isEqualTo("gauge");
				assertThat(injected.telemetry.getUrl()).isEqualTo("mqtt://telemetry");
				assertThat(injected.telemetry.getConnectionInfo().isCleanStart()).isFalse();
				assertThat(injected.telemetry).isSameAs(context.getBean("telemetryMqttClientManager"));
			});
	}

	@Test
	void theOnlyFurtherClientsManagerNeedsNoQualifier() {
		this.runner.withPropertyValues(TELEMETRY)
			.run((context) -> assertThat(context.getBean(MqttClientManager.class).getClientId()).isEqualTo("gauge"));
	}

	@Test
	void aManagerOfTheApplicationToAnotherBrokerIsMeantByItsType() {
		this.runner.withUserConfiguration(OtherManager.class).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(MqttClientManager.class);
			assertThat(context.getBean(ClientManager.class)).isInstanceOf(Mqttv5ClientManager.class);
		});
	}

	@Test
	void theManagerOfTheApplicationWins() {
		this.runner.withUserConfiguration(OwnManager.class)
			.run((context) -> assertThat(context.getBean(MqttClientManager.class).isManualAcks()).isTrue());
	}

	@Test
	void withoutSpringIntegrationOnlyTheManagerIsMissing() {
		for (String missing : new String[] { "org.springframework.integration.mqtt",
				"org.springframework.integration" }) {
			new ApplicationContextRunner()
				.withConfiguration(
						AutoConfigurations.of(MqttAutoConfiguration.class, MqttIntegrationAutoConfiguration.class))
				.withPropertyValues("mqtt.auto-startup=false")
				.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).hasNotFailed()
					.hasSingleBean(ManagedMqttClient.class)
					.hasSingleBean(MqttTemplate.class)
					.doesNotHaveBean("mqttClientManager"));
		}
	}

	@Test
	void disabledThereIsNone() {
		this.runner.withPropertyValues("mqtt.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MqttClientManager.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		private final ClientManager<IMqttAsyncClient, MqttConnectionOptions> manager;

		private final MqttClientManager telemetry;

		@Autowired
		Injected(ClientManager<IMqttAsyncClient, MqttConnectionOptions> manager,
				@Qualifier("telemetry") MqttClientManager telemetry) {
			this.manager = manager;
			this.telemetry = telemetry;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherManager {

		@Bean
		Mqttv5ClientManager legacy() {
			Mqttv5ClientManager manager = new Mqttv5ClientManager("tcp://legacy:1883", "legacy") {

				@Override
				public boolean isAutoStartup() {
					return false;
				}

			};
			return manager;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnManager {

		@Bean
		MqttClientManager manager(ManagedMqttClient client) {
			MqttClientManager manager = new MqttClientManager(client, "mqtt://mine", true);
			manager.setManualAcks(true);
			return manager;
		}

	}

}
