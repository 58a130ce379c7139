package io.github.mqttspringboot.client.wire;

/**
 * Opens network connections. Implementations are thread-safe.
 *
 * @since 0.1.0
 */
public interface Wire {

	/**
	 * Open a network connection and send CONNECT. Returns at once and never throws: what
	 * happens is reported to the listener.
	 * @param request what to connect to and how
	 * @param listener whom to tell, on threads of the wire
	 * @return the connection
	 */
	WireConnection open(ConnectRequest request, WireListener listener);

}
