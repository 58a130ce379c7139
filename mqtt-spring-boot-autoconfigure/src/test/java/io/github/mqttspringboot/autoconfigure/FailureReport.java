package io.github.mqttspringboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What an application prints that does not start.
 *
 * @param description what is wrong, and where
 * @param action what to do about it
 * @param output all that it has printed
 */
record FailureReport(String description, String action, String output) {

	/**
	 * Start an application and read what it prints about its failure.
	 * @param directory where its {@code application.yml} goes
	 * @param yaml the content of that
	 * @param output the output of the test
	 * @param beans classes of further beans
	 * @return the report
	 */
	static FailureReport of(Path directory, String yaml, CapturedOutput output, Class<?>... beans) {
		int before = output.getAll().length();
		List<Class<?>> sources = new ArrayList<>(List.of(beans));
		sources.add(Application.class);
		SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().as(yaml)
			.isThrownBy(() -> application.run("--spring.config.location=" + write(directory, yaml).toUri()).close());
		return read(output.getAll().substring(before));
	}

	private static Path write(Path directory, String yaml) throws IOException {
		return Files.writeString(directory.resolve("application.yml"), yaml);
	}

	private static FailureReport read(String printed) {
		assertThat(printed).contains("APPLICATION FAILED TO START").doesNotContain("\tat ");
		int description = printed.lastIndexOf("Description:");
		int action = printed.lastIndexOf("Action:");
		return new FailureReport(printed.substring(description, action), printed.substring(action), printed);
	}

	/**
	 * Say how the origin of a value is printed.
	 * @param yaml the content of the file
	 * @param line the number of the line, from 1
	 * @return the end of the origin, with the column where the value begins
	 */
	static String origin(String yaml, int line) {
		String text = yaml.lines().toList().get(line - 1);
		int value = text.stripLeading().startsWith("- ") ? text.indexOf("- ") + 3 : text.indexOf(": ") + 3;
		return "application.yml] - " + line + ":" + value;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, MqttListenerAutoConfiguration.class,
			SslAutoConfiguration.class })
	static class Application {

	}

}
