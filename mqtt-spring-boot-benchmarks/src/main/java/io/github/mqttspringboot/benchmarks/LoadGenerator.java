package io.github.mqttspringboot.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * Publishes faster than any client receives: packets made beforehand, written to a plain
 * socket.
 */
final class LoadGenerator implements AutoCloseable {

	/**
	 * More than are under way at a time, so that packet identifiers are not in use twice.
	 */
	private static final int BATCHES = 20;

	private final Socket socket;

	private final OutputStream output;

	LoadGenerator(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setTcpNoDelay(true);
		this.output = this.socket.getOutputStream();
		connect();
	}

	private void connect() throws IOException {
		byte[] clientId = "load".getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream packet = new ByteArrayOutputStream();
		packet.write(0x10);
		packet.write(13 + clientId.length);
		packet.writeBytes(new byte[] { 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, (byte) clientId.length });
		packet.writeBytes(clientId);
		this.output.write(packet.toByteArray());
		// The broker has acknowledged what the receiver has got: no need to look
		Thread reader = new Thread(this::drain, "load-reader");
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Publish.
	 * @param topic the topic
	 * @param payload the payload
	 * @param qos 0 or 1
	 * @param count how many, a multiple of {@link Flow#BATCH}
	 * @param flow says when to go on
	 * @throws IOException if the connection breaks
	 * @throws InterruptedException if interrupted
	 */
	void publish(String topic, byte[] payload, int qos, int count, Flow flow) throws IOException, InterruptedException {
		List<byte[]> batches = new ArrayList<>();
		for (int i = 0; i < BATCHES; i++) {
			batches.add(batch(topic, payload, qos, i * Flow.BATCH));
		}
		for (int sent = 0; sent < count; sent += Flow.BATCH) {
			for (int i = 0; i < Flow.BATCH; i++) {
				flow.begin();
			}
			this.output.write(batches.get((sent / Flow.BATCH) % BATCHES));
		}
	}

	private static byte[] batch(String topic, byte[] payload, int qos, int first) {
		ByteBuffer buffer = ByteBuffer.allocate(Flow.BATCH * (payload.length + topic.length() + 16));
		for (int i = 1; i <= Flow.BATCH; i++) {
			PacketCodec.encode(
					new Publish((qos > 0) ? first + i : 0, topic, qos, false, false, PublishProperties.NONE, payload),
					buffer);
		}
		byte[] bytes = new byte[buffer.position()];
		buffer.flip().get(bytes);
		return bytes;
	}

	private void drain() {
		try {
			this.socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// Closed by this side; the flow notices anything else
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
