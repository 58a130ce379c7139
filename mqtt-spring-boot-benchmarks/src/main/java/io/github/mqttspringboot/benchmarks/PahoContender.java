package io.github.mqttspringboot.benchmarks;

import java.util.UUID;
import java.util.function.Consumer;

import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/**
 * Eclipse Paho as its users tune it: messages in memory, a Receive Maximum of 1,000, and
 * a broker that allows as many in flight as the run needs.
 */
final class PahoContender implements Contender {

	static final String NAME = "raw Paho";

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public Client create(int port) throws MqttException {
		return new PahoClient(
				new MqttAsyncClient("tcp://127.0.0.1:" + port, "paho-" + UUID.randomUUID(), new MemoryPersistence()));
	}

	private static final class PahoClient implements Client, MqttCallback {

		private final MqttAsyncClient client;

		private volatile Consumer<byte[]> handler = (payload) -> {
		};

		PahoClient(MqttAsyncClient client) {
			this.client = client;
			client.setCallback(this);
		}

		@Override
		public void connect() throws MqttException {
			MqttConnectionOptions options = new MqttConnectionOptions();
			options.setReceiveMaximum(1000);
			this.client.connect(options).waitForCompletion(10_000);
		}

		@Override
		public void subscribe(String filter, int qos, Consumer<byte[]> handler) throws MqttException {
			this.handler = handler;
			this.client.subscribe(filter, qos).waitForCompletion(10_000);
		}

		@Override
		public void publish(String topic, byte[] payload, int qos, Consumer<@Nullable Throwable> done)
				throws MqttException {
			this.client.publish(topic, payload, qos, false, null, new MqttActionListener() {

				@Override
				public void onSuccess(IMqttToken token) {
					done.accept(null);
				}

				@Override
				public void onFailure(IMqttToken token, Throwable error) {
					done.accept(error);
				}

			});
		}

		@Override
		public void close() throws MqttException {
			if (this.client.isConnected()) {
				this.client.disconnect().waitForCompletion(10_000);
			}
			this.client.close();
		}

		@Override
		public void messageArrived(String topic, MqttMessage message) {
			this.handler.accept(message.getPayload());
		}

		@Override
		public void disconnected(MqttDisconnectResponse response) {
		}

		@Override
		public void mqttErrorOccurred(MqttException error) {
		}

		@Override
		public void deliveryComplete(IMqttToken token) {
		}

		@Override
		public void connectComplete(boolean reconnect, String server) {
		}

		@Override
		public void authPacketArrived(int reasonCode, MqttProperties properties) {
		}

	}

}
