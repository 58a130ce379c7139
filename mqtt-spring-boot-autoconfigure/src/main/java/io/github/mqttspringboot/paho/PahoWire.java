package io.github.mqttspringboot.paho;

import java.util.List;

import io.github.mqttspringboot.client.MqttConnectionOptionsCustomizer;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.client.wire.WireListener;

/**
 * The network by way of Eclipse Paho: it makes the connection and the MQTT handshake, a
 * gate at its socket carries the packets. Schemes: {@code mqtt} and {@code tcp}; over TLS
 * {@code mqtts}, {@code ssl} and {@code tls}; over WebSocket {@code ws} and {@code wss}
 * (MQTT 5 §6), default path {@code /mqtt}. TLS and WebSocket are layered below Paho,
 * which always sees plain TCP.
 * <p>
 * Of Paho's options a {@link MqttConnectionOptionsCustomizer} may set for the transport:
 * the socket factory (of raw sockets, or an {@code SSLSocketFactory} that replaces the
 * context for TLS), the host name verification, and headers of the WebSocket upgrade.
 * <p>
 * Packets are reported by the thread that reads, {@link WireListener#written} by the
 * thread that writes, so that these two may come at the same time; the CONNACK comes
 * before both and the end after both. {@link WireConnection#send} never blocks and its
 * queue has no limit: bounding it is the caller's part.
 *
 * @since 0.1.0
 */
public final class PahoWire implements Wire {

	private final ConnectOptionsFactory optionsFactory;

	private final PahoLoggers loggers = new PahoLoggers();

	/**
	 * Create the wire.
	 * @param customizers applied to Paho's options before each CONNECT
	 */
	public PahoWire(List<MqttConnectionOptionsCustomizer> customizers) {
		this.optionsFactory = new ConnectOptionsFactory(customizers);
		this.loggers.quieten();
	}

	@Override
	public WireConnection open(ConnectRequest request, WireListener listener) {
		PahoConnection connection = new PahoConnection(request, listener, this.optionsFactory);
		connection.open();
		return connection;
	}

}
