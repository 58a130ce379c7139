package io.github.mqttspringboot.matrix;

import javax.net.ssl.SSLContext;

import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.testing.Certificates;
import io.github.mqttspringboot.testing.TlsLayers;
import io.github.mqttspringboot.testing.TransportLayer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server whose TLS fails, and is mended when the client comes again.
 */
final class TlsScenarios {

	private static final Certificates certificates = Certificates.get();

	private TlsScenarios() {
	}

	static void unknownAuthority(Trial trial) {
		probed(trial, TlsLayers.with(Certificates.STRANGER), certificates.client(null),
				"comes from nobody that the trust store knows");
	}

	static void expired(Trial trial) {
		fails(trial, TlsLayers.with(Certificates.EXPIRED), certificates.client(null), "has expired");
	}

	static void wrongHost(Trial trial) {
		fails(trial, TlsLayers.with(Certificates.OTHER), certificates.client(null), "is for another host");
	}

	static void noClientCertificate(Trial trial) {
		probed(trial, TlsLayers.askingForACertificate("TLSv1.3"), certificates.client(null),
				"refused the client certificate, or the lack of one");
	}

	static void noClientCertificateInTls12(Trial trial) {
		fails(trial, TlsLayers.askingForACertificate("TLSv1.2"), certificates.client(null),
				"refused the client certificate, or the lack of one");
	}

	static void strangeClientCertificate(Trial trial) {
		fails(trial, TlsLayers.askingForACertificate("TLSv1.3"), certificates.client(Certificates.STRANGER),
				"refused the client certificate");
	}

	static void strangeClientCertificateInTls12(Trial trial) {
		fails(trial, TlsLayers.askingForACertificate("TLSv1.2"), certificates.client(Certificates.STRANGER),
				"refused the client certificate");
	}

	static void noTls(Trial trial) {
		fails(trial, TlsLayers.plainText(), certificates.client(null), "does not speak TLS on this port");
	}

	static void noCommonProtocol(Trial trial) {
		fails(trial,
				TlsLayers.with(Certificates.SERVER, (socket) -> socket.setEnabledProtocols(new String[] { "TLSv1.3" })),
				certificates.context("TLSv1.2", null), "no TLS protocol or cipher in common");
	}

	static void interrupted(Trial trial) {
		fails(trial, TlsLayers.closing(), certificates.client(null), "closed the connection during the TLS handshake");
	}

	private static void fails(Trial trial, TransportLayer layer, SSLContext context, String why) {
		secure(trial, layer, 1, context);
		ConnectionScenarios.refused(trial);
		assertTold(trial, 1, why);
		trial.finish();
	}

	/** The server is mended after the first probe: the second one connects. */
	private static void probed(Trial trial, TransportLayer layer, SSLContext context, String why) {
		if (trial.ruling.errorClass() != ErrorClass.FATAL) {
			fails(trial, layer, context, why);
			return;
		}
		secure(trial, layer, 2, context);
		ConnectionScenarios.probed(trial);
		assertTold(trial, 2, why);
		trial.finish();
	}

	private static void secure(Trial trial, TransportLayer layer, int failures, SSLContext context) {
		trial.broker.layer(layer.until(failures, TlsLayers.with(Certificates.SERVER)));
		trial.setup.servers(trial.broker.tlsUri());
		trial.setup.sslContext = context;
	}

	private static void assertTold(Trial trial, int times, String why) {
		assertThat(trial.client().incidents()).filteredOn((incident) -> !incident.isRejection())
			.hasSize(times)
			.allSatisfy((incident) -> assertThat(incident.failure().detail()).contains(why));
	}

}
