package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientLog}, through a client on a fake wire.
 */
class ClientLogTests {

	private static final Map<String, Object> CLIENT = Map.of("client", "default", "clientId", "test", "server",
			"mqtt://one:1883");

	private final LogCapture log = LogCapture.start();

	private final TestClient test = new TestClient();

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void aRejectionIsAWarningWithAllThatIsKnown() {
		this.test.connect();
		reject("denied/x");
		ILoggingEvent line = last();
		assertThat(line.getLevel()).isEqualTo(Level.WARN);
		assertThat(line.getFormattedMessage())
			.startsWith("MQTT client 'default' (id 'test'): PUBACK 0x87 Not authorized for denied/x: connection kept,");
		assertThat(values(line)).containsAllEntriesOf(CLIENT)
			.containsAllEntriesOf(Map.of("packet", "puback", "code", "0x87", "reason", "not-authorized", "errorClass",
					"recoverable", "rule", "default", "topic", "denied/x"))
			.hasSize(9);
	}

	@Test
	void theWayOfAConnectionIsToldByLevel() {
		this.test.connect();
		assertThat(last().getLevel()).isEqualTo(Level.INFO);
		assertThat(values(last())).isEqualTo(CLIENT);
		this.test.end(MqttFailure.local(LocalError.CONNECTION_CLOSED).build());
		assertThat(last().getLevel()).isEqualTo(Level.WARN);
		assertThat(values(last())).containsAllEntriesOf(CLIENT)
			.containsAllEntriesOf(Map.of("packet", "local", "reason", "connection-closed", "errorClass", "reconnect",
					"rule", "default"))
			.hasSize(7);
		this.test.time.advance(Duration.ofSeconds(5));
		this.test.refuse(0x85);
		assertThat(last().getLevel()).isEqualTo(Level.ERROR);
		assertThat(values(last())).containsEntry("errorClass", "fatal").containsEntry("packet", "connack");
		this.test.stop();
		assertThat(last().getLevel()).isEqualTo(Level.INFO);
		assertThat(this.log.events()).allSatisfy((line) -> {
			assertThat(line.getFormattedMessage()).startsWith("MQTT client 'default' (id 'test'): ");
			assertThat(values(line)).containsAllEntriesOf(CLIENT);
		});
	}

	@Test
	void aStormIsOneLineAnIntervalThatKnowsForHowMany() {
		this.test.connect();
		for (int i = 0; i < 100; i++) {
			reject("denied/x");
		}
		this.test.time.advance(Duration.ofSeconds(10));
		List<ILoggingEvent> warnings = this.log.events()
			.stream()
			.filter((line) -> line.getLevel() == Level.WARN)
			.toList();
		assertThat(warnings).hasSize(2);
		assertThat(values(warnings.get(0))).doesNotContainKey("folded");
		assertThat(values(warnings.get(1))).containsEntry("folded", 99L).containsEntry("topic", "denied/x");
		assertThat(warnings.get(1).getFormattedMessage()).endsWith("[99 like it within 10 s]");
	}

	@Test
	void whatCouldForgeALineIsEscaped() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.clientId = "te\nst"));
		test.connect();
		test.ran(test.client.publish(PublishRequest.to("a/\n+").payload("x").qos(1).build()));
		assertThat(values(last())).containsEntry("clientId", "te\\u000Ast").containsEntry("topic", "a/\\u000A+");
		assertThat(last().getFormattedMessage()).doesNotContain("\n");
	}

	@Test
	void aListenerOfEventsThatFailsIsToldWithItsClient() {
		new TestClient((config) -> config.with((c) -> c.listener = (event) -> {
			throw new IllegalStateException("on purpose");
		})).start();
		assertThat(last().getLevel()).isEqualTo(Level.ERROR);
		assertThat(last().getFormattedMessage()).startsWith("MQTT client 'default' (id 'test'): an event listener");
		assertThat(values(last())).containsAllEntriesOf(CLIENT);
		assertThat(last().getThrowableProxy().getMessage()).isEqualTo("on purpose");
	}

	@Test
	void aListenerOfEventsThatFailsOnEachOfAStormIsToldOnceAnInterval() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.listener = (event) -> {
			throw new IllegalStateException("on purpose");
		})).connect();
		int before = errors().size();
		for (int i = 0; i < 100; i++) {
			test.ran(test.client.publish(PublishRequest.to("a/+").payload("x").qos(1).build()));
		}
		assertThat(errors()).hasSize(before + 1);
		test.time.advance(Duration.ofSeconds(10));
		assertThat(errors()).last().asString().endsWith("[99 like it within 10 s]");
	}

	@Test
	void aPolicyThatFailsOnEachOfAStormIsToldOnceAnInterval() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.policy = (failure) -> {
			throw new IllegalStateException("on purpose");
		})).connect();
		for (int i = 0; i < 100; i++) {
			test.ran(test.client.publish(PublishRequest.to("a/+").payload("x").qos(1).build()));
		}
		assertThat(errors()).singleElement()
			.asString()
			.startsWith("MQTT client 'default' (id 'test'): The error policy ")
			.contains("threw java.lang.IllegalStateException for INVALID_TOPIC: the default, RECOVERABLE, is used");
		test.time.advance(Duration.ofSeconds(10));
		assertThat(errors()).hasSize(2).last().asString().endsWith("[99 like it within 10 s]");
	}

	private List<String> errors() {
		return this.log.events()
			.stream()
			.filter((line) -> line.getLevel() == Level.ERROR)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	@Test
	void linesThatOthersWriteBeginTheSameWay() {
		this.test.connect();
		ClientLogs.write(LoggerFactory.getLogger(ManagedMqttClient.class.getName() + ".other"),
				org.slf4j.event.Level.WARN, this.test.client, "something else",
				new IllegalStateException("on purpose"));
		assertThat(last().getFormattedMessage()).isEqualTo("MQTT client 'default' (id 'test'): something else");
		assertThat(last().getLoggerName()).endsWith(".other");
		assertThat(values(last())).isEqualTo(CLIENT);
		assertThat(last().getThrowableProxy().getMessage()).isEqualTo("on purpose");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ecs", "logstash" })
	void structuredLoggingShowsTheFields(String format) {
		this.test.connect();
		reject("denied/x");
		JsonNode json = structured(format, last());
		values(last()).forEach((key, value) -> assertThat(json.path(key).asString()).as(key).isEqualTo(value));
		assertThat(json.get("message").asString()).isEqualTo(last().getFormattedMessage());
	}

	private static JsonNode structured(String format, ILoggingEvent line) {
		LoggerContext context = new LoggerContext();
		context.putObject(Environment.class.getName(), new MockEnvironment());
		StructuredLogEncoder encoder = new StructuredLogEncoder();
		encoder.setContext(context);
		encoder.setFormat(format);
		encoder.start();
		return JsonMapper.shared().readTree(encoder.encode(line));
	}

	private void reject(String topic) {
		this.test.ran(this.test.client.publish(PublishRequest.to(topic).payload("x").qos(1).build()));
		Publish publish = (Publish) this.test.link()
			.sent(PacketType.PUBLISH)
			.get(this.test.link().sent(PacketType.PUBLISH).size() - 1);
		this.test.receive(new PublishAck(PacketType.PUBACK, publish.packetId(), 0x87));
	}

	private ILoggingEvent last() {
		List<ILoggingEvent> events = this.log.events();
		return events.get(events.size() - 1);
	}

	private static Map<String, Object> values(ILoggingEvent line) {
		Map<String, Object> values = new LinkedHashMap<>();
		for (KeyValuePair pair : line.getKeyValuePairs()) {
			values.put(pair.key, pair.value);
		}
		return values;
	}

}
