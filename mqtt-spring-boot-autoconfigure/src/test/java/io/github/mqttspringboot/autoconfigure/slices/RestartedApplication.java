package io.github.mqttspringboot.autoconfigure.slices;

import java.io.IOException;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.boot.devtools.restart.classloader.RestartClassLoader;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.core.MqttTemplate;

/**
 * An application under Spring Boot's devtools, in a JVM of its own, that does what it is
 * told by messages. It ends with its standard input, and so with the JVM that started it.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class RestartedApplication {

	static final String RESTART = "do/restart";

	static final String REPORT = "do/report";

	static final String THREADS = "threads";

	private final MqttTemplate template;

	RestartedApplication(MqttTemplate template) {
		this.template = template;
	}

	public static void main(String[] arguments) {
		if (!(RestartedApplication.class.getClassLoader() instanceof RestartClassLoader)) {
			Thread end = new Thread(RestartedApplication::endWithInput, "end");
			end.setDaemon(true);
			end.start();
		}
		SpringApplication.run(RestartedApplication.class, arguments);
	}

	private static void endWithInput() {
		try {
			while (System.in.read() >= 0) {
				continue;
			}
		}
		catch (IOException ex) {
			// Ends as well
		}
		Runtime.getRuntime().halt(0);
	}

	@MqttListener(topics = RESTART, qos = 0)
	void restart() {
		new Thread(() -> Restarter.getInstance().restart(), "restart").start();
	}

	@MqttListener(topics = REPORT, qos = 0)
	void report() {
		List<String> names = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.contains("mqtt") || name.contains("MQTT"))
			.sorted()
			.toList();
		boolean restarted = getClass().getClassLoader() instanceof RestartClassLoader;
		this.template.publish(THREADS, (restarted) ? String.join("\n", names) : "not restarted");
	}

}
