package io.github.mqttspringboot.paho;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Will;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.testing.Certificates;

/**
 * Connect requests for tests.
 */
final class Requests {

	private Requests() {
	}

	static ConnectRequest to(URI server) {
		return with(server, null, null, null, List.of());
	}

	static ConnectRequest to(URI server, @Nullable SSLContext sslContext, Duration connectTimeout) {
		return new ConnectRequest("default", server, "meter", true, Duration.ofSeconds(60), Duration.ofMinutes(5), 1000,
				null, true, List.of(), null, null, sslContext, connectTimeout);
	}

	static ConnectRequest to(URI server, SSLContext sslContext) {
		return to(server, sslContext, Duration.ofSeconds(5));
	}

	static ConnectRequest to(URI server, long maximumPacketSize) {
		return with(server, maximumPacketSize, null, null, List.of());
	}

	static ConnectRequest with(URI server, @Nullable Long maximumPacketSize, @Nullable MqttCredentials credentials,
			@Nullable Will will, List<UserProperty> userProperties) {
		return new ConnectRequest("default", server, "meter", true, Duration.ofSeconds(60), Duration.ofMinutes(5), 1000,
				maximumPacketSize, true, userProperties, credentials, will, Certificates.get().client(null),
				Duration.ofSeconds(5));
	}

}
