package io.github.mqttspringboot.paho;

import java.util.function.UnaryOperator;

import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttPingSender;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * Paho's client for one network connection, with a gate at its socket. It is never
 * closed, only dropped: Paho's {@code close} hangs or refuses in most states.
 */
final class GateClient extends MqttAsyncClient {

	private final UnaryOperator<NetworkModule> gate;

	/**
	 * Create a client.
	 * @param uri the server, as Paho is to see it
	 * @param clientId the client identifier
	 * @param gate puts the gate before a network module
	 * @throws MqttException if Paho refuses
	 */
	GateClient(String uri, String clientId, UnaryOperator<NetworkModule> gate) throws MqttException {
		super(uri, clientId, null, new NoPing(), null);
		this.gate = gate;
	}

	@Override
	protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) throws MqttException {
		NetworkModule[] modules = super.createNetworkModules(address, options);
		for (int i = 0; i < modules.length; i++) {
			modules[i] = this.gate.apply(modules[i]);
		}
		return modules;
	}

	/**
	 * Wake Paho's sender, which can miss that it is to stop.
	 */
	void wakeSender() {
		this.comms.getClientState().notifyQueueLock();
	}

	/**
	 * The pings are the engine's.
	 */
	private static final class NoPing implements MqttPingSender {

		@Override
		public void init(ClientComms comms) {
		}

		@Override
		public void start() {
		}

		@Override
		public void stop() {
		}

		@Override
		public void schedule(long delayInMilliseconds) {
		}

	}

}
