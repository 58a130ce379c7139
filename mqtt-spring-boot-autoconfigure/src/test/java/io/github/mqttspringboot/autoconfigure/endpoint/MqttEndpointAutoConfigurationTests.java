package io.github.mqttspringboot.autoconfigure.endpoint;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.endpoint.MqttEndpoint;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttEndpointAutoConfiguration}.
 */
class MqttEndpointAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=mqtt")
		.withBean("first", FakeMqttClient.class, FakeMqttClient::new);

	@Test
	void theExposedEndpointDescribesTheClients() {
		this.contextRunner.withBean("second", FakeMqttClient.class, () -> new FakeMqttClient("second"))
			.run((context) -> assertThat(context.getBean(MqttEndpoint.class).clients().clients())
				.containsOnlyKeys("default", "second"));
	}

	@Test
	void itBacksOffWhenNotExposed() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(MqttEndpoint.class));
	}

	@Test
	void itCanBeTurnedOff() {
		this.contextRunner.withPropertyValues("management.endpoint.mqtt.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(MqttEndpoint.class));
	}

	@Test
	void itBacksOffWithoutActuator() {
		new ApplicationContextRunner().withUserConfiguration(ImportConfiguration.class)
			.withBean(FakeMqttClient.class, FakeMqttClient::new)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttEndpoint"));
	}

	@Test
	void itBacksOffWhenDisabled() {
		new ApplicationContextRunner()
			.withPropertyValues("mqtt.enabled=false", "management.endpoints.web.exposure.include=mqtt")
			.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttEndpointAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MqttEndpoint.class));
	}

	// imported by name, as an application does: only then are annotations read without
	// the classes that they name
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, MqttEndpointAutoConfiguration.class })
	static class ImportConfiguration {

	}

}
