package io.github.mqttspringboot.paho;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Takes the MQTT bytes out of the server's WebSocket frames, however they are cut: a
 * packet may span frames, and a frame may hold packets [MQTT-6.0.0-2]. Frames are passed
 * on as they come, so that their length costs no memory. Used by one thread.
 */
final class WebSocketInput extends InputStream {

	private static final int MAX_CONTROL_PAYLOAD = 125;

	private final ByteSource source;

	private final WebSocketOutput output;

	private long remaining;

	private boolean lastFrame = true;

	private boolean broken;

	/**
	 * Create a stream.
	 * @param source what follows the upgrade
	 * @param output where pings and closes are answered
	 */
	WebSocketInput(ByteSource source, WebSocketOutput output) {
		this.source = source;
		this.output = output;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xFF;
	}

	/**
	 * Read bytes of MQTT. After a {@link WebSocketException} what is read is good for
	 * nothing but to be thrown away.
	 */
	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (this.broken) {
			return this.source.read(target, offset, length);
		}
		while (this.remaining == 0) {
			if (!nextFrame()) {
				return -1;
			}
		}
		int count = this.source.read(target, offset, (int) Math.min(length, this.remaining));
		if (count < 0) {
			throw new EOFException("the stream ended inside a WebSocket frame");
		}
		this.remaining -= count;
		return count;
	}

	private boolean nextFrame() throws IOException {
		int first = this.source.read();
		if (first < 0) {
			return false;
		}
		int second = this.source.require();
		if ((first & 0x70) != 0) {
			throw violation("a frame has reserved bits set, but no extension was agreed");
		}
		if ((second & 0x80) != 0) {
			throw violation("a frame of the server is masked");
		}
		boolean last = (first & 0x80) != 0;
		int opcode = first & 0x0F;
		long length = length(second & 0x7F);
		switch (opcode) {
			case WebSocketOpcode.BINARY, WebSocketOpcode.CONTINUATION -> data(opcode, last, length);
			case WebSocketOpcode.CLOSE, WebSocketOpcode.PING, WebSocketOpcode.PONG -> control(opcode, last, length);
			case WebSocketOpcode.TEXT -> throw violation("a text frame, but MQTT has only binary ones [MQTT-6.0.0-1]");
			default -> throw violation(String.format(Locale.ROOT, "a frame has the unknown opcode 0x%X", opcode));
		}
		return true;
	}

	private long length(int length) throws IOException {
		if (length <= MAX_CONTROL_PAYLOAD) {
			return length;
		}
		long value = 0;
		for (int i = (length == 126) ? 2 : 8; i > 0; i--) {
			value = (value << 8) | this.source.require();
		}
		if (value < 0) {
			throw violation("a frame has a negative length");
		}
		return value;
	}

	private void data(int opcode, boolean last, long length) throws WebSocketException {
		boolean continued = opcode == WebSocketOpcode.CONTINUATION;
		if (continued == this.lastFrame) {
			throw violation((continued) ? "a continuation frame continues nothing"
					: "a binary frame came where a continuation frame was due");
		}
		this.lastFrame = last;
		this.remaining = length;
	}

	private void control(int opcode, boolean last, long length) throws IOException {
		if (!last || length > MAX_CONTROL_PAYLOAD) {
			throw violation("a control frame is fragmented or longer than 125 bytes");
		}
		byte[] payload = new byte[(int) length];
		for (int i = 0; i < payload.length; i++) {
			payload[i] = (byte) this.source.require();
		}
		if (opcode == WebSocketOpcode.PING) {
			this.output.pong(payload);
		}
		else if (opcode == WebSocketOpcode.CLOSE) {
			closed(payload);
		}
	}

	private void closed(byte[] payload) throws IOException {
		if (payload.length == 1) {
			throw violation("a close frame has half a code");
		}
		this.broken = true;
		if (payload.length == 0) {
			this.output.peerCloses(WebSocketOutput.NO_CODE);
			throw new WebSocketCloseException(WebSocketOutput.NO_CODE, "");
		}
		int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
		this.output.peerCloses(code);
		throw new WebSocketCloseException(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
	}

	private WebSocketException violation(String what) {
		this.broken = true;
		this.output.violated();
		return new WebSocketException("WebSocket: " + what);
	}

}
