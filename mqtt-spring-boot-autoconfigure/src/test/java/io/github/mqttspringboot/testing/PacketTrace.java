package io.github.mqttspringboot.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.PacketException;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * Follows the messages that a server sends through a {@link TcpProxy}, and their
 * acknowledgements. A PUBLISH is seen after the server has sent it, and an
 * acknowledgement before it reaches the server: what is outstanding here is never more
 * than the server knows. It is thread safe.
 */
public final class PacketTrace implements TcpProxy.Tap {

	private final Map<Integer, InboundLedger> ledgers = new TreeMap<>();

	private final Map<Integer, Frames> toClients = new TreeMap<>();

	private final Map<Integer, Frames> toServers = new TreeMap<>();

	private final List<Publish> deliveries = new ArrayList<>();

	/**
	 * Return what is known of the links.
	 * @return one for each link, in the order of acceptance
	 */
	public synchronized List<InboundLedger.Summary> links() {
		return this.ledgers.values().stream().map(InboundLedger::summary).toList();
	}

	/**
	 * Return what the server has sent.
	 * @return all messages, of all links
	 */
	public synchronized List<Publish> deliveries() {
		return List.copyOf(this.deliveries);
	}

	@Override
	public synchronized void passing(int link, boolean toClient, byte[] buffer, int length) {
		InboundLedger ledger = this.ledgers.computeIfAbsent(link, (key) -> new InboundLedger());
		Frames frames = (toClient ? this.toClients : this.toServers).computeIfAbsent(link, (key) -> new Frames());
		frames.add(buffer, length);
		for (MqttPacket packet = frames.next(); packet != null; packet = frames.next()) {
			if (toClient) {
				fromServer(ledger, packet);
			}
			else {
				fromClient(ledger, packet);
			}
		}
	}

	private void fromServer(InboundLedger ledger, MqttPacket packet) {
		if (packet instanceof Publish publish) {
			this.deliveries.add(publish);
			ledger.published(publish);
		}
	}

	private static void fromClient(InboundLedger ledger, MqttPacket packet) {
		if (packet instanceof PublishAck ack && ack.type() != PacketType.PUBREL) {
			ledger.acknowledged(ack);
		}
		else if (packet instanceof Disconnect disconnect) {
			ledger.disconnected(disconnect.code());
		}
	}

	/** The packets of one direction of a link. */
	private static final class Frames {

		private byte[] bytes = {};

		private int from;

		void add(byte[] buffer, int length) {
			int rest = this.bytes.length - this.from;
			byte[] all = Arrays.copyOfRange(this.bytes, this.from, this.bytes.length + length);
			System.arraycopy(buffer, 0, all, rest, length);
			this.bytes = all;
			this.from = 0;
		}

		/**
		 * Take the next whole packet.
		 * @return the packet, {@code null} if there is none yet
		 */
		@Nullable MqttPacket next() {
			int position = this.from + 1;
			int remaining = 0;
			int shift = 0;
			int digit;
			do {
				if (position >= this.bytes.length) {
					return null;
				}
				digit = this.bytes[position++];
				remaining |= (digit & 0x7F) << shift;
				shift += 7;
			}
			while (digit < 0);
			if (position + remaining > this.bytes.length) {
				return null;
			}
			int header = this.bytes[this.from] & 0xFF;
			this.from = position + remaining;
			if (PacketType.of(header >> 4) == PacketType.CONNECT) {
				return next();
			}
			try {
				return PacketCodec.decode(header, ByteBuffer.wrap(this.bytes, position, remaining));
			}
			catch (PacketException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
