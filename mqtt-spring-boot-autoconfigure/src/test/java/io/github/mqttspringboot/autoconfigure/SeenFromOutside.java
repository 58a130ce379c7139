package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.endpoint.MqttClientDescriptor;
import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All that an operator sees of one client of an application: meters, health, endpoint,
 * events and log.
 */
final class SeenFromOutside {

	private final ApplicationContext context;

	private final LogCapture log;

	private final String name;

	final ManagedMqttClient client;

	SeenFromOutside(ApplicationContext context, LogCapture log, String name) {
		this.context = context;
		this.log = log;
		this.name = name;
		this.client = context.getBean(name, ManagedMqttClient.class);
	}

	static void eventually(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
	}

	void awaitState(ClientState state) {
		eventually(() -> assertThat(this.client.state()).as(this.name).isEqualTo(state));
	}

	MqttClientDescriptor endpoint() {
		return this.context.getBean(MqttEndpoint.class).clients().clients().get(this.name);
	}

	void tell(String action) {
		this.context.getBean(MqttEndpoint.class).act(this.name, action);
	}

	Health health() {
		HealthIndicator indicator = (HealthIndicator) this.context
			.getBean("mqttHealthContributor", CompositeHealthContributor.class)
			.getContributor(this.name);
		return indicator.health();
	}

	double gauge(String meter) {
		return registry().get(meter).tag("client", this.name).gauge().value();
	}

	double attempts(String outcome) {
		return registry().get("mqtt.client.connection.attempts")
			.tags("client", this.name, "outcome", outcome)
			.functionCounter()
			.count();
	}

	/** The counters of a meter that are not 0, by class, packet and reason. */
	Map<String, Integer> counts(String meter) {
		Map<String, Integer> counts = new TreeMap<>();
		for (FunctionCounter counter : registry().get(meter).tag("client", this.name).functionCounters()) {
			if (counter.count() != 0) {
				counts.put(String.join("/", counter.getId().getTag("error.class"), counter.getId().getTag("packet"),
						counter.getId().getTag("reason")), (int) counter.count());
			}
		}
		return counts;
	}

	/** The events that came, in their order, but for changes of the state. */
	List<String> events() {
		return this.context.getBean(Events.class).events.stream()
			.filter((event) -> event.getClientName().equals(this.name))
			.map((event) -> event.getClass().getSimpleName())
			.filter((event) -> !event.equals("MqttClientStateChangedEvent"))
			.toList();
	}

	/** The lines of the log that name the client. */
	List<ILoggingEvent> lines(Level level) {
		return this.log.events()
			.stream()
			.filter((event) -> event.getFormattedMessage()
				.startsWith("MQTT client '" + this.name + "' (id '" + this.name + "-id'): "))
			.filter((event) -> event.getLevel() == level)
			.toList();
	}

	/** The one failure of the client, as it is told in each place. */
	void assertToldAs(String key, Level level, String description) {
		assertThat(counts("mqtt.client.errors")).containsExactly(Map.entry(key, 1));
		MqttClientDescriptor endpoint = endpoint();
		String errorClass = key.substring(0, key.indexOf('/'));
		assertThat(endpoint.errors().get(errorClass)).isOne();
		assertThat(endpoint.errors().values().stream().mapToLong(Long::longValue).sum()).isOne();
		assertThat(endpoint.incidents()).singleElement().satisfies((incident) -> {
			assertThat(incident.errorClass().label() + "/" + incident.packet() + "/" + incident.name()).isEqualTo(key);
			assertThat(incident.description()).startsWith(description);
		});
		assertThat(lines(level)).singleElement().satisfies((line) -> {
			assertThat(line.getFormattedMessage()).contains(endpoint.incidents().get(0).description());
			assertThat(fields(line)).containsAllEntriesOf(Map.of("client", this.name, "clientId", this.name + "-id",
					"rule", endpoint.incidents().get(0).rule()));
			assertThat(key(fields(line).get("errorClass"), fields(line).get("packet"), fields(line).get("reason")))
				.isEqualTo(key);
		});
		assertThat(failures()).isNotEmpty().containsOnly(key);
		assertThat(lines((level == Level.WARN) ? Level.ERROR : Level.WARN)).isEmpty();
	}

	/** What the events are about that are about a failure. */
	private List<String> failures() {
		List<String> failures = new ArrayList<>();
		for (MqttEvent event : this.context.getBean(Events.class).events) {
			MqttFailure failure = event.getFailure();
			if (event.getClientName().equals(this.name) && failure != null) {
				assertThat(event.getSource()).isSameAs(this.client);
				assertThat(event.getClassification()).isNotNull();
				failures.add(key(event.getClassification().errorClass().label(), failure.packet().label(),
						failure.reason()));
			}
		}
		return failures;
	}

	private static String key(Object errorClass, Object packet, Object reason) {
		return errorClass + "/" + packet + "/" + reason;
	}

	private static Map<String, Object> fields(ILoggingEvent line) {
		return line.getKeyValuePairs().stream().collect(Collectors.toMap((pair) -> pair.key, (pair) -> pair.value));
	}

	/** Connected once, and nothing else. */
	void assertUntouched() {
		assertThat(counts("mqtt.client.errors")).isEmpty();
		assertThat(counts("mqtt.client.reconnects")).isEmpty();
		assertThat(attempts("success")).isOne();
		assertThat(gauge("mqtt.client.connected")).isOne();
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).doesNotContainKeys("reconnecting", "lastIncident");
		assertThat(endpoint().state()).isEqualTo(ClientState.CONNECTED);
		assertThat(endpoint().incidents()).isEmpty();
		assertThat(events()).containsExactly("MqttConnectedEvent");
		assertThat(lines(Level.INFO)).hasSize(1);
		assertThat(lines(Level.WARN)).isEmpty();
		assertThat(lines(Level.ERROR)).isEmpty();
	}

	/** The connection that was lost is back. */
	void assertReconnectedAfter(String key) {
		awaitState(ClientState.CONNECTED);
		assertThat(counts("mqtt.client.reconnects")).containsExactly(Map.entry(key, 1));
		assertThat(attempts("success")).isEqualTo(2);
		assertThat(gauge("mqtt.client.connected")).isOne();
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).doesNotContainKey("reconnecting");
		assertThat(endpoint().connections()).isEqualTo(2);
		assertThat(endpoint().reconnects().get(key.substring(0, key.indexOf('/')))).isOne();
		eventually(() -> assertThat(this.context.getBean(Events.class).events)
			.filteredOn((event) -> event instanceof MqttConnectedEvent connected && connected.isReconnect())
			.singleElement()
			.satisfies((event) -> assertThat(event.getClientName()).isEqualTo(this.name)));
		assertThat(lines(Level.INFO)).anySatisfy(
				(line) -> assertThat(line.getFormattedMessage()).contains("reconnected to " + endpoint().server()));
	}

	private MeterRegistry registry() {
		return this.context.getBean(MeterRegistry.class);
	}

	static final class Events {

		final List<MqttEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void record(MqttEvent event) {
			this.events.add(event);
		}

	}

}
