package io.github.mqttspringboot.acceptance;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttConnectionOptionsCustomizer;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.MqttCredentialsProvider;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Will;
import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttListenerFailedEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.event.MqttRejectionEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.LogCapture;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.SecretScanner;
import io.github.mqttspringboot.testing.TlsLayers;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Passwords and payloads are shown nowhere, whatever happens to a client.
 */
class SecretsTests {

	private static final String PASSWORD = "pass-of-default";

	private static final String SECOND = "pass-of-b";

	private static final String ROTATED = "pass-rotated";

	private static final String STORE = "pass-of-store";

	private static final String PAYLOAD = "what-is-said";

	private static final String[] FAST = { "mqtt.reconnect.base-delay=1ms", "mqtt.reconnect.floor=1ms",
			"mqtt.reconnect.max-delay=5ms", "mqtt.reconnect.initial-spread=1ms", "mqtt.reconnect.throttled-floor=1ms",
			"mqtt.reconnect.throttled-max-delay=5ms", "management.endpoint.health.show-details=always" };

	private final ScriptedBroker broker = ScriptedBroker.start();

	private final LogCapture log = LogCapture.start();

	private final SecretScanner scanner = new SecretScanner(PASSWORD, SECOND, ROTATED, STORE, PAYLOAD);

	@AfterEach
	void close() {
		this.log.close();
		this.broker.close();
	}

	@Test
	void clientsThatConnectAndFailAndAreRejectedShowNone(@TempDir Path directory) throws Exception {
		SecretScanner files = new SecretScanner(PASSWORD, SECOND, ROTATED, STORE);
		try (ScriptedBroker refusing = ScriptedBroker.start(); ScriptedBroker secured = ScriptedBroker.start()) {
			refusing.on(When.connect()).answer(Reply.connack(0x86)).thenClose();
			secured.layer(TlsLayers.with(Certificates.STRANGER).once(TlsLayers.with(Certificates.SERVER)));
			this.broker.acceptWith(Reply.connack(0).maximumPacketSize(2000));
			try (App app = App.start(properties("mqtt.servers=" + this.broker.uri(), "mqtt.username=gateway",
					"mqtt.password=" + PASSWORD, "mqtt.clean-start=false", "mqtt.will.topic=will",
					"mqtt.will.payload=" + PAYLOAD, "mqtt.persistence.type=file",
					"mqtt.persistence.directory=" + directory.resolve("journal"),
					"mqtt.clients.b.servers=" + refusing.uri(), "mqtt.clients.b.username=b",
					"mqtt.clients.b.password=" + SECOND, "mqtt.clients.c.servers=" + secured.tlsUri(),
					"mqtt.clients.c.ssl.bundle=mine",
					"spring.ssl.bundle.jks.mine.keystore.location=" + keyStore(directory),
					"spring.ssl.bundle.jks.mine.keystore.type=PKCS12",
					"spring.ssl.bundle.jks.mine.keystore.password=" + STORE,
					"spring.ssl.bundle.jks.mine.truststore.location=" + Certificates.get().trustStore(),
					"spring.ssl.bundle.jks.mine.truststore.password=" + Certificates.PASSWORD))) {
				app.awaitState(ClientState.CONNECTED);
				app.awaitEvents(MqttClientFailedEvent.class, 2);
				app.client("cMqttClient").start();
				Awaitility.await().until(() -> app.client("cMqttClient").state() == ClientState.CONNECTED);
				rejected(app);
				received(app);
				lost(app);
				Sight.scan(app, this.scanner);
				assertThat(Sight.files(directory.resolve("journal"), files)).isNotEmpty();
			}
			assertThat(this.broker.received(When.connect()))
				.allMatch((packet) -> packet.connectFields().passwordText().equals(PASSWORD));
			assertThat(refusing.received(When.connect()).get(0).connectFields().passwordText()).isEqualTo(SECOND);
		}
		Sight.files(directory.resolve("journal"), files);
		assertThat(files.findings()).isEmpty();
		assertNothingIsShown();
	}

	/** What is published and subscribed, and refused by the server and by the client. */
	private void rejected(App app) {
		this.broker.on(When.publish("denied/#")).answer(Reply.puback(0x87));
		this.broker.on(When.subscribe("denied/#")).answer(Reply.suback(0x87));
		fails(publish(app, "denied/x", PAYLOAD));
		fails(publish(app, "bad/#", PAYLOAD));
		fails(publish(app, "large", PAYLOAD.repeat(500)));
		fails(app.client().subscribe(SubscribeRequest.to("denied/#").build()));
		app.awaitEvents(MqttRejectionEvent.class, 4);
	}

	/** What comes in, and is handled badly or by nobody. */
	private void received(App app) {
		app.client().subscribe(SubscribeRequest.to("in/#").handler((message) -> {
			throw new IllegalStateException("a listener's own words");
		}).build()).join();
		this.broker.lastConnection().send(Reply.publish("in/1", PAYLOAD).qos(1).id(1));
		this.broker.lastConnection().send(Reply.publish("nobody", PAYLOAD).qos(2).id(2));
		app.awaitEvents(MqttListenerFailedEvent.class, 1);
	}

	/** Connections that end, with publishes in flight that are sent again or lost. */
	private void lost(App app) {
		this.broker.on(When.publish("flight/#").onConnection(0)).withhold();
		CompletableFuture<?> first = publish(app, "flight/1", PAYLOAD);
		CompletableFuture<?> second = app.client()
			.publish(PublishRequest.to("flight/2").payload(PAYLOAD).qos(2).build());
		this.broker.awaitReceived(When.publish("flight/#"), 2);
		this.broker.lastConnection().send(Reply.disconnect(0x9D).serverReference("other.example:1883"));
		this.broker.lastConnection().close();
		app.awaitEvents(MqttSessionLostEvent.class, 1);
		first.join();
		fails(second);
		this.broker.awaitConnection(1).send(Reply.publish("in/alias", PAYLOAD).topicAlias(1));
		app.awaitEvents(MqttConnectionLostEvent.class, 2);
		Awaitility.await().until(() -> this.broker.connectCount() == 3);
		app.awaitState(ClientState.CONNECTED);
	}

	@Test
	void aProviderThatThrowsWhatItKnowsShowsNone() {
		this.broker.on(When.connect()).answer(Reply.connack(0x86)).thenClose().once();
		try (App app = App.start(Provider.class, properties("mqtt.servers=" + this.broker.uri()))) {
			app.awaitState(ClientState.CONNECTED);
			assertThat(app.client().incidents()).extracting((incident) -> incident.failure().localError())
				.contains(LocalError.CREDENTIALS_UNAVAILABLE);
			assertThat(app.awaitEvents(MqttReconnectScheduledEvent.class, 2).get(0).getFailure().cause())
				.hasMessage("java.lang.IllegalStateException");
			app.client().reconnect();
			app.awaitEvents(MqttConnectedEvent.class, 2);
			Sight.scan(app, this.scanner);
		}
		assertThat(this.broker.received(When.connect())).extracting((packet) -> packet.connectFields().passwordText())
			.containsExactly(ROTATED + "-2", ROTATED + "-3", ROTATED + "-4");
		assertNothingIsShown();
		assertThat(this.log.messages()).anyMatch((line) -> line.contains("threw java.lang.IllegalStateException"));
	}

	@Test
	void aCustomizerThatThrowsWhatItSeesShowsNone() {
		try (App app = App.start(Customizer.class,
				properties("mqtt.servers=" + this.broker.uri(), "mqtt.password=" + PASSWORD))) {
			app.awaitState(ClientState.CONNECTED);
			assertThat(app.client().incidents()).singleElement()
				.satisfies((incident) -> assertThat(incident.failure().detail()).contains(
						"MqttConnectionOptionsCustomizer", "java.lang.IllegalArgumentException",
						Customizer.class.getName()));
			Sight.scan(app, this.scanner);
		}
		assertNothingIsShown();
	}

	@Test
	void aPayloadThatIsNoArgumentOfAListenerIsNotInTheLog() {
		try (App app = App.start(Numbers.class, properties("mqtt.servers=" + this.broker.uri()))) {
			Awaitility.await().until(() -> this.broker.received(When.subscribe("numbers/#")).size() == 1);
			this.broker.lastConnection()
				.send(Reply.publish("numbers/1", "{\"value\": \"" + PAYLOAD + "\"}").qos(1).id(1));
			assertThat(app.awaitEvents(MqttListenerFailedEvent.class, 1).get(0).getFailure().cause()).rootCause()
				.hasMessageContaining(PAYLOAD);
			this.scanner.text("/actuator/mqtt", Sight.json(app.bean(MqttEndpoint.class).clients()));
		}
		assertNothingIsShown();
		assertThat(this.log.messages()).anyMatch((line) -> line.contains("LISTENER_FAILED for numbers/1: listener '"));
	}

	@Test
	void valuesThatPrintThemselvesShowNone() {
		MqttCredentials credentials = MqttCredentials.of("gateway", PASSWORD);
		Will will = new Will("will", PAYLOAD.getBytes(), 1, false, Duration.ZERO, null, null);
		for (Object value : List.of(credentials, will,
				new ConnectRequest("default", URI.create("mqtt://a:1883"), "id", true, Duration.ZERO, Duration.ZERO, 1,
						null, true, List.of(), credentials, will, null, Duration.ZERO),
				PublishRequest.to("a").payload(PAYLOAD).build(), PublishRequest.to("a").payload(PAYLOAD),
				new ReceivedMessage("a", PAYLOAD.getBytes(), 1, false, false, PublishProperties.NONE),
				new Publish(1, "a", 1, false, false, PublishProperties.NONE, PAYLOAD.getBytes()))) {
			this.scanner.text(value.getClass().getName(), value.toString());
		}
		assertThat(this.scanner.findings()).isEmpty();
	}

	@Test
	void onlySpringBootsOwnReportsShowThemWhereTheUserDemandsIt() {
		try (App app = App.start(properties("mqtt.servers=" + this.broker.uri(), "mqtt.password=" + PASSWORD,
				"management.endpoint.configprops.show-values=always", "management.endpoint.env.show-values=always"))) {
			app.awaitState(ClientState.CONNECTED);
			Sight.ours(app, this.scanner);
			assertNothingIsShown();
			this.scanner.text("/actuator/configprops",
					Sight.json(app.bean(ConfigurationPropertiesReportEndpoint.class).configurationProperties()));
			assertThat(this.scanner.findings()).singleElement().asString().contains(PASSWORD);
		}
	}

	private void assertNothingIsShown() {
		assertThat(this.log.messages()).isNotEmpty();
		this.log.scan(this.scanner);
		assertThat(this.scanner.findings()).isEmpty();
	}

	private void fails(CompletableFuture<?> future) {
		try {
			throw new AssertionError("Did not fail but answered " + future.join());
		}
		catch (CompletionException ex) {
			this.scanner.walk("exception", ex);
		}
	}

	private static CompletableFuture<?> publish(App app, String topic, String payload) {
		ManagedMqttClient client = app.client();
		return client.publish(PublishRequest.to(topic).payload(payload).qos(1).build());
	}

	private static String[] properties(String... properties) {
		return Stream.of(FAST, properties).flatMap(Arrays::stream).toArray(String[]::new);
	}

	private static Path keyStore(Path directory) throws Exception {
		char[] known = Certificates.PASSWORD.toCharArray();
		KeyStore source = KeyStore.getInstance("PKCS12");
		try (var stream = Files.newInputStream(Certificates.get().keyStore(Certificates.CLIENT))) {
			source.load(stream, known);
		}
		KeyStore target = KeyStore.getInstance("PKCS12");
		target.load(null, null);
		target.setKeyEntry("me", source.getKey(Certificates.CLIENT, known), STORE.toCharArray(),
				source.getCertificateChain(Certificates.CLIENT));
		Path file = directory.resolve("store.p12");
		try (OutputStream stream = Files.newOutputStream(file)) {
			target.store(stream, STORE.toCharArray());
		}
		return file;
	}

	@Configuration(proxyBeanMethods = false)
	static class Provider {

		private final AtomicInteger calls = new AtomicInteger();

		@Bean
		MqttCredentialsProvider credentialsProvider() {
			return (name) -> {
				String password = ROTATED + "-" + this.calls.incrementAndGet();
				if (this.calls.get() == 1) {
					IllegalStateException failure = new IllegalStateException("The vault knows no " + password,
							new IOException("401 for " + password));
					failure.addSuppressed(new IOException(password));
					throw failure;
				}
				return MqttCredentials.of("gateway", password);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Numbers {

		@MqttListener(topics = "numbers/#")
		void number(@Payload Number number) {
			throw new AssertionError("Not a number: " + number);
		}

		record Number(int value) {

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizer {

		private final AtomicInteger calls = new AtomicInteger();

		@Bean
		MqttConnectionOptionsCustomizer customizer() {
			return this::customize;
		}

		private void customize(String clientName, MqttConnectionOptions options) {
			if (this.calls.incrementAndGet() == 1) {
				throw new IllegalArgumentException("Too weak: " + new String(options.getPassword()));
			}
		}

	}

}
