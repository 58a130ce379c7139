package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * Stands between a client and its wire and keeps the books of QoS 2 (MQTT 5 §4.3.3), so
 * that what the server doubles or loses is told from what the client does. Messages are
 * known by their payloads.
 */
final class SessionLedger implements Wire {

	private final Wire wire;

	private final List<String> faults = new ArrayList<>();

	/** Of the session: identifiers given to messages, until PUBCOMP has come. */
	private final Map<Integer, String> sent = new HashMap<>();

	private final Set<Integer> released = new HashSet<>();

	private final Set<String> everSent = new HashSet<>();

	/** Of the session: identifiers the server has given, until PUBCOMP has left. */
	private final Map<Integer, String> received = new HashMap<>();

	private final Map<String, Integer> deliveries = new HashMap<>();

	private int confused;

	SessionLedger(Wire wire) {
		this.wire = wire;
	}

	@Override
	public WireConnection open(ConnectRequest request, WireListener listener) {
		return new Connection(this.wire.open(request, new Listener(listener)));
	}

	/** What the client did against the rules. */
	synchronized List<String> faults() {
		return List.copyOf(this.faults);
	}

	/** How often the server sent a message as a new one. */
	synchronized int deliveries(String payload) {
		return this.deliveries.getOrDefault(payload, 0);
	}

	/** How often the server gave an identifier away that it had not released. */
	synchronized int confused() {
		return this.confused;
	}

	private synchronized void connected(boolean sessionPresent) {
		if (!sessionPresent) {
			this.sent.clear();
			this.released.clear();
			this.received.clear();
		}
	}

	private synchronized void sent(MqttPacket packet) {
		if (packet instanceof Publish publish && publish.qos() == 2) {
			String payload = text(publish);
			String known = this.sent.put(publish.packetId(), payload);
			if (known != null && !known.equals(payload)) {
				this.faults.add("identifier %d was not free".formatted(publish.packetId()));
			}
			if (known == null && !this.everSent.add(payload)) {
				this.faults.add("'%s' was sent under another identifier".formatted(payload));
			}
			if (this.released.contains(publish.packetId())) {
				this.faults.add("'%s' was sent after its PUBREL".formatted(payload));
			}
			if (publish.duplicate() != (known != null)) {
				this.faults.add("'%s' was sent with DUP %s".formatted(payload, publish.duplicate()));
			}
		}
		else if (packet.type() == PacketType.PUBREL) {
			this.released.add(((PublishAck) packet).packetId());
		}
		else if (packet.type() == PacketType.PUBCOMP) {
			this.received.remove(((PublishAck) packet).packetId());
		}
	}

	private synchronized void received(MqttPacket packet) {
		if (packet instanceof Publish publish && publish.qos() == 2) {
			String payload = text(publish);
			String known = this.received.put(publish.packetId(), payload);
			if (!payload.equals(known)) {
				this.deliveries.merge(payload, 1, Integer::sum);
				this.confused += (known != null) ? 1 : 0;
			}
		}
		else if (packet instanceof PublishAck ack
				&& (ack.type() == PacketType.PUBCOMP || (ack.type() == PacketType.PUBREC && ack.code() >= 0x80))) {
			this.sent.remove(ack.packetId());
			this.released.remove(ack.packetId());
		}
	}

	private static String text(Publish publish) {
		String payload = new String(publish.payload(), StandardCharsets.UTF_8);
		int end = payload.indexOf(' ');
		return (end < 0) ? payload : payload.substring(0, end);
	}

	private final class Connection implements WireConnection {

		private final WireConnection connection;

		Connection(WireConnection connection) {
			this.connection = connection;
		}

		@Override
		public void send(MqttPacket packet) {
			sent(packet);
			this.connection.send(packet);
		}

		@Override
		public void disconnect(Disconnect disconnect) {
			this.connection.disconnect(disconnect);
		}

		@Override
		public long withdraw() {
			return this.connection.withdraw();
		}

		@Override
		public void abort() {
			this.connection.abort();
		}

	}

	private final class Listener implements WireListener {

		private final WireListener listener;

		Listener(WireListener listener) {
			this.listener = listener;
		}

		@Override
		public void opened() {
			this.listener.opened();
		}

		@Override
		public void connAck(ConnAck connAck) {
			connected(connAck.sessionPresent());
			this.listener.connAck(connAck);
		}

		@Override
		public void received(MqttPacket packet) {
			SessionLedger.this.received(packet);
			this.listener.received(packet);
		}

		@Override
		public void written(long total) {
			this.listener.written(total);
		}

		@Override
		public void closed(MqttFailure failure) {
			this.listener.closed(failure);
		}

	}

}
