package io.github.mqttspringboot.paho;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Set;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;

/**
 * Tells the ways apart in which TLS fails. The JDK does so by the chain of causes, and
 * for what the server says by the name of its alert (RFC 8446 §6).
 */
final class TlsFaults {

	private static final String ALERT = "Received fatal alert: ";

	private static final Set<String> CLIENT_CERTIFICATE = Set.of("bad_certificate", "unsupported_certificate",
			"certificate_revoked", "certificate_expired", "certificate_unknown", "unknown_ca", "access_denied",
			"certificate_required", "no_certificate");

	private static final Set<String> INCOMPATIBLE = Set.of("protocol_version", "insufficient_security",
			"inappropriate_fallback", "illegal_parameter", "missing_extension", "unsupported_extension",
			"unrecognized_name", "no_application_protocol", "unknown_psk_identity", "export_restriction");

	/** What the JDK says of a server whose first bytes are no TLS. */
	private static final Set<String> NO_TLS = Set.of("Unsupported or unrecognized SSL message",
			"Unrecognized SSL message, plaintext connection?");

	/** What the JDK says of protocols and ciphers that it cannot use. */
	private static final Set<String> NOTHING_IN_COMMON = Set.of("No appropriate protocol",
			"No appropriate cipher suite", "is not accepted by client preferences",
			"that protocol version is not enabled or not supported by the client",
			"does not support the server cipher suite", "SSL V2.0 servers are not supported");

	private TlsFaults() {
	}

	/**
	 * Explain why a handshake failed.
	 * @param error the exception
	 * @param flights how often this side had its say before
	 * @return the explanation
	 */
	static TransportException handshake(IOException error, int flights) {
		if (error instanceof TransportException explained) {
			return explained;
		}
		if (find(error, SocketTimeoutException.class) != null) {
			return new TransportException(LocalError.CONNECT_TIMEOUT, "did not finish the TLS handshake in time",
					error);
		}
		String alert = alert(error);
		if (alert != null) {
			return refused(error, alert, flights);
		}
		TransportException untrusted = untrusted(error);
		if (untrusted != null) {
			return untrusted;
		}
		if (find(error, EOFException.class) != null || find(error, SocketException.class) != null
				|| !(error instanceof SSLException)) {
			return new TransportException(LocalError.TLS_HANDSHAKE_INTERRUPTED,
					"closed the connection during the TLS handshake (" + message(error) + ")", error);
		}
		String message = message(error);
		if (NO_TLS.stream().anyMatch(message::contains)) {
			return new TransportException(LocalError.TLS_INCOMPATIBLE,
					"does not speak TLS on this port: check the scheme and the port", error);
		}
		if (NOTHING_IN_COMMON.stream().anyMatch(message::contains)) {
			return new TransportException(LocalError.TLS_INCOMPATIBLE,
					"and this client have no TLS protocol or cipher in common: " + message, error);
		}
		// Such as a record that was damaged on its way: it may not come again
		return new TransportException(LocalError.TLS_HANDSHAKE_INTERRUPTED,
				"and this client did not finish the TLS handshake: " + message, error);
	}

	/**
	 * Explain what was read first after a handshake. In TLS 1.3 the client has finished
	 * it before the server judges the client's certificate.
	 * @param error the exception
	 * @return the explanation, {@code null} if it is not about the client's certificate
	 */
	static @Nullable TransportException afterHandshake(IOException error) {
		String alert = alert(error);
		return (alert != null && CLIENT_CERTIFICATE.contains(alert)) ? clientCertificate(error, alert) : null;
	}

	private static TransportException refused(IOException error, String alert, int flights) {
		// Before the first answer the server has not even asked for a certificate
		boolean judged = flights > 1;
		if (judged && (CLIENT_CERTIFICATE.contains(alert) || "handshake_failure".equals(alert))) {
			return clientCertificate(error, alert);
		}
		if (INCOMPATIBLE.contains(alert) || "handshake_failure".equals(alert)) {
			return new TransportException(LocalError.TLS_INCOMPATIBLE,
					"and this client have no TLS protocol or cipher in common: it sent the alert " + alert, error);
		}
		return new TransportException(LocalError.TLS_HANDSHAKE_INTERRUPTED,
				"ended the TLS handshake with the alert " + alert, error);
	}

	private static TransportException clientCertificate(IOException error, String alert) {
		return new TransportException(LocalError.TLS_CLIENT_CERTIFICATE_REFUSED,
				"refused the client certificate, or the lack of one, with the TLS alert " + alert
						+ ": check the key store of the SSL bundle",
				error);
	}

	private static @Nullable TransportException untrusted(IOException error) {
		CertificateExpiredException expired = find(error, CertificateExpiredException.class);
		if (expired != null) {
			return untrusted("its certificate has expired", expired, error);
		}
		CertificateNotYetValidException early = find(error, CertificateNotYetValidException.class);
		if (early != null) {
			return untrusted("its certificate is not valid yet", early, error);
		}
		CertPathBuilderException path = find(error, CertPathBuilderException.class);
		if (path != null) {
			return untrusted("its certificate comes from nobody that the trust store knows", path, error);
		}
		CertPathValidatorException invalid = find(error, CertPathValidatorException.class);
		if (invalid != null) {
			return untrusted("its certificate is not valid", invalid, error);
		}
		InvalidAlgorithmParameterException empty = find(error, InvalidAlgorithmParameterException.class);
		if (empty != null) {
			return untrusted("the trust store is empty", empty, error);
		}
		CertificateException certificate = find(error, CertificateException.class);
		if (certificate == null) {
			return null;
		}
		return untrusted((isAboutHost(message(certificate))) ? "its certificate is for another host"
				: "its certificate is not accepted", certificate, error);
	}

	private static TransportException untrusted(String why, Exception reason, IOException error) {
		return new TransportException(LocalError.TLS_SERVER_NOT_TRUSTED,
				"is not trusted: " + why + " (" + message(reason) + ")", error);
	}

	private static boolean isAboutHost(String message) {
		return message.startsWith("No subject alternative") || message.startsWith("No name matching")
				|| message.startsWith("Illegal given domain name");
	}

	private static @Nullable String alert(Throwable error) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			String message = cause.getMessage();
			int start = (cause instanceof SSLException && message != null) ? message.indexOf(ALERT) : -1;
			if (message != null && start >= 0) {
				return message.substring(start + ALERT.length()).trim();
			}
		}
		return null;
	}

	private static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

	private static String message(Throwable error) {
		return (error.getMessage() != null) ? error.getMessage() : error.getClass().getSimpleName();
	}

}
