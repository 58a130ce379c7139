package io.github.mqttspringboot.sample;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Says at start what there is to try, and where to look.
 */
@Component
class Tour {

	private static final Logger logger = LoggerFactory.getLogger(Tour.class);

	private final EmbeddedBroker broker;

	Tour(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		Environment environment = event.getApplicationContext().getEnvironment();
		String port = environment.getProperty("local.server.port");
		if (port != null) {
			logger.info("{}", text("http://127.0.0.1:" + port));
		}
	}

	private String text(String url) {
		return """
				The sample is up: %1$s/ in a browser, its broker at %2$s. Everything under denied/ is refused. Try:

				  A publish that works
				    %3$s/publish -d '{"topic":"sample/hello","payload":"hi","qos":1}'
				  One that the broker refuses: 422 with PUBACK 0x87, and the connection stays
				    %3$s/publish -d '{"topic":"denied/x","payload":"hi","qos":1}'
				  The same for a subscription (SUBACK 0x87), and for one that never was (UNSUBACK 0x11)
				    %3$s/subscribe -d '{"filter":"denied/#","qos":1}'
				    %3$s/unsubscribe -d '{"filter":"never/subscribed"}'
				  A broken connection, in contrast: the client waits, and comes back
				    %3$s/broker -d '{"action":"stop"}'
				    %3$s/broker -d '{"action":"start"}'

				  Where to look
				    curl -s %1$s/api/state                          one network connection, however much was refused
				    curl -sN %1$s/api/events                        events as they happen
				    curl -s %1$s/actuator/health/mqtt
				    curl -s %1$s/actuator/mqtt                      what went wrong, and which rule decided
				    curl -s %1$s/actuator/metrics/mqtt.client.errors
				    curl -s %1$s/actuator/prometheus                what Prometheus would see
				""".formatted(url, this.broker.uri(), "curl -s -H 'Content-Type: application/json' " + url + "/api");
	}

}
