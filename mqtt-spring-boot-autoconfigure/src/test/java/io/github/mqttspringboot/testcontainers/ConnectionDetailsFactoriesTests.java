package io.github.mqttspringboot.testcontainers;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How Spring Boot finds the factories, with all that is optional and without. What is
 * missing is missing from the class path of a class loader of its own.
 */
class ConnectionDetailsFactoriesTests {

	private static final String HIVEMQ = "testcontainers-hivemq-";

	@Test
	void allAreFound() throws Exception {
		assertThat(call(Factories.class)).isEqualTo(List.of("MqttDockerComposeConnectionDetailsFactory",
				"HiveMqContainerConnectionDetailsFactory", "MqttContainerConnectionDetailsFactory"));
	}

	@Test
	void withoutDockerComposeThereAreThoseOfTestcontainers() throws Exception {
		assertThat(call(Factories.class, "spring-boot-docker-compose-"))
			.isEqualTo(List.of("HiveMqContainerConnectionDetailsFactory", "MqttContainerConnectionDetailsFactory"));
	}

	@Test
	void withoutTestcontainersThereIsThatOfDockerCompose() throws Exception {
		assertThat(call(Factories.class, "testcontainers-"))
			.isEqualTo(List.of("MqttDockerComposeConnectionDetailsFactory"));
	}

	@Test
	void withoutBothAnApplicationStarts() throws Exception {
		assertThat(call(Application.class, "testcontainers-", "spring-boot-docker-compose-"))
			.isEqualTo("mqtt://localhost:1883");
	}

	@Test
	void withoutTheHiveMqModuleAHiveMqIsAGenericContainer() throws Exception {
		assertThat(call(GenericHiveMq.class, HIVEMQ)).isEqualTo("mqtt://127.0.0.1:40001");
	}

	private static Object call(Class<?> type, String... missing) throws Exception {
		List<URL> urls = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> Stream.of(missing).noneMatch(Path.of(entry).getFileName().toString()::contains))
			.map(ConnectionDetailsFactoriesTests::url)
			.toList();
		Thread thread = Thread.currentThread();
		ClassLoader usual = thread.getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new),
				ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(loader);
			for (String jar : missing) {
				assertThat(ClassUtils.isPresent(present(jar), loader)).as(jar).isFalse();
			}
			Class<?> there = loader.loadClass(type.getName());
			return ((Callable<?>) ReflectionUtils.accessibleConstructor(there).newInstance()).call();
		}
		finally {
			thread.setContextClassLoader(usual);
		}
	}

	private static String present(String jar) {
		return switch (jar) {
			case HIVEMQ -> "org.testcontainers.hivemq.HiveMQContainer";
			case "testcontainers-" -> "org.testcontainers.containers.Container";
			default -> "org.springframework.boot.docker.compose.core.RunningService";
		};
	}

	private static URL url(String entry) {
		try {
			return Path.of(entry).toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Names our factories, as far as they can be used. */
	static class Factories implements Callable<Object> {

		@Override
		public Object call() {
			new ConnectionDetailsFactories(null);
			return SpringFactoriesLoader.forDefaultResourceLocation()
				.load(ConnectionDetailsFactory.class, FailureHandler.handleMessage((message, ex) -> {
				}))
				.stream()
				.map(Object::getClass)
				.filter((type) -> type.getName().startsWith("io.github.mqttspringboot."))
				.map(Class::getSimpleName)
				.toList();
		}

	}

	/** Starts an application and says where it connects to. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application implements Callable<Object> {

		@Override
		public Object call() {
			try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
				.web(WebApplicationType.NONE)
				.properties("spring.main.banner-mode=off", "mqtt.auto-startup=false")
				.run()) {
				return context.getBean(MqttConnectionDetails.class).getServers().get(0).toString();
			}
		}

	}

	/** Connects to a HiveMQ in a generic container. */
	static class GenericHiveMq implements Callable<Object> {

		@Override
		public Object call() {
			String[] result = new String[1];
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class))
				.withInitializer((context) -> ((GenericApplicationContext) context).registerBeanDefinition("broker",
						new ContainerDefinition(new StubContainer("hivemq/hivemq-ce", 40_001, 1883))))
				.run((context) -> {
					URI server = context.getBean(MqttConnectionDetails.class).getServers().get(0);
					result[0] = server.toString();
				});
			return result[0];
		}

	}

}
