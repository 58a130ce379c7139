package io.github.mqttspringboot.paho;

import java.net.URI;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How TLS succeeds and fails with a server that is not Java.
 */
@RequiresMosquitto
class PahoWireMosquittoTlsTests {

	private final Certificates certificates = Certificates.get();

	private final PahoWire wire = new PahoWire(List.of());

	private WireConnection open(MosquittoBroker broker, String protocol, String certificate,
			RecordingListener listener) {
		return this.wire.open(
				Requests.to(URI.create(broker.uri(Transport.TLS)), this.certificates.context(protocol, certificate)),
				listener);
	}

	// A client of TLSv1.2 speaks nothing newer; with Mosquitto one of TLSv1.3 speaks that
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void logsInWithAClientCertificate(String protocol) throws Exception {
		try (MosquittoBroker broker = MosquittoBroker.builder().tls(Certificates.SERVER).clientCertificates().start()) {
			RecordingListener listener = new RecordingListener();
			WireConnection connection = open(broker, protocol, Certificates.CLIENT, listener);
			assertThat(listener.awaitConnAck().code()).isZero();
			connection.abort();
			listener.awaitClosed();
			assertThat(broker.connectCount()).isOne();
		}
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, ", "TLSv1.3, ", "TLSv1.2, stranger", "TLSv1.3, stranger" })
	void saysEachTimeThatTheClientCertificateIsRefused(String protocol, String certificate) throws Exception {
		try (MosquittoBroker broker = MosquittoBroker.builder().tls(Certificates.SERVER).clientCertificates().start()) {
			for (int i = 0; i < 20; i++) {
				RecordingListener listener = new RecordingListener();
				open(broker, protocol, certificate, listener);
				MqttFailure failure = listener.awaitClosed();
				assertThat(failure.localError()).as(failure.toString())
					.isEqualTo(LocalError.TLS_CLIENT_CERTIFICATE_REFUSED);
			}
			assertThat(broker.connectCount()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "stranger, nobody that the trust store knows", "expired, has expired", "other, is for another host" })
	void saysWhyTheServerIsNotTrusted(String certificate, String reason) throws Exception {
		try (MosquittoBroker broker = MosquittoBroker.builder().tls(certificate).start()) {
			RecordingListener listener = new RecordingListener();
			open(broker, "TLS", null, listener);
			MqttFailure failure = listener.awaitClosed();
			assertThat(failure.localError()).isEqualTo(LocalError.TLS_SERVER_NOT_TRUSTED);
			assertThat(failure.detail()).contains(reason);
			assertThat(broker.connectCount()).isZero();
		}
	}

	@Test
	void saysThatThePortSpeaksNoTls() throws Exception {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous()) {
			RecordingListener listener = new RecordingListener();
			this.wire.open(
					Requests.to(URI.create("mqtts://127.0.0.1:" + broker.port()), this.certificates.client(null)),
					listener);
			assertThat(listener.awaitClosed().localError()).isIn(LocalError.TLS_INCOMPATIBLE,
					LocalError.TLS_HANDSHAKE_INTERRUPTED);
		}
	}

}
