package io.github.mqttspringboot.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttIncident;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * TLS with SSL bundles, against Mosquitto.
 */
@RequiresMosquitto
class MosquittoTlsTests {

	private static final String PEM = "spring.ssl.bundle.pem.broker.";

	private static final String JKS = "spring.ssl.bundle.jks.broker.";

	private static final String BUNDLE = "mqtt.ssl.bundle=broker";

	private final Certificates certificates = Certificates.get();

	@TempDir
	private Path directory;

	private MosquittoBroker broker(String certificate, String... more) {
		List<String> lines = new ArrayList<>(List.of("cafile " + this.certificates.authority(),
				"certfile " + this.certificates.certificate(certificate),
				"keyfile " + this.certificates.key(certificate)));
		lines.addAll(List.of(more));
		return MosquittoBroker.builder().config(lines.toArray(String[]::new)).start();
	}

	private static String servers(MosquittoBroker broker) {
		return "mqtt.servers=mqtts://127.0.0.1:" + broker.port();
	}

	private String trust() {
		return PEM + "truststore.certificate=" + this.certificates.authority();
	}

	private String[] pem(String client) {
		return new String[] { trust(), PEM + "keystore.certificate=" + this.certificates.certificate(client),
				PEM + "keystore.private-key=" + this.certificates.key(client) };
	}

	private String[] jks(String client) {
		return new String[] { JKS + "truststore.location=" + this.certificates.trustStore(),
				JKS + "truststore.password=" + Certificates.PASSWORD, JKS + "truststore.type=JKS",
				JKS + "keystore.location=" + this.certificates.keyStore(client),
				JKS + "keystore.password=" + Certificates.PASSWORD, JKS + "keystore.type=PKCS12" };
	}

	private static App start(String[] bundle, String... more) {
		return App.start(Stream.concat(Stream.of(bundle), Stream.of(more)).toArray(String[]::new));
	}

	@ParameterizedTest
	@CsvSource({ "pem, tlsv1.2", "pem, tlsv1.3", "jks, tlsv1.2", "jks, tlsv1.3" })
	void aClientLogsInWithTheCertificateOfItsBundle(String type, String version) {
		String[] bundle = type.equals("pem") ? pem(Certificates.CLIENT) : jks(Certificates.CLIENT);
		try (MosquittoBroker broker = broker(Certificates.SERVER, "require_certificate true",
				"use_identity_as_username true", "tls_version " + version);
				App app = start(bundle, servers(broker), BUNDLE)) {
			app.awaitState(ClientState.CONNECTED);
			assertThat(app.publish("a/b", 1)).succeedsWithin(Duration.ofSeconds(10));
			assertThat(broker.log("New client connected from", "u'client'")).hasSize(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "stranger, comes from nobody that the trust store knows", "expired, has expired",
			"other, is for another host" })
	void aServerThatIsNotTrustedStopsTheClientAndSaysWhy(String certificate, String why) {
		try (MosquittoBroker broker = broker(certificate);
				App app = start(new String[] { trust() }, servers(broker), BUNDLE)) {
			assertStopped(app, broker, LocalError.TLS_SERVER_NOT_TRUSTED, "TLS_TRUST", why);
		}
	}

	@ParameterizedTest
	@CsvSource({ "tlsv1.2, ", "tlsv1.3, ", "tlsv1.2, stranger", "tlsv1.3, stranger" })
	void aRefusedClientCertificateStopsTheClient(String version, String certificate) {
		String[] bundle = (certificate != null) ? pem(certificate) : new String[] { trust() };
		try (MosquittoBroker broker = broker(Certificates.SERVER, "require_certificate true", "tls_version " + version);
				App app = start(bundle, servers(broker), BUNDLE)) {
			assertStopped(app, broker, LocalError.TLS_CLIENT_CERTIFICATE_REFUSED, "AUTH",
					"refused the client certificate, or the lack of one");
		}
	}

	@Test
	void theLackOfACommonProtocolStopsTheClient() {
		try (MosquittoBroker broker = broker(Certificates.SERVER, "tls_version tlsv1.3");
				App app = start(new String[] { trust(), PEM + "options.enabled-protocols=TLSv1.2" }, servers(broker),
						BUNDLE)) {
			assertStopped(app, broker, LocalError.TLS_INCOMPATIBLE, "CONFIG", "no TLS protocol or cipher in common");
		}
	}

	@Test
	void aServerThatClosesDuringTheHandshakeIsTriedAgain() {
		try (MosquittoBroker plain = MosquittoBroker.startAnonymous();
				App app = start(new String[] { trust() }, servers(plain), BUNDLE)) {
			Awaitility.await().untilAsserted(() -> assertThat(app.client().incidents()).isNotEmpty());
			assertThat(lastFailure(app)).isEqualTo(LocalError.TLS_HANDSHAKE_INTERRUPTED);
			assertThat(app.client().state()).isNotEqualTo(ClientState.FAILED);
		}
	}

	@Test
	void aReloadedBundleTakesTheClientOutOfItsFailure() throws IOException {
		Path trusted = copy(this.certificates.certificate(Certificates.STRANGER));
		try (MosquittoBroker broker = broker(Certificates.SERVER);
				App app = start(reloading(PEM, trusted), servers(broker), BUNDLE)) {
			assertStopped(app, broker, LocalError.TLS_SERVER_NOT_TRUSTED, "TLS_TRUST", "trust store");
			replace(trusted, this.certificates.authority());
			app.awaitState(ClientState.CONNECTED);
			assertThat(broker.connectCount()).isOne();
		}
	}

	@Test
	void aReloadedBundleReconnectsItsClientAndNoOther() throws IOException {
		Path trusted = copy(this.certificates.authority());
		try (MosquittoBroker broker = broker(Certificates.SERVER);
				App app = start(reloading("spring.ssl.bundle.pem.reloading.", trusted), trust(), servers(broker),
						BUNDLE, servers(broker).replace("mqtt.", "mqtt.clients.telemetry."),
						"mqtt.clients.telemetry.client-id=telemetry", "mqtt.clients.telemetry.ssl.bundle=reloading")) {
			ManagedMqttClient telemetry = app.client("telemetry");
			app.awaitState(ClientState.CONNECTED);
			Awaitility.await().until(() -> telemetry.state() == ClientState.CONNECTED);
			replace(trusted, this.certificates.authority());
			Awaitility.await().until(() -> telemetry.statistics().connections() == 2);
			assertThat(app.client().statistics().connections()).isOne();
			assertThat(broker.log("New client connected from", "as telemetry")).hasSize(2);
		}
	}

	private static String[] reloading(String prefix, Path trusted) {
		return new String[] { prefix + "truststore.certificate=" + trusted, prefix + "reload-on-update=true",
				"spring.ssl.bundle.watch.file.quiet-period=50ms" };
	}

	private Path copy(Path file) throws IOException {
		return Files.copy(file, this.directory.resolve("trusted.crt"));
	}

	private static void replace(Path file, Path content) throws IOException {
		Path next = file.resolveSibling("next.crt");
		Files.copy(content, next, StandardCopyOption.REPLACE_EXISTING);
		Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void assertStopped(App app, MosquittoBroker broker, LocalError error, String kind, String why) {
		app.awaitState(ClientState.FAILED);
		assertThat(lastFailure(app)).isEqualTo(error);
		assertThat(app.awaitEvents(MqttClientFailedEvent.class, 1)).singleElement()
			.satisfies((event) -> assertThat(String.valueOf(event.getFailure())).contains("127.0.0.1:" + broker.port())
				.contains(why));
		assertThat(app.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(app.health().getDetails()).containsEntry("kind", kind);
		assertThat(app.isRunning()).isTrue();
		assertThat(broker.connectCount()).isZero();
	}

	private static LocalError lastFailure(App app) {
		return app.client().incidents().stream().findFirst().map(MqttIncident::failure).orElseThrow().localError();
	}

}
