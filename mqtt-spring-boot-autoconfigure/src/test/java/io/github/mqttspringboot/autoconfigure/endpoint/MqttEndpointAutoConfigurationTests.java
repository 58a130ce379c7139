package io.github.mqttspringboot.autoconfigure.endpoint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.PropertiesEndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationFilter;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.convert.ConversionServiceParameterValueMapper;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpointDiscoverer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.MqttStartupException;
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
	void itCanOnlyBeReadByDefault() {
		this.contextRunner
			.run((context) -> assertThat(operations(context)).containsOnlyKeys("GET mqtt", "GET mqtt/{client}"));
	}

	@Test
	void aClientIsToldWhatToDoWithUnrestrictedAccess() {
		this.contextRunner.withPropertyValues("management.endpoint.mqtt.access=UNRESTRICTED").run((context) -> {
			assertThat(operations(context)).containsOnlyKeys("GET mqtt", "GET mqtt/{client}", "POST mqtt/{client}");
			WebEndpointResponse<?> done = post(context, "default", Map.of("action", "reconnect"));
			assertThat(done.getStatus()).isEqualTo(200);
			assertThat(done.getBody()).isEqualTo(context.getBean(MqttEndpoint.class).client("default"));
			assertThat(context.getBean("first", FakeMqttClient.class).told()).containsExactly("reconnect");
		});
	}

	@Test
	void whatCannotBeDoneIsAnsweredWithTheReason() {
		this.contextRunner.withPropertyValues("management.endpoint.mqtt.access=UNRESTRICTED")
			.withBean("failing", FakeMqttClient.class, FailingClient::new)
			.run((context) -> {
				assertThat(post(context, "other", Map.of("action", "stop")).getStatus()).isEqualTo(404);
				assertThat(post(context, "default", Map.of()).getStatus()).isEqualTo(400);
				WebEndpointResponse<?> bad = post(context, "default", Map.of("action", "restart"));
				assertThat(bad.getStatus()).isEqualTo(400);
				assertThat(bad.getBody()).isEqualTo(Map.of("error",
						"'restart' is no 'action' of an MQTT client: it is one of 'reconnect', 'stop', 'start'"));
				WebEndpointResponse<?> conflict = post(context, "failing", Map.of("action", "start"));
				assertThat(conflict.getStatus()).isEqualTo(409);
				assertThat(conflict.getBody()).isEqualTo(Map.of("error", "no journal"));
			});
	}

	private static WebEndpointResponse<?> post(ApplicationContext context, String client, Map<String, Object> body) {
		Map<String, Object> arguments = new HashMap<>(body);
		arguments.put("client", client);
		Object answer = operations(context).get("POST mqtt/{client}")
			.invoke(new InvocationContext(SecurityContext.NONE, arguments));
		return (WebEndpointResponse<?>) answer;
	}

	private static Map<String, WebOperation> operations(ApplicationContext context) {
		OperationFilter<WebOperation> access = OperationFilter
			.byAccess(new PropertiesEndpointAccessResolver(context.getEnvironment()));
		return new WebEndpointDiscoverer(context, new ConversionServiceParameterValueMapper(),
				EndpointMediaTypes.DEFAULT, List.of(), List.of(), List.of(), List.of(), List.of(access))
			.getEndpoints()
			.stream()
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.collect(Collectors.toMap((operation) -> operation.getRequestPredicate().getHttpMethod() + " "
					+ operation.getRequestPredicate().getPath(), Function.identity()));
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

	static class FailingClient extends FakeMqttClient {

		FailingClient() {
			super("failing");
		}

		@Override
		public void start() {
			throw new MqttStartupException("no journal", name(), List.of(), null, null);
		}

	}

	// imported by name, as an application does: only then are annotations read without
	// the classes that they name
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, MqttEndpointAutoConfiguration.class })
	static class ImportConfiguration {

	}

}
