package io.github.mqttspringboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what an application says that does not start because of its configuration.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttFailureAnalysisTests {

	@Test
	void theOriginIsThatOfTheArgument(CapturedOutput output) {
		start("--mqtt.servers[0]=mqtt://a", "--mqtt.servers[1]=mqtt://b:x");
		assertThat(output)
			.contains("APPLICATION FAILED TO START", "Property: mqtt.servers", "Value: \"mqtt://b:x\"",
					"Origin: \"mqtt.servers[1]\" from property source \"commandLineArgs\"")
			.doesNotContain("\tat ");
	}

	@Test
	void aPasswordInAServersUriIsNotRepeated(CapturedOutput output) {
		start("--mqtt.servers=mqtt://gateway:hunter2,hunter3@broker");
		assertThat(output).contains("Value: \"mqtt://******\"", "There is an '@' in the list", "mqtt.username")
			.doesNotContain("hunter");
	}

	@Test
	void aDirectoryForTheJournalThatIsNoneFailsTheStart(@TempDir Path directory, CapturedOutput output)
			throws IOException {
		Path file = Files.createFile(directory.resolve("a-file"));
		start("--mqtt.client-id=me", "--mqtt.clean-start=false", "--mqtt.persistence.type=file",
				"--mqtt.persistence.directory=" + file);
		assertThat(output).contains("APPLICATION FAILED TO START", "PERSISTENCE_UNAVAILABLE", file.toString(),
				"Set mqtt.persistence.directory to a directory that the application may write to");
		assertThat(output).doesNotContain("\tat ");
	}

	@Test
	void theOriginIsThatOfTheEnvironmentVariable() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
					Map.of("MQTT_ERRORPOLICY_PUBACK_NOTAUTHORIZED", "success")));
		assertThat(analyze(environment, "mqtt.error-policy.puback.not-authorized").getDescription())
			.contains("Origin: \"MQTT_ERRORPOLICY_PUBACK_NOTAUTHORIZED\" from property source");
	}

	@Test
	void theOriginOfAListIsThatOfTheInvalidElement() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("application.yml",
					Map.of("mqtt.servers[0]", "mqtt://a", "mqtt.servers[1]", "x")));
		assertThat(analyze(environment, "mqtt.servers").getDescription())
			.contains("Origin: \"mqtt.servers[1]\" from property source \"application.yml\"");
	}

	@Test
	void withoutAnOriginNoneIsShown() {
		assertThat(analyze(new StandardEnvironment(), "mqtt.servers").getDescription()).doesNotContain("Origin")
			.contains("Property: mqtt.servers", "Value: \"x\"", "Reason: It is wrong.");
		assertThat(analyze(new StandardEnvironment(), "mqtt.error-policy.a b").getDescription())
			.contains("Property: mqtt.error-policy.a b");
	}

	@Test
	void oursAreAskedBeforeSpringBootsWhateverTheOrderOfTheJars() {
		List<FailureAnalyzer> analyzers = new ArrayList<>(
				SpringFactoriesLoader.forDefaultResourceLocation(getClass().getClassLoader())
					.load(FailureAnalyzer.class,
							ArgumentResolver.of(Environment.class, new StandardEnvironment())
								.and(BeanFactory.class, new DefaultListableBeanFactory()),
							FailureHandler.handleMessage((message, failure) -> {
							})));
		// Those of Spring Boot first
		analyzers.sort(Comparator.comparing((analyzer) -> analyzer.getClass().getName().startsWith("io.github.mqtt")));
		AnnotationAwareOrderComparator.sort(analyzers);
		assertThat(analyzers).extracting((analyzer) -> analyzer.getClass().getSimpleName())
			.containsSubsequence("MqttBindFailureAnalyzer", "BindFailureAnalyzer")
			.containsSubsequence("NoSuchMqttClientFailureAnalyzer", "NoSuchBeanDefinitionFailureAnalyzer");
	}

	private static FailureAnalysis analyze(StandardEnvironment environment, String property) {
		return new InvalidMqttPropertyFailureAnalyzer(environment)
			.analyze(new InvalidMqttPropertyException(property, "x", "It is wrong.", "Use another."));
	}

	private static void start(String... arguments) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run(arguments));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MqttAutoConfiguration.class)
	static class Application {

	}

}
