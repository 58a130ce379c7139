package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Puts MQTT bytes into masked binary frames (RFC 6455 §5.2), each written with one flush:
 * some servers reset a connection that brings large frames. Used by one thread at a time;
 * the thread that reads only leaves answers to be sent, because one that waits to write
 * cannot read.
 */
final class WebSocketOutput extends OutputStream {

	/** A close frame without a code. */
	static final int NO_CODE = -1;

	private static final int NORMAL = 1000;

	private static final int PROTOCOL_ERROR = 1002;

	private static final int MAX_FRAME = 16 * 1024;

	private static final int MAX_HEADER = 8;

	private static final int FINAL = 0x80;

	private static final int MASKED = 0x80;

	private final OutputStream output;

	private final Runnable answerWaiting;

	private final SecureRandom random = new SecureRandom();

	private final byte[] mask = new byte[4];

	private final byte[] frame = new byte[MAX_FRAME];

	private final AtomicReference<byte @Nullable []> pong = new AtomicReference<>();

	private boolean closed;

	private volatile int closeCode = NORMAL;

	private volatile boolean peerClosing;

	/**
	 * Create a stream.
	 * @param output what is below
	 * @param answerWaiting told by the reading thread that {@link #flush()} has something
	 * to send
	 */
	WebSocketOutput(OutputStream output, Runnable answerWaiting) {
		this.output = output;
		this.answerWaiting = answerWaiting;
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] source, int offset, int length) throws IOException {
		int end = offset + length;
		for (int start = offset; start < end; start += MAX_FRAME - MAX_HEADER) {
			sendPong();
			send(WebSocketOpcode.BINARY, source, start, Math.min(MAX_FRAME - MAX_HEADER, end - start));
		}
	}

	@Override
	public void flush() throws IOException {
		sendPong();
	}

	/**
	 * Send the close frame. Nothing can be written behind it.
	 * @throws IOException if writing fails
	 */
	@Override
	public void close() throws IOException {
		if (this.closed) {
			return;
		}
		int code = this.closeCode;
		byte[] payload = (code == NO_CODE) ? new byte[0] : new byte[] { (byte) (code >> 8), (byte) code };
		send(WebSocketOpcode.CLOSE, payload, 0, payload.length);
		this.closed = true;
	}

	/**
	 * Answer a ping. Of several only the last is answered, as RFC 6455 §5.5.3 allows.
	 * @param payload what the ping carried
	 */
	void pong(byte[] payload) {
		this.pong.set(payload);
		this.answerWaiting.run();
	}

	/**
	 * The server has sent a close frame: ours answers it.
	 * @param code the code it carried
	 */
	void peerCloses(int code) {
		this.closeCode = code;
		this.peerClosing = true;
	}

	/**
	 * The server has broken the protocol: our close frame says so.
	 */
	void violated() {
		this.closeCode = PROTOCOL_ERROR;
	}

	boolean isPeerClosing() {
		return this.peerClosing;
	}

	private void sendPong() throws IOException {
		byte[] payload = this.pong.getAndSet(null);
		if (payload != null) {
			send(WebSocketOpcode.PONG, payload, 0, payload.length);
		}
	}

	private void send(int opcode, byte[] source, int offset, int length) throws IOException {
		if (this.closed) {
			throw new IOException("The WebSocket is closed");
		}
		int position = 0;
		this.frame[position++] = (byte) (FINAL | opcode);
		if (length < 126) {
			this.frame[position++] = (byte) (MASKED | length);
		}
		else {
			this.frame[position++] = (byte) (MASKED | 126);
			this.frame[position++] = (byte) (length >> 8);
			this.frame[position++] = (byte) length;
		}
		this.random.nextBytes(this.mask);
		for (byte part : this.mask) {
			this.frame[position++] = part;
		}
		for (int i = 0; i < length; i++) {
			this.frame[position++] = (byte) (source[offset + i] ^ this.mask[i & 3]);
		}
		this.output.write(this.frame, 0, position);
		this.output.flush();
	}

}
