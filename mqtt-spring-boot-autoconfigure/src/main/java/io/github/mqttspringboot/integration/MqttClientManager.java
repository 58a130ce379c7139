package io.github.mqttspringboot.integration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.integration.mqtt.core.AbstractMqttClientManager;
import org.springframework.integration.mqtt.core.ClientManager;
import org.springframework.integration.mqtt.event.MqttConnectionFailedEvent;
import org.springframework.integration.mqtt.inbound.AbstractMqttMessageDrivenChannelAdapter;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ConnectionInfo;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.event.MqttConnectionEvent;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;

/**
 * Lets Spring Integration's MQTT 5 adapters work on the connection of a
 * {@link ManagedMqttClient}. It does not own the connection: to start and to stop it
 * decides only whether adapters are told of connections. A refused operation fails the
 * token of that operation, and the connection stays.
 * <p>
 * When the connection is lost, this manager and each running inbound adapter publish an
 * {@link MqttConnectionFailedEvent}, whose cause carries the reason code. Thread-safe.
 *
 * @since 0.1.0
 */
public class MqttClientManager extends AbstractMqttClientManager<IMqttAsyncClient, MqttConnectionOptions>
		implements ApplicationListener<MqttConnectionEvent> {

	private static final Duration PROBE_INTERVAL = Duration.ofMinutes(10);

	private final ManagedMqttClient client;

	private final boolean cleanStart;

	private final SharedMqttClient sharedClient;

	private final CallbackLanes lanes;

	private final Probes probes;

	private volatile boolean running;

	/** The time of the connection that the adapters were last told of. */
	private @Nullable Instant told;

	/**
	 * Create a manager.
	 * @param client the client whose connection is shared
	 * @param url the URI of the server, for display
	 * @param cleanStart whether the session ends with the application: if so, an inbound
	 * adapter unsubscribes when it stops, else the server keeps its messages for it
	 */
	public MqttClientManager(ManagedMqttClient client, String url, boolean cleanStart) {
		this(client, url, cleanStart, PROBE_INTERVAL);
	}

	/**
	 * Create a manager.
	 * @param client the client whose connection is shared
	 * @param url the URI of the server, for display
	 * @param cleanStart whether the session ends with the application: if so, an inbound
	 * adapter unsubscribes when it stops, else the server keeps its messages for it
	 * @param probeInterval after what time a topic filter that was found to end the
	 * connection is tried again, zero for never
	 */
	public MqttClientManager(ManagedMqttClient client, String url, boolean cleanStart, Duration probeInterval) {
		super(clientId(client));
		setUrl(url);
		this.client = client;
		this.cleanStart = cleanStart;
		this.lanes = new CallbackLanes(client);
		this.probes = new Probes(probeInterval, this::probe);
		this.sharedClient = new SharedMqttClient(client, url, this::callbacks, this::messageArrived,
				new FilterGuard(probeInterval, Clock.systemUTC()));
		setClient(this.sharedClient);
	}

	// A mock has neither
	private static String clientId(ManagedMqttClient client) {
		ConnectionInfo connection = client.connection();
		return (connection != null) ? connection.clientId() : String.valueOf(client.name());
	}

	/**
	 * Return what adapters ask of the connection. The options are not those of the
	 * connection, and to change them changes nothing.
	 */
	@Override
	public MqttConnectionOptions getConnectionInfo() {
		MqttConnectionOptions options = new MqttConnectionOptions();
		options.setCleanStart(this.cleanStart);
		options.setAutomaticReconnect(true);
		return options;
	}

	/**
	 * Set whether messages are acknowledged by the acknowledgement callback of each
	 * message, instead of when the flow has returned.
	 * @param manualAcks whether by hand; the default is {@code false}
	 */
	@Override
	public void setManualAcks(boolean manualAcks) {
		super.setManualAcks(manualAcks);
		this.sharedClient.setManualAcks(manualAcks);
	}

	/**
	 * Return whether there is a connection now.
	 */
	@Override
	public boolean isConnected() {
		return this.sharedClient.isConnected();
	}

	@Override
	public void start() {
		this.running = true;
		if (isConnected()) {
			connected(false);
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.probes.cancel();
		synchronized (this) {
			this.told = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void addCallback(ConnectCallback connectCallback) {
		super.addCallback(connectCallback);
		this.sharedClient.returned(connectCallback);
		if (!this.cleanStart && this.client.state() == ClientState.STOPPED
				&& connectCallback instanceof AbstractMqttMessageDrivenChannelAdapter<?, ?> adapter
				&& adapter.isAutoStartup()) {
			this.sharedClient.subscribeEarly(adapter);
		}
	}

	@Override
	public boolean removeCallback(ConnectCallback connectCallback) {
		this.lanes.remove(connectCallback);
		// Called only when it is destroyed: if with the application, the server keeps
		// what
		// it has for it
		ClientState state = this.client.state();
		this.sharedClient.left(connectCallback, state != ClientState.STOPPING && state != ClientState.STOPPED);
		return super.removeCallback(connectCallback);
	}

	/**
	 * Pass news of the connection on to the adapters. Returns at once.
	 */
	@Override
	public void onApplicationEvent(MqttConnectionEvent event) {
		if (event.getSource() != this.client) {
			return;
		}
		if (event instanceof MqttConnectedEvent connected) {
			this.sharedClient.letGoOfThoseThatLeft();
			if (this.running) {
				connected(connected.isReconnect());
			}
		}
		else if (event instanceof MqttConnectionLostEvent lost) {
			disconnected("The connection of MQTT client '" + this.client.name() + "' was lost", lost.getFailure(),
					lost.getTimestamp());
		}
		else if (event instanceof MqttClientFailedEvent failed) {
			failed(ClientOperationException.connectionLost(
					"MQTT client '" + this.client.name() + "' has failed and does not connect any more",
					failed.getFailure()));
		}
	}

	private void connected(boolean reconnect) {
		Instant since = this.client.connection().since();
		synchronized (this) {
			if (since != null && since.equals(this.told)) {
				return;
			}
			this.told = since;
		}
		callbacks().forEach((callback) -> this.lanes.run(callback, () -> {
			if (this.running) {
				tidy(callback);
				callback.connectComplete(reconnect);
			}
		}));
	}

	// An adapter subscribes again what it has, and only what is not active is sent
	private void probe(Collection<String> filters) {
		for (ConnectCallback callback : callbacks()) {
			if (callback instanceof AbstractMqttMessageDrivenChannelAdapter<?, ?> adapter
					&& !Collections.disjoint(List.of(adapter.getTopic()), filters)) {
				this.lanes.run(callback, () -> {
					if (this.running && isConnected()) {
						callback.connectComplete(true);
					}
				});
			}
		}
	}

	// An adapter says nothing when it stops, or drops a topic, without a connection
	private void tidy(ConnectCallback callback) {
		if (this.cleanStart && callback instanceof AbstractMqttMessageDrivenChannelAdapter<?, ?> adapter) {
			this.sharedClient.holdings()
				.retain(adapter, (adapter.isActive()) ? List.of(adapter.getTopic()) : List.of());
		}
	}

	private void disconnected(String text, MqttFailure failure, long time) {
		ClientOperationException cause = ClientOperationException.connectionLost(text, failure);
		this.probes.schedule(this.sharedClient.connectionLost(cause, failure, time));
		for (ConnectCallback callback : callbacks()) {
			if (callback instanceof MqttCallback adapter) {
				this.lanes.run(callback, () -> adapter.disconnected(new MqttDisconnectResponse(cause)));
			}
		}
		failed(cause);
	}

	private void failed(ClientOperationException cause) {
		if (this.running) {
			getApplicationEventPublisher().publishEvent(new MqttConnectionFailedEvent(this, cause));
		}
	}

	private List<ConnectCallback> callbacks() {
		Set<ConnectCallback> callbacks = getCallbacks();
		synchronized (callbacks) {
			return List.copyOf(callbacks);
		}
	}

	private void messageArrived(String topic, MqttMessage message) {
		Set<ClientManager.DefaultMessageHandler<MqttMessage>> handlers = getDefaultMessageHandlers();
		synchronized (handlers) {
			handlers = Set.copyOf(handlers);
		}
		handlers.forEach((handler) -> handler.messageArrived(topic, message));
	}

}
