package io.github.mqttspringboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what an application says that does not start because of its configuration.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttFailureAnalysisTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"mqtt.servers=localhost:1883|Value: \"localhost:1883\"|Reason: There is no scheme|mqtt://broker-1:1883",
			"mqtt.servers=mqtts://broker/x|Value: \"mqtts://broker/x\"|Only a server over WebSocket|The scheme is mqtt or tcp",
			"mqtt.servers[1]=mqtt://b:x|Value: \"mqtt://b:x\"|The port is not a number|1883 by default",
			"mqtt.keep-alive=65536s|Value: \"65536s\"|out of range|from 0s to 65535s",
			"mqtt.receive-maximum=0|Value: \"0\"|out of range|from 1 to 65535",
			"mqtt.will.topic=a/#|Value: \"a/#\"|not a valid topic name|without wildcards",
			"mqtt.error-policy.puback.not-authorized=success|Value: \"success\"|PUBACK 0x87|Use one of: recoverable, reconnect, throttled, fatal.",
			"mqtt.error-policy.puback.nonsense=fatal|Value: \"fatal\"|PUBACK has no reason code of that name|not-authorized",
			"mqtt.error-policy.connack.banned=nonsense|Value: \"nonsense\"|no error class|Use one of: reconnect, throttled, fatal." })
	void theFailureIsExplainedWithoutAStackTrace(String argument, String value, String reason, String action,
			CapturedOutput output) {
		String property = argument.substring(0, argument.indexOf('=')).replaceFirst("\\[\\d]$", "");
		String[] arguments = argument.contains("[1]") ? new String[] { "--mqtt.servers[0]=mqtt://a", "--" + argument }
				: new String[] { "--" + argument };
		start(arguments);
		assertThat(output).contains("APPLICATION FAILED TO START", "Property: " + property, value, "Origin: ", reason,
				action);
		assertThat(output).doesNotContain("\tat ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "mqtt.startup-mode=nonsense|mqtt.startup-mode|nonsense|FAIL_FAST",
					"mqtt.publish.when-disconnected=nonsense|mqtt.publish.when-disconnected|nonsense|BUFFER",
					"mqtt.keep-alive=nonsense|mqtt.keep-alive|nonsense|Duration",
					"mqtt.error-policy.puback=fatal|mqtt.error-policy.puback|fatal|Map" })
	void aValueOfTheWrongTypeIsExplainedWithoutAStackTrace(String argument, String property, String value, String hint,
			CapturedOutput output) {
		start("--" + argument);
		assertThat(output).contains("APPLICATION FAILED TO START", "Property: " + property, "Value: \"" + value + "\"",
				hint);
		assertThat(output).doesNotContain("\tat ");
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
