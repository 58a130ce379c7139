package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.packet.Subscribe;
import io.github.mqttspringboot.packet.SubscribeAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that uses the Receive Maximum to the full, and never more (MQTT 5 §4.9).
 */
class ReceiveMaximumTests {

	private static final int MAXIMUM = 5;

	private final TestClient test = new TestClient((config) -> config.with((c) -> c.receiveMaximum = MAXIMUM))
		.connect();

	/** By packet identifier: what is neither acknowledged nor completed. */
	private final Map<Integer, Publish> outstanding = new LinkedHashMap<>();

	/** Of those, what has its PUBREC. */
	private final List<Integer> released = new ArrayList<>();

	/** Sent on this connection and still outstanding. */
	private final List<Integer> quota = new ArrayList<>();

	private final List<CompletableFuture<Void>> open = new ArrayList<>();

	private int seen;

	private int number;

	private int timesFull;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
	void aServerThatKeepsToItIsNeverAccused(long seed) {
		Random random = new Random(seed);
		subscribe();
		int connections = 1;
		for (int step = 0; step < 2000; step++) {
			int dice = random.nextInt(100);
			if (dice < 60) {
				publish(1 + random.nextInt(2));
			}
			else if (dice < 98) {
				end(random);
			}
			else {
				reconnect();
				connections++;
			}
			answers();
			assertThat(this.test.client.state()).isEqualTo(ClientState.CONNECTED);
			assertThat(this.test.wire.connections).hasSize(connections);
		}
		while (!this.open.isEmpty()) {
			end(random);
			answers();
		}
		assertThat(this.outstanding).isEmpty();
		assertThat(this.timesFull).isGreaterThan(100);
	}

	private void subscribe() {
		this.test.client.subscribe(SubscribeRequest.to("#").qos(2).messageHandler((message) -> {
			CompletableFuture<Void> stage = new CompletableFuture<>();
			this.open.add(stage);
			return stage;
		}).build());
		Subscribe subscribe = (Subscribe) this.test.link().sent.get(0);
		this.test.receive(new SubscribeAck(PacketType.SUBACK, subscribe.packetId(), List.of(2), null, List.of()));
		this.seen = 1;
	}

	private void publish(int qos) {
		if (this.quota.size() == MAXIMUM) {
			this.timesFull++;
			return;
		}
		int packetId = 1;
		while (this.outstanding.containsKey(packetId)) {
			packetId++;
		}
		Publish publish = new Publish(packetId, "m" + this.number++, qos, false, false, PublishProperties.NONE,
				new byte[0]);
		this.outstanding.put(packetId, publish);
		this.quota.add(packetId);
		this.test.receive(publish);
	}

	private void end(Random random) {
		if (!this.open.isEmpty()) {
			this.open.remove(random.nextInt(this.open.size())).complete(null);
			this.test.time.run();
		}
	}

	private void reconnect() {
		int connections = this.test.wire.connections.size();
		this.test.link().close();
		while (this.test.wire.connections.size() == connections) {
			this.test.time.advance(Duration.ofSeconds(10));
		}
		this.test.accept(ConnAck.of(true, 0));
		this.seen = 0;
		this.quota.clear();
		for (Publish publish : List.copyOf(this.outstanding.values())) {
			if (this.released.contains(publish.packetId())) {
				this.test.receive(new PublishAck(PacketType.PUBREL, publish.packetId(), 0));
			}
			else {
				this.quota.add(publish.packetId());
				this.test.receive(publish.with(publish.packetId(), true));
			}
		}
	}

	/** Do as a server does with what the client has sent. */
	private void answers() {
		List<MqttPacket> sent = this.test.link().sent;
		while (this.seen < sent.size()) {
			if (sent.get(this.seen++) instanceof PublishAck ack) {
				if (ack.type() == PacketType.PUBREC) {
					this.released.add(ack.packetId());
					this.test.receive(new PublishAck(PacketType.PUBREL, ack.packetId(), 0));
				}
				else {
					assertThat(this.outstanding.remove(ack.packetId())).isNotNull();
					this.released.remove((Integer) ack.packetId());
					this.quota.remove((Integer) ack.packetId());
				}
			}
		}
	}

}
