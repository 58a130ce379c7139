package io.github.mqttspringboot.paho;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

import io.github.mqttspringboot.client.MqttConnectionOptionsCustomizer;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Will;
import io.github.mqttspringboot.error.MaskedException;

/**
 * Makes Paho's options for one CONNECT (MQTT 5 §3.1).
 */
final class ConnectOptionsFactory {

	private static final int MAX_LENGTH = 65535;

	private final List<MqttConnectionOptionsCustomizer> customizers;

	/**
	 * Create a factory.
	 * @param customizers applied in their order, before what the engine relies on
	 */
	ConnectOptionsFactory(List<MqttConnectionOptionsCustomizer> customizers) {
		this.customizers = List.copyOf(customizers);
	}

	/**
	 * Make the options.
	 * @param request what to connect with
	 * @return the options
	 * @throws MqttException if Paho cannot encode them
	 * @throws IllegalArgumentException if they do not fit into a CONNECT
	 */
	MqttConnectionOptions create(ConnectRequest request) throws MqttException {
		MqttConnectionOptions options = new MqttConnectionOptions();
		options.setRequestProblemInfo(request.requestProblemInformation());
		options.setUserProperties(userProperties(request));
		if (request.credentials() != null) {
			applyCredentials(request.credentials(), options);
		}
		if (request.will() != null) {
			applyWill(request.will(), options);
		}
		for (MqttConnectionOptionsCustomizer customizer : this.customizers) {
			customize(customizer, request.clientName(), options);
		}
		applyOwned(request, options);
		requireEncodable(request.clientId(), options);
		return options;
	}

	private static void customize(MqttConnectionOptionsCustomizer customizer, String clientName,
			MqttConnectionOptions options) {
		try {
			customizer.customize(clientName, options);
		}
		catch (RuntimeException ex) {
			// It sees the password, and its message may show it
			MaskedException masked = MaskedException.of(ex);
			throw new IllegalStateException("The MqttConnectionOptionsCustomizer of type "
					+ customizer.getClass().getName() + " threw " + masked.getMessage(), masked);
		}
	}

	// The engine lives by these, so that no customizer may change them
	private void applyOwned(ConnectRequest request, MqttConnectionOptions options) {
		options.setAutomaticReconnect(false);
		options.setServerURIs(new String[0]);
		options.setMaximumPacketSize(null);
		options.setTopicAliasMaximum(0);
		options.setAuthMethod(null);
		options.setAuthData(null);
		options.setCleanStart(request.cleanStart());
		options.setKeepAliveInterval((int) request.keepAlive().toSeconds());
		options.setSessionExpiryInterval(request.sessionExpiry().toSeconds());
		options.setReceiveMaximum(request.receiveMaximum());
	}

	private void applyCredentials(MqttCredentials credentials, MqttConnectionOptions options) {
		if (credentials.username() != null) {
			options.setUserName(requireText("user name", credentials.username()));
		}
		byte[] password = credentials.password();
		if (password != null) {
			options.setPassword(requireLength("password", password));
		}
	}

	private void applyWill(Will will, MqttConnectionOptions options) {
		MqttMessage message = new MqttMessage(requireLength("will payload", will.payload()));
		message.setQos(will.qos());
		message.setRetained(will.retain());
		options.setWill(requireText("will topic", will.topic()), message);
		MqttProperties properties = new MqttProperties();
		if (will.delay().toSeconds() > 0) {
			properties.setWillDelayInterval(will.delay().toSeconds());
		}
		if (will.messageExpiry() != null) {
			properties.setMessageExpiryInterval(will.messageExpiry().toSeconds());
		}
		if (will.contentType() != null) {
			properties.setContentType(requireText("will content type", will.contentType()));
		}
		options.setWillMessageProperties(properties);
	}

	private List<UserProperty> userProperties(ConnectRequest request) {
		List<UserProperty> properties = new ArrayList<>();
		for (io.github.mqttspringboot.error.UserProperty property : request.userProperties()) {
			properties.add(new UserProperty(requireText("user property", property.name()),
					requireText("user property", property.value())));
		}
		return properties;
	}

	// Paho's sender thread would die of what cannot be encoded, and say nothing
	private void requireEncodable(String clientId, MqttConnectionOptions options) throws MqttException {
		MqttConnect packet = new MqttConnect(requireText("client id", clientId), options.getMqttVersion(),
				options.isCleanStart(), options.getKeepAliveInterval(), options.getConnectionProperties(),
				options.getWillMessageProperties());
		packet.setUserName(options.getUserName());
		packet.setPassword(options.getPassword());
		packet.setWillDestination(options.getWillDestination());
		packet.setWillMessage(options.getWillMessage());
		packet.getHeader();
		packet.getPayload();
	}

	// Paho cuts the length to two bytes, and the rest would be read as something else
	private static String requireText(String name, String text) {
		requireLength(name, text.getBytes(StandardCharsets.UTF_8));
		return text;
	}

	private static byte[] requireLength(String name, byte[] value) {
		if (value.length > MAX_LENGTH) {
			throw new IllegalArgumentException("The " + name + " must have at most " + MAX_LENGTH + " bytes");
		}
		return value;
	}

}
