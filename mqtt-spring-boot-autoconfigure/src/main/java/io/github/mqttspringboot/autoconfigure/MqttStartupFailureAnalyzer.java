package io.github.mqttspringboot.autoconfigure;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

import io.github.mqttspringboot.client.MqttStartupException;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * Explains a {@link MqttStartupException}.
 */
class MqttStartupFailureAnalyzer extends AbstractFailureAnalyzer<MqttStartupException> {

	/** What a {@link MqttConnectionDetails} bean says instead of properties. */
	private static final Set<String> CONNECTION_DETAILS = Set.of("servers", "username", "ssl.bundle");

	private final PropertyOrigins origins;

	private final @Nullable ConfigurableListableBeanFactory beanFactory;

	MqttStartupFailureAnalyzer(@Nullable Environment environment, @Nullable BeanFactory beanFactory) {
		this.origins = new PropertyOrigins(environment);
		this.beanFactory = (beanFactory instanceof ConfigurableListableBeanFactory configurable) ? configurable : null;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MqttStartupException cause) {
		String prefix = ClientNames.prefix(cause.getClientName());
		MqttFailure failure = cause.getFailure();
		StringBuilder description = new StringBuilder(Printable.escape(String.valueOf(cause.getMessage())));
		description.append("%n".formatted());
		cause.getServers().forEach((server) -> description.append("%n    Server: %s".formatted(server)));
		String property = property(failure);
		String bean = (CONNECTION_DETAILS.contains(property)) ? connectionDetailsBean(cause.getClientName()) : null;
		if (bean != null) {
			description.append("%n    Origin: MqttConnectionDetails bean '%s'".formatted(bean));
		}
		else {
			Origin origin = this.origins.origin(prefix + "." + property, null);
			description.append("%n    Property: %s.%s".formatted(prefix, property));
			description.append("%n    Origin: %s".formatted((origin != null) ? origin : "none: it is not set"));
		}
		description.append("%n    Reason: %s".formatted(
				(failure != null) ? failure : "no attempt to connect has ended within " + prefix + ".startup-timeout"));
		Classification classification = cause.getClassification();
		if (classification != null) {
			description
				.append("%n    Class: %s (rule: %s)".formatted(classification.errorClass(), classification.rule()));
		}
		String action = action(failure);
		if (failure == null || failure.localError() != LocalError.PERSISTENCE_UNAVAILABLE) {
			action += "%n%nTo start without the server and connect in the background, set mqtt.startup-mode=background."
				.formatted();
		}
		// The texts name the properties of the primary client, and nothing else does
		action = action.replace("mqtt.", prefix + ".");
		if (bean != null) {
			action = "What the client connects to, and as whom, is said by the MqttConnectionDetails bean '" + bean
					+ "', not by properties: correct it, or remove it to use them. " + action;
		}
		return new FailureAnalysis(description.toString(), action, cause);
	}

	// The bean of another origin than the properties, which is not asked: it is gone by
	// now
	private @Nullable String connectionDetailsBean(String clientName) {
		if (this.beanFactory == null) {
			return null;
		}
		String bean = new ConnectionDetailsResolver(this.beanFactory).beanName(clientName);
		return (bean != null && !this.beanFactory.isTypeMatch(bean, PropertiesMqttConnectionDetails.class)) ? bean
				: null;
	}

	private static String property(@Nullable MqttFailure failure) {
		if (failure == null) {
			return "servers";
		}
		ReasonCode reasonCode = failure.reasonCode();
		if (reasonCode != null) {
			return switch (reasonCode) {
				case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED -> "username";
				case CLIENT_IDENTIFIER_NOT_VALID, SESSION_TAKEN_OVER -> "client-id";
				case TOPIC_NAME_INVALID -> "will.topic";
				case PAYLOAD_FORMAT_INVALID, PACKET_TOO_LARGE -> "will.payload";
				case RETAIN_NOT_SUPPORTED -> "will.retain";
				case QOS_NOT_SUPPORTED -> "will.qos";
				default -> "servers";
			};
		}
		LocalError error = failure.localError();
		return switch ((error != null) ? error : LocalError.INTERNAL_ERROR) {
			case PERSISTENCE_UNAVAILABLE -> "persistence.directory";
			case TLS_SERVER_NOT_TRUSTED, TLS_CLIENT_CERTIFICATE_REFUSED -> "ssl.bundle";
			default -> "servers";
		};
	}

	private static String action(@Nullable MqttFailure failure) {
		if (failure == null) {
			return "Check mqtt.servers, or raise mqtt.startup-timeout.";
		}
		ReasonCode reasonCode = failure.reasonCode();
		if (reasonCode != null) {
			return action(reasonCode);
		}
		LocalError error = failure.localError();
		return (error != null) ? action(error) : "Check mqtt.servers: the server answered with a code of its own.";
	}

	private static String action(ReasonCode reasonCode) {
		return switch (reasonCode) {
			case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED ->
				"Check mqtt.username and mqtt.password, or the MqttCredentialsProvider bean.";
			case CLIENT_IDENTIFIER_NOT_VALID -> "Set mqtt.client-id to a client identifier that the server accepts.";
			case SESSION_TAKEN_OVER -> "Set mqtt.client-id to a client identifier that no other client uses.";
			case UNSUPPORTED_PROTOCOL_VERSION -> "Set mqtt.servers to a server that speaks MQTT 5.";
			case BANNED -> "Ask the operator of the server why it has banned this client, "
					+ "or set mqtt.servers to another server.";
			case TOPIC_NAME_INVALID, PAYLOAD_FORMAT_INVALID, RETAIN_NOT_SUPPORTED, QOS_NOT_SUPPORTED ->
				"Change the will message (mqtt.will.topic, mqtt.will.payload, mqtt.will.qos, mqtt.will.retain) "
						+ "to what the server accepts.";
			case PACKET_TOO_LARGE -> "Shorten mqtt.will.payload or mqtt.user-properties.";
			case USE_ANOTHER_SERVER, SERVER_MOVED -> "Set mqtt.servers to the server's new address.";
			case SERVER_UNAVAILABLE, SERVER_BUSY, QUOTA_EXCEEDED, CONNECTION_RATE_EXCEEDED ->
				"Add another server to mqtt.servers, or raise mqtt.startup-timeout to give the server more time.";
			default -> "Check mqtt.servers and the log of the server.";
		};
	}

	private static String action(LocalError error) {
		return switch (error) {
			case CONNECTION_REFUSED -> "Check host and port in mqtt.servers, and that the server runs.";
			case UNKNOWN_HOST -> "Check the host name in mqtt.servers.";
			case CONNECT_TIMEOUT, CONNACK_TIMEOUT ->
				"Check host and port in mqtt.servers; if the server is slow, raise mqtt.connect-timeout "
						+ "and mqtt.startup-timeout.";
			case PERSISTENCE_UNAVAILABLE ->
				"Set mqtt.persistence.directory to a directory that the application may write to and that no other "
						+ "application uses with the same mqtt.client-id, or set mqtt.persistence.type=memory.";
			case CREDENTIALS_UNAVAILABLE ->
				"Check the MqttCredentialsProvider bean; if it is slow, raise mqtt.connect-timeout.";
			case MQTT_3_1_1_ONLY -> "Set mqtt.servers to a server that speaks MQTT 5.";
			case CLOSED_BEFORE_CONNACK, CONNECTION_CLOSED, INBOUND_MALFORMED, INBOUND_PROTOCOL_ERROR ->
				"Check that mqtt.servers names the MQTT port of the server, not one for TLS, WebSocket or HTTP.";
			case TLS_SERVER_NOT_TRUSTED -> "Check the trust store of the SSL bundle that mqtt.ssl.bundle names, "
					+ "and that mqtt.servers names the host of the server's certificate.";
			case TLS_CLIENT_CERTIFICATE_REFUSED -> "Check the key store of the SSL bundle that mqtt.ssl.bundle names.";
			case TLS_INCOMPATIBLE -> "Check that mqtt.servers names the TLS port of the server, "
					+ "and the options of the SSL bundle that mqtt.ssl.bundle names.";
			case WEBSOCKET_HANDSHAKE_REFUSED -> "Check host, port and path in mqtt.servers.";
			case INTERNAL_ERROR ->
				"Look for its stack trace in the log. If it names a bean of the application, such as a "
						+ "MqttConnectionOptionsCustomizer, correct that; else check mqtt.servers.";
			default -> "Check mqtt.servers.";
		};
	}

}
