package io.github.mqttspringboot.autoconfigure.endpoint;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.endpoint.MqttEndpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The {@link MqttEndpoint} over JMX.
 */
class MqttEndpointJmxTests {

	private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

	private final FakeMqttClient client = new FakeMqttClient();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttEndpointAutoConfiguration.class,
				JmxAutoConfiguration.class, EndpointAutoConfiguration.class, JmxEndpointAutoConfiguration.class))
		.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=mqtt")
		.withBean("first", FakeMqttClient.class, () -> this.client);

	@Test
	void itCanOnlyBeReadByDefault() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean("mqttEndpointWebExtension");
			assertThat(operations()).containsExactlyInAnyOrder("clients", "client");
			assertThat(invoke("clients")).extracting("clients.default.state").isEqualTo("STOPPED");
			assertThat(invoke("client", "default")).extracting("clientId").isEqualTo("fake-client");
			assertThat(invoke("client", "other")).isNull();
		});
	}

	@Test
	void aClientIsToldWhatToDoWithUnrestrictedAccess() {
		this.contextRunner.withPropertyValues("management.endpoint.mqtt.access=UNRESTRICTED").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(operations()).contains("act");
			assertThat(invoke("act", "default", "stop")).isInstanceOf(Map.class);
			assertThat(this.client.told()).containsExactly("stop");
			assertThatExceptionOfType(ReflectionException.class).isThrownBy(() -> invoke("act", "default", "dance"))
				.havingCause()
				.withMessageContaining("'dance' is no 'action' of an MQTT client");
		});
	}

	private List<String> operations() throws Exception {
		return Arrays.stream(this.server.getMBeanInfo(name()).getOperations())
			.map(MBeanOperationInfo::getName)
			.toList();
	}

	private Object invoke(String operation, String... arguments) throws Exception {
		String[] signature = new String[arguments.length];
		Arrays.fill(signature, String.class.getName());
		return this.server.invoke(name(), operation, arguments, signature);
	}

	private static ObjectName name() throws Exception {
		return new ObjectName("org.springframework.boot:type=Endpoint,name=Mqtt");
	}

}
