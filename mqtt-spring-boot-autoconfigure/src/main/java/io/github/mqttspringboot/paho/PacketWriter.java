package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.Publish;

/**
 * Writes what is queued, as many packets as there are with one write. Used by one thread.
 */
final class PacketWriter {

	private static final int CHUNK = 64 * 1024;

	private static final byte[] NOTHING = {};

	private final Link link;

	private final Reports reports;

	private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK);

	private long encoded;

	private long written;

	private volatile long chunks;

	/**
	 * Create a writer.
	 * @param link where the packets come from
	 * @param reports where to say that they have left
	 */
	PacketWriter(Link link, Reports reports) {
		this.link = link;
		this.reports = reports;
	}

	/**
	 * Write until there is nothing more to write, the DISCONNECT included.
	 * @param transport where to write to
	 * @return whether a DISCONNECT was written
	 * @throws IOException if writing fails
	 * @throws InterruptedException if interrupted
	 */
	boolean run(Transport transport) throws IOException, InterruptedException {
		while (true) {
			switch (this.link.awaitWork()) {
				case PACKETS -> writeQueued(transport.output());
				case ANSWER -> transport.output().flush();
				case FAREWELL -> {
					writeFarewell(transport.output());
					return true;
				}
				case NOTHING -> {
					return false;
				}
			}
		}
	}

	/**
	 * Return how much has been written, to tell a slow connection from a stuck one.
	 * @return a number that grows
	 */
	long progress() {
		return this.chunks;
	}

	private void writeQueued(OutputStream output) throws IOException {
		MqttPacket packet = this.link.poll();
		while (packet != null) {
			write(packet, output);
			this.encoded++;
			packet = this.link.poll();
		}
		flush(output);
	}

	private void write(MqttPacket packet, OutputStream output) throws IOException {
		int size = PacketCodec.size(packet);
		if (size > this.buffer.remaining()) {
			flush(output);
		}
		if (size <= this.buffer.capacity()) {
			PacketCodec.encode(packet, this.buffer);
			return;
		}
		// Of a large message there is no second copy
		byte[] payload = (packet instanceof Publish publish) ? publish.payload() : NOTHING;
		ByteBuffer head = ByteBuffer.allocate(size - payload.length);
		if (packet instanceof Publish publish) {
			PacketCodec.encodeHead(publish, head);
		}
		else {
			PacketCodec.encode(packet, head);
		}
		writeChunks(head.array(), output);
		writeChunks(payload, output);
	}

	private void writeChunks(byte[] bytes, OutputStream output) throws IOException {
		for (int offset = 0; offset < bytes.length; offset += CHUNK) {
			output.write(bytes, offset, Math.min(CHUNK, bytes.length - offset));
			progressed();
			this.reports.tell(WireListener::writing);
		}
	}

	private void flush(OutputStream output) throws IOException {
		if (this.buffer.position() > 0) {
			output.write(this.buffer.array(), 0, this.buffer.position());
			this.buffer.clear();
			progressed();
		}
		output.flush();
		if (this.encoded > this.written) {
			this.written = this.encoded;
			long total = this.written;
			this.reports.tell((listener) -> listener.written(total));
		}
	}

	// Only the writer's thread adds
	@SuppressWarnings("NonAtomicVolatileUpdate")
	private void progressed() {
		this.chunks++;
	}

	private void writeFarewell(OutputStream output) throws IOException {
		@Nullable Disconnect disconnect = this.link.farewell();
		if (disconnect != null) {
			write(disconnect, output);
			flush(output);
		}
	}

}
