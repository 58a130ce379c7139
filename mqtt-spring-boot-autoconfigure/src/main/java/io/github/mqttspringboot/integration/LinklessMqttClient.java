package io.github.mqttspringboot.integration;

import org.eclipse.paho.mqttv5.client.DisconnectedBufferOptions;
import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttClientInterface;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.util.Debug;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * What a caller asks of the connection, which is not its own: nothing here touches it.
 */
abstract class LinklessMqttClient implements IMqttAsyncClient, MqttClientInterface {

	private static final Logger logger = LoggerFactory.getLogger(MqttClientManager.class);

	private static final String[] NO_TOPICS = {};

	private final ManagedMqttClient client;

	private final String url;

	LinklessMqttClient(ManagedMqttClient client, String url) {
		this.client = client;
		this.url = url;
	}

	final ManagedMqttClient client() {
		return this.client;
	}

	@Override
	public final boolean isConnected() {
		return this.client.state() == ClientState.CONNECTED;
	}

	@Override
	public final String getClientId() {
		return this.client.connection().clientId();
	}

	@Override
	public final String getServerURI() {
		return this.url;
	}

	@Override
	public final String getCurrentServerURI() {
		String server = this.client.connection().server();
		return (server != null) ? server : this.url;
	}

	@Override
	public final IMqttToken connect() {
		return connect(null, null);
	}

	@Override
	public final IMqttToken connect(MqttConnectionOptions options) {
		return connect(null, null);
	}

	@Override
	public final IMqttToken connect(MqttConnectionOptions options, @Nullable Object userContext,
			@Nullable MqttActionListener callback) {
		return connect(userContext, callback);
	}

	/**
	 * Answer whether there is a connection. The client makes it by itself.
	 */
	@Override
	public final IMqttToken connect(@Nullable Object userContext, @Nullable MqttActionListener callback) {
		ClientToken token = new ClientToken(this, "connect", NO_TOPICS, 0, null, userContext, callback);
		if (isConnected()) {
			token.succeed();
		}
		else {
			token.fail(notConnected());
		}
		return token;
	}

	final ClientOperationException notConnected() {
		ClientState state = this.client.state();
		return new ClientOperationException(MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED,
				"MQTT client '" + this.client.name() + "' is not connected to " + getCurrentServerURI() + " (state "
						+ state + "). " + switch (state) {
							case FAILED, STOPPED, STOPPING -> "Start it with start() or reconnect()";
							default -> "It connects by itself";
						},
				null);
	}

	@Override
	public final void reconnect() {
		ignore("reconnect");
	}

	@Override
	public final IMqttToken disconnect() {
		return disconnect(null, null);
	}

	@Override
	public final IMqttToken disconnect(long quiesceTimeout) {
		return disconnect(null, null);
	}

	@Override
	public final IMqttToken disconnect(long quiesceTimeout, @Nullable Object userContext,
			@Nullable MqttActionListener callback, int reasonCode, MqttProperties disconnectProperties) {
		return disconnect(userContext, callback);
	}

	@Override
	public final IMqttToken disconnect(@Nullable Object userContext, @Nullable MqttActionListener callback) {
		ignore("disconnect");
		ClientToken token = new ClientToken(this, "disconnect", NO_TOPICS, 0, null, userContext, callback);
		token.succeed();
		return token;
	}

	@Override
	public final void disconnectForcibly() {
		ignore("disconnectForcibly");
	}

	@Override
	public final void disconnectForcibly(long disconnectTimeout) {
		ignore("disconnectForcibly");
	}

	@Override
	public final void disconnectForcibly(long quiesceTimeout, long disconnectTimeout, int reasonCode,
			MqttProperties disconnectProperties) {
		ignore("disconnectForcibly");
	}

	@Override
	public final void disconnectForcibly(long quiesceTimeout, long disconnectTimeout, boolean sendDisconnectPacket) {
		ignore("disconnectForcibly");
	}

	@Override
	public final void close() {
		ignore("close");
	}

	@Override
	public final void close(boolean force) {
		ignore("close");
	}

	@Override
	public final void setCallback(MqttCallback callback) {
		ignore("setCallback");
	}

	@Override
	public final void setClientId(String clientId) {
		ignore("setClientId");
	}

	@Override
	public final void setBufferOpts(DisconnectedBufferOptions bufferOpts) {
		ignore("setBufferOpts");
	}

	private void ignore(String call) {
		logger.debug("{}() is ignored: the connection belongs to MQTT client '{}'", call, this.client.name());
	}

	/** The client pings by itself. */
	@Override
	public final IMqttToken checkPing(@Nullable Object userContext, @Nullable MqttActionListener callback) {
		return connect(userContext, callback);
	}

	/** There is no enhanced authentication. */
	@Override
	public final IMqttToken authenticate(int reasonCode, @Nullable Object userContext, MqttProperties properties) {
		ClientToken token = new ClientToken(this, "authenticate", NO_TOPICS, 0, null, userContext, null);
		token.fail(new ClientOperationException(MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED,
				"MQTT client '" + this.client.name() + "' does not do enhanced authentication", null));
		return token;
	}

	@Override
	public final int getBufferedMessageCount() {
		return 0;
	}

	@Override
	public final @Nullable MqttMessage getBufferedMessage(int bufferIndex) {
		return null;
	}

	@Override
	public final void deleteBufferedMessage(int bufferIndex) {
	}

	@Override
	public final @Nullable Debug getDebug() {
		return null;
	}

}
