package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;

/**
 * A wire without a network: records what the client does, reports what the test says.
 */
final class FakeWire implements Wire {

	final List<FakeConnection> connections = new ArrayList<>();

	@Override
	public WireConnection open(ConnectRequest request, WireListener listener) {
		FakeConnection connection = new FakeConnection(request, listener);
		this.connections.add(connection);
		return connection;
	}

	FakeConnection last() {
		return this.connections.get(this.connections.size() - 1);
	}

	static final class FakeConnection implements WireConnection {

		final ConnectRequest request;

		final WireListener listener;

		final List<MqttPacket> sent = new ArrayList<>();

		/** How many of those sent the writer has taken. */
		int taken;

		/** Those that were taken back before the writer had them. */
		private final Set<MqttPacket> withdrawn = Collections.newSetFromMap(new IdentityHashMap<>());

		boolean aborted;

		boolean disconnected;

		/** Whether the end is still to be reported after a disconnect. */
		boolean lingers;

		/** Whether sending throws, which no wire may. */
		boolean failing;

		FakeConnection(ConnectRequest request, WireListener listener) {
			this.request = request;
			this.listener = listener;
		}

		@Override
		public void send(MqttPacket packet) {
			if (this.failing) {
				throw new IllegalStateException("on purpose");
			}
			this.sent.add(packet);
		}

		@Override
		public void disconnect(Disconnect disconnect) {
			this.sent.add(disconnect);
			this.disconnected = true;
			if (!this.lingers) {
				close();
			}
		}

		@Override
		public long withdraw() {
			this.sent.stream()
				.skip(this.taken)
				.filter((packet) -> !(packet instanceof Disconnect))
				.forEach(this.withdrawn::add);
			return this.taken;
		}

		@Override
		public void abort() {
			this.aborted = true;
		}

		void accept() {
			accept(ConnAck.of(false, 0));
		}

		void accept(ConnAck connAck) {
			this.listener.opened();
			this.listener.connAck(connAck);
		}

		void receive(MqttPacket packet) {
			this.listener.received(packet);
		}

		void writeAll() {
			this.taken = this.sent.size();
			this.listener.written(this.taken);
		}

		void close(MqttFailure failure) {
			this.listener.closed(failure);
		}

		void close() {
			close(MqttFailure.local(LocalError.CONNECTION_CLOSED).build());
		}

		/** What was sent and not taken back. */
		List<MqttPacket> left() {
			return this.sent.stream().filter((packet) -> !this.withdrawn.contains(packet)).toList();
		}

		List<MqttPacket> sent(PacketType type) {
			return this.sent.stream().filter((packet) -> packet.type() == type).toList();
		}

	}

}
