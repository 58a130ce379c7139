package io.github.mqttspringboot.client.wire;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.error.UserProperty;

/**
 * What one network connection is opened with (MQTT 5 §3.1).
 *
 * @param clientName the name of the client, for logs and threads
 * @param server the server, with one of the schemes {@code mqtt}, {@code tcp},
 * {@code mqtts}, {@code ssl}, {@code tls}, {@code ws}, {@code wss}
 * @param clientId the client identifier
 * @param cleanStart the Clean Start flag
 * @param keepAlive the Keep Alive, 0 to 65,535 seconds
 * @param sessionExpiry the Session Expiry Interval, in whole seconds
 * @param receiveMaximum the Receive Maximum, 1 to 65,535
 * @param maximumPacketSize the Maximum Packet Size in bytes, {@code null} for none
 * @param requestProblemInformation the Request Problem Information flag
 * @param userProperties the user properties of CONNECT
 * @param credentials the credentials, {@code null} for none
 * @param will the will message, {@code null} for none
 * @param sslContext the context for TLS, {@code null} for the JDK's default
 * @param connectTimeout the limit for the transport connection
 * @since 0.1.0
 */
public record ConnectRequest(String clientName, URI server, String clientId, boolean cleanStart, Duration keepAlive,
		Duration sessionExpiry, int receiveMaximum, @Nullable Long maximumPacketSize, boolean requestProblemInformation,
		List<UserProperty> userProperties, @Nullable MqttCredentials credentials, @Nullable Will will,
		@Nullable SSLContext sslContext, Duration connectTimeout) {

}
