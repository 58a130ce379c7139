package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.MqttCredentialsProvider;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the client that {@link MqttAutoConfiguration} creates.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttClientAutoConfigurationTests {

	private final RefusingWire wire = new RefusingWire();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
		.withBean(Wire.class, () -> this.wire);

	@Test
	void theClientIsNotStartedWithoutAutoStartup() {
		this.contextRunner.withPropertyValues("mqtt.auto-startup=false").run((context) -> {
			assertThat(context).hasSingleBean(ManagedMqttClient.class);
			ManagedMqttClient client = context.getBean("mqttClient", DefaultManagedMqttClient.class);
			assertThat(client.name()).isEqualTo("default");
			assertThat(client.state()).isEqualTo(ClientState.STOPPED);
			assertThat(this.wire.requests).isEmpty();
		});
	}

	@Test
	void theClientConnectsAsTheConnectionDetailsSay() {
		this.contextRunner
			.withPropertyValues("mqtt.servers=mqtt://broker", "mqtt.username=gateway", "mqtt.password=secret",
					"spring.application.name=meters")
			.run((context) -> {
				ConnectRequest request = firstRequest();
				assertThat(request.server()).isEqualTo(URI.create("mqtt://broker:1883"));
				assertThat(request.clientId()).matches("meters-[a-z0-9]{8}");
				assertThat(request.credentials()).isNotNull();
				assertThat(request.credentials().username()).isEqualTo("gateway");
				assertThat(request.credentials().password()).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
			});
	}

	@Test
	void theClientConnectsWithoutCredentialsIfThereAreNone() {
		this.contextRunner.run((context) -> assertThat(firstRequest().credentials()).isNull());
	}

	@Test
	void theClientAsksTheCredentialsProviderOfTheUser() {
		this.contextRunner.withPropertyValues("mqtt.username=gateway")
			.withBean(MqttCredentialsProvider.class, () -> (name) -> MqttCredentials.of(name, "token"))
			.run((context) -> {
				MqttCredentials credentials = firstRequest().credentials();
				assertThat(credentials).isNotNull();
				assertThat(credentials.username()).isEqualTo("default");
			});
	}

	@Test
	void aPolicyOfTheUserThatThrowsIsOverruledWithTheProviderInMind(CapturedOutput output) throws Exception {
		try (ScriptedBroker broker = ScriptedBroker.start()) {
			broker.on(When.connect()).answer(Reply.connack(0x87)).thenClose();
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
				.withPropertyValues("mqtt.servers=" + broker.uri())
				.withBean(MqttCredentialsProvider.class, () -> (name) -> MqttCredentials.of(name, "token"))
				.withBean(ErrorClassificationPolicy.class, () -> (failure) -> {
					throw new IllegalStateException("on purpose");
				})
				.run((context) -> {
					ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
					Awaitility.await().until(() -> !client.incidents().isEmpty());
					Awaitility.await().until(() -> client.state() != ClientState.CONNECTING);
					assertThat(client.state()).isEqualTo(ClientState.WAITING);
					assertThat(client.incidents().get(0).classification().errorClass()).isEqualTo(ErrorClass.THROTTLED);
					assertThat(output).contains("the default, THROTTLED, is used instead")
						.contains("Check what the MqttCredentialsProvider supplies")
						.doesNotContain("mqtt.username");
				});
		}
	}

	@Test
	void theEventsOfTheClientAreEventsOfTheApplication() {
		this.contextRunner.withBean(EventRecorder.class).run((context) -> {
			List<MqttEvent> events = context.getBean(EventRecorder.class).events;
			Awaitility.await()
				.untilAsserted(() -> assertThat(events).hasAtLeastOneElementOfType(MqttReconnectScheduledEvent.class));
			assertThat(events).allSatisfy((event) -> assertThat(event.getClientName()).isEqualTo("default"));
		});
	}

	private ConnectRequest firstRequest() {
		Awaitility.await().until(() -> !this.wire.requests.isEmpty());
		return this.wire.requests.get(0);
	}

	static class EventRecorder {

		final List<MqttEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void record(MqttEvent event) {
			this.events.add(event);
		}

	}

	static class RefusingWire implements Wire {

		final List<ConnectRequest> requests = new CopyOnWriteArrayList<>();

		@Override
		public WireConnection open(ConnectRequest request, WireListener listener) {
			this.requests.add(request);
			CompletableFuture.runAsync(() -> listener.closed(MqttFailure.local(LocalError.CONNECTION_REFUSED).build()));
			return new WireConnection() {

				@Override
				public void send(MqttPacket packet) {
				}

				@Override
				public void disconnect(Disconnect disconnect) {
				}

				@Override
				public long withdraw() {
					return 0;
				}

				@Override
				public void abort() {
				}

			};
		}

	}

}
