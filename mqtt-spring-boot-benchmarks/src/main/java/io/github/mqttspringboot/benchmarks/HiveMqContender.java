package io.github.mqttspringboot.benchmarks;

import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import org.jspecify.annotations.Nullable;

/**
 * The HiveMQ MQTT client, with default settings but a Receive Maximum of 1,000, as the
 * others have it.
 */
final class HiveMqContender implements Contender {

	static final String NAME = "HiveMQ";

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public Client create(int port) {
		return new HiveMqClient(MqttClient.builder()
			.useMqttVersion5()
			.identifier("hivemq-" + UUID.randomUUID())
			.serverHost("127.0.0.1")
			.serverPort(port)
			.buildAsync());
	}

	private record HiveMqClient(Mqtt5AsyncClient client) implements Client {

		@Override
		public void connect() {
			this.client.connectWith().restrictions().receiveMaximum(1000).applyRestrictions().send().join();
		}

		@Override
		public void subscribe(String filter, int qos, Consumer<byte[]> handler) {
			this.client.subscribeWith()
				.topicFilter(filter)
				.qos(qos(qos))
				.callback((publish) -> handler.accept(publish.getPayloadAsBytes()))
				.send()
				.join();
		}

		@Override
		public void publish(String topic, byte[] payload, int qos, Consumer<@Nullable Throwable> done) {
			this.client.publishWith()
				.topic(topic)
				.qos(qos(qos))
				.payload(payload)
				.send()
				.whenComplete((result, error) -> done
					.accept((error != null || result.getError().isEmpty()) ? error : result.getError().orElseThrow()));
		}

		@Override
		public void close() {
			if (this.client.getState() == MqttClientState.CONNECTED) {
				this.client.disconnect().join();
			}
		}

		private static MqttQos qos(int qos) {
			return Objects.requireNonNull(MqttQos.fromCode(qos));
		}

	}

}
