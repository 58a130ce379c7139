package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import io.github.mqttspringboot.autoconfigure.endpoint.MqttEndpointAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.health.MqttHealthContributorAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.metrics.MqttMetricsAutoConfiguration;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.testing.LogCapture;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each class of the policy once, as it is seen from outside, for two clients side by
 * side: one meets with it, and the other is left alone.
 */
class SeenFromOutsideTests {

	private static final String RECONNECTING = "reconnecting";

	private final ScriptedBroker first = ScriptedBroker.start();

	private final ScriptedBroker second = ScriptedBroker.start();

	private final LogCapture log = LogCapture.start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttMetricsAutoConfiguration.class,
				MqttHealthContributorAutoConfiguration.class, MqttEndpointAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class))
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withBean(SeenFromOutside.Events.class)
		.withPropertyValues("management.endpoints.web.exposure.include=mqtt", "mqtt.servers=" + this.first.uri(),
				"mqtt.client-id=default-id", "mqtt.reconnect.initial-spread=1ms", "mqtt.reconnect.floor=1ms",
				"mqtt.clients.other.servers=" + this.second.uri(), "mqtt.clients.other.client-id=other-id",
				"mqtt.clients.other.reconnect.initial-spread=1ms", "mqtt.clients.other.reconnect.floor=1ms");

	@AfterEach
	void close() {
		this.log.close();
		this.first.close();
		this.second.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "other" })
	void aRecoverableFailureFailsOneOperation(String name) {
		broker(name).on(When.publish("denied/x")).answer(Reply.pubrec(0x87));
		run(name, (client) -> {
			assertThat(publish(client.client, "denied/x")).failsWithin(Duration.ofSeconds(20));
			SeenFromOutside.eventually(() -> assertThat(client.events()).containsExactly("MqttConnectedEvent",
					"MqttPublishRejectedEvent"));
			client.assertToldAs("recoverable/pubrec/not-authorized", Level.WARN,
					"PUBREC 0x87 Not authorized for denied/x: connection kept, publish failed (rule: default)");
			assertThat(client.counts("mqtt.client.reconnects")).isEmpty();
			assertThat(client.attempts("success")).isOne();
			assertThat(client.gauge("mqtt.client.connected")).isOne();
			assertThat(client.gauge("mqtt.client.in.flight")).isZero();
			assertThat(client.health().getStatus()).isEqualTo(Status.UP);
			assertThat(client.endpoint().state()).isEqualTo(ClientState.CONNECTED);
			assertThat(client.endpoint().incidents().get(0).rejection()).isTrue();
			assertThat(client.endpoint().incidents().get(0).topic()).isEqualTo("denied/x");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "other" })
	void aCodeMadeASuccessIsNothingAtAll(String name) {
		this.first.on(When.unsubscribe()).answer(Reply.unsuback(0x11));
		this.second.on(When.unsubscribe()).answer(Reply.unsuback(0x11));
		String prefix = name.equals("default") ? "mqtt" : "mqtt.clients.other";
		this.runner.withPropertyValues(prefix + ".error-policy.unsuback.no-subscription-existed=success")
			.run((context) -> {
				SeenFromOutside client = new SeenFromOutside(context, this.log, name);
				SeenFromOutside bystander = new SeenFromOutside(context, this.log, other(name));
				client.awaitState(ClientState.CONNECTED);
				bystander.awaitState(ClientState.CONNECTED);
				assertThat(client.client.unsubscribe("never")).succeedsWithin(Duration.ofSeconds(20));
				assertThat(bystander.client.unsubscribe("never")).succeedsWithin(Duration.ofSeconds(20));
				SeenFromOutside.eventually(() -> assertThat(bystander.events()).containsExactly("MqttConnectedEvent",
						"MqttUnsubscribeRejectedEvent"));
				bystander.assertToldAs("recoverable/unsuback/no-subscription-existed", Level.WARN,
						"UNSUBACK 0x11 No subscription existed for never: ");
				client.assertUntouched();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "other" })
	void aLostConnectionIsUpForAWhileAndComesBack(String name) {
		String key = "reconnect/local/connection-closed";
		broker(name).on(When.connect().onConnection(1)).withhold();
		run(name, (client) -> {
			broker(name).lastConnection().close();
			broker(name).awaitReceived(When.connect(), 2);
			assertLost(client);
			client.assertToldAs(key, Level.WARN, "CONNECTION_CLOSED");
			assertThat(client.health().getStatus()).isEqualTo(Status.UP);
			assertThat(client.endpoint().state()).isEqualTo(ClientState.CONNECTING);
			broker(name).connection(1).send(Reply.connack(0));
			client.assertReconnectedAfter(key);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "other" })
	void aThrottledClientSaysWhenItTriesAgain(String name) {
		String key = "throttled/disconnect/server-busy";
		run(name, (client) -> {
			Instant before = Instant.now();
			broker(name).lastConnection().send(Reply.disconnect(0x89));
			client.awaitState(ClientState.WAITING);
			assertLost(client);
			client.assertToldAs(key, Level.WARN, "DISCONNECT 0x89 Server busy: ");
			assertWaiting(client, before);
			client.tell("reconnect");
			client.assertReconnectedAfter(key);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "other" })
	void aRedirectThatIsNotAllowedIsThrottled(String name) {
		String key = "redirect/disconnect/use-another-server";
		run(name, (client) -> {
			Instant before = Instant.now();
			broker(name).lastConnection().send(Reply.disconnect(0x9C).serverReference("elsewhere:1883"));
			client.awaitState(ClientState.WAITING);
			assertLost(client);
			client.assertToldAs(key, Level.WARN, "DISCONNECT 0x9C Use another server: ");
			assertThat(client.endpoint().incidents().get(0).description())
				.contains("(server refers to: elsewhere:1883)", "redirect.enabled' is false)");
			assertWaiting(client, before);
			client.tell("reconnect");
			client.assertReconnectedAfter(key);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "other" })
	void aFatalFailureStopsTheClientUntilItIsStarted(String name) {
		String key = "fatal/disconnect/session-taken-over";
		run(name, (client) -> {
			broker(name).lastConnection().send(Reply.disconnect(0x8E));
			client.awaitState(ClientState.FAILED);
			SeenFromOutside.eventually(() -> assertThat(client.events()).containsExactly("MqttConnectedEvent",
					"MqttConnectionLostEvent", "MqttClientFailedEvent"));
			client.assertToldAs(key, Level.ERROR, "DISCONNECT 0x8E Session taken over");
			assertThat(client.counts("mqtt.client.reconnects")).isEmpty();
			assertThat(client.gauge("mqtt.client.connected")).isZero();
			assertThat(client.gauge("mqtt.client.connection.uptime")).isZero();
			assertThat(client.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(client.health().getDetails()).containsEntry("kind", "IDENTITY")
				.containsEntry("lastIncident", client.endpoint().incidents().get(0).description());
			assertThat(client.endpoint().state()).isEqualTo(ClientState.FAILED);
			assertThat(client.endpoint().reconnecting().fatalKind()).hasToString("IDENTITY");
			client.tell("start");
			client.assertReconnectedAfter(key);
		});
	}

	@Test
	void theClientWorksWithoutActuatorAndMicrometer() {
		new ApplicationContextRunner().withUserConfiguration(ImportConfiguration.class)
			.withClassLoader(new FilteredClassLoader("io.micrometer", "org.springframework.boot.actuate",
					"org.springframework.boot.health", "org.springframework.boot.micrometer"))
			.withPropertyValues("mqtt.servers=" + this.first.uri())
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean("mqttMetrics")
					.doesNotHaveBean("mqttEndpoint")
					.doesNotHaveBean("mqttHealthContributor");
				assertThat(publish(context.getBean(ManagedMqttClient.class), "a"))
					.succeedsWithin(Duration.ofSeconds(20));
			});
	}

	private void run(String name, Consumer<SeenFromOutside> scene) {
		this.runner.run((context) -> {
			SeenFromOutside client = new SeenFromOutside(context, this.log, name);
			SeenFromOutside bystander = new SeenFromOutside(context, this.log, other(name));
			client.awaitState(ClientState.CONNECTED);
			bystander.awaitState(ClientState.CONNECTED);
			client.assertUntouched();
			scene.accept(client);
			bystander.assertUntouched();
		});
	}

	private static void assertLost(SeenFromOutside client) {
		SeenFromOutside.eventually(() -> assertThat(client.events()).containsExactly("MqttConnectedEvent",
				"MqttConnectionLostEvent", "MqttReconnectScheduledEvent"));
		assertThat(client.counts("mqtt.client.reconnects")).isEmpty();
		assertThat(client.gauge("mqtt.client.connected")).isZero();
		assertThat(client.gauge("mqtt.client.connection.uptime")).isZero();
		assertThat(client.health().getDetails()).containsEntry(RECONNECTING, true)
			.containsEntry("lastIncident", client.endpoint().incidents().get(0).description());
		assertThat(client.endpoint().server()).isNull();
		assertThat(client.endpoint().reconnecting().lostSince()).isNotNull();
	}

	private static void assertWaiting(SeenFromOutside client, Instant before) {
		assertThat(client.health().getStatus()).isEqualTo(Status.UP);
		assertThat(client.endpoint().state()).isEqualTo(ClientState.WAITING);
		Instant next = client.endpoint().reconnecting().nextAttempt();
		assertThat(next).isAfterOrEqualTo(before.plusSeconds(30));
		assertThat(client.health().getDetails()).containsEntry("nextAttempt", next);
	}

	private ScriptedBroker broker(String name) {
		return name.equals("default") ? this.first : this.second;
	}

	private static String other(String name) {
		return name.equals("default") ? "other" : "default";
	}

	private static CompletableFuture<PublishResult> publish(ManagedMqttClient client, String topic) {
		return client.publish(PublishRequest.to(topic).payload("x").qos(2).build());
	}

	// imported by name, as an application does: only then are annotations read without
	// the classes that they name
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, MqttMetricsAutoConfiguration.class,
			MqttHealthContributorAutoConfiguration.class, MqttEndpointAutoConfiguration.class })
	static class ImportConfiguration {

	}

}
