package io.github.mqttspringboot.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The server's end of a WebSocket, frame by frame, with no mercy: it takes only masked
 * binary frames of at most 16 KB, each complete, and control frames as they must be.
 */
public final class ServerWebSocket {

	public static final int CONTINUATION = 0;

	public static final int TEXT = 1;

	public static final int BINARY = 2;

	public static final int CLOSE = 8;

	public static final int PING = 9;

	public static final int PONG = 10;

	private final DataInputStream input;

	private final OutputStream output;

	private final List<Frame> controls = new CopyOnWriteArrayList<>();

	private List<String> request = List.of();

	private byte[] payload = {};

	private int position;

	public ServerWebSocket(InputStream input, OutputStream output) {
		this.input = new DataInputStream(input);
		this.output = output;
	}

	/**
	 * Read the client's request.
	 * @return its lines
	 * @throws IOException if there is none
	 */
	public List<String> readRequest() throws IOException {
		List<String> lines = new ArrayList<>();
		StringBuilder line = new StringBuilder();
		while (true) {
			int next = this.input.readUnsignedByte();
			if (next == '\n') {
				String text = line.toString().trim();
				if (text.isEmpty()) {
					this.request = List.copyOf(lines);
					return this.request;
				}
				lines.add(text);
				line.setLength(0);
			}
			else {
				line.append((char) next);
			}
		}
	}

	/**
	 * Return the answer that accepts the request.
	 * @return the response
	 */
	public String acceptance() {
		String key = this.request.stream()
			.filter((line) -> line.startsWith("Sec-WebSocket-Key: "))
			.map((line) -> line.substring("Sec-WebSocket-Key: ".length()))
			.findFirst()
			.orElseThrow();
		return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Accept: " + accept(key) + "\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
	}

	private static String accept(String key) {
		try {
			return Base64.getEncoder()
				.encodeToString(MessageDigest.getInstance("SHA-1")
					.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Read the client's request and accept it.
	 * @return this
	 * @throws IOException if there is none
	 */
	public ServerWebSocket upgrade() throws IOException {
		readRequest();
		write(acceptance());
		return this;
	}

	public void write(String text) throws IOException {
		write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	public void write(byte[] bytes) throws IOException {
		this.output.write(bytes);
		this.output.flush();
	}

	/**
	 * Make a frame of a server.
	 * @param last whether it is the last of its message
	 * @param opcode the opcode
	 * @param payload the payload
	 * @return the bytes
	 */
	public static byte[] frame(boolean last, int opcode, byte[] payload) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.write(((last) ? 0x80 : 0) | opcode);
		if (payload.length < 126) {
			frame.write(payload.length);
		}
		else if (payload.length < 65536) {
			frame.write(126);
			frame.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
		}
		else {
			frame.write(127);
			frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
		}
		frame.writeBytes(payload);
		return frame.toByteArray();
	}

	/**
	 * Read a frame of the client.
	 * @return the frame
	 * @throws IOException if there is none, or one that no client may send
	 */
	public Frame readFrame() throws IOException {
		int first = this.input.readUnsignedByte();
		int second = this.input.readUnsignedByte();
		if ((first & 0xF0) != 0x80 || (second & 0x80) == 0) {
			throw new IOException("Not a whole masked frame: %02X %02X".formatted(first, second));
		}
		int length = second & 0x7F;
		if (length == 127) {
			throw new IOException("A frame of more than 64 KB");
		}
		int header = (length == 126) ? 8 : 6;
		if (length == 126) {
			length = this.input.readUnsignedShort();
		}
		if (length + header > 16 * 1024) {
			throw new IOException("A frame of " + (length + header) + " bytes");
		}
		byte[] mask = this.input.readNBytes(4);
		byte[] content = this.input.readNBytes(length);
		for (int i = 0; i < content.length; i++) {
			content[i] ^= mask[i & 3];
		}
		return new Frame(first & 0x0F, content);
	}

	/**
	 * Return the control frames that were met by {@link #mqttInput()}.
	 * @return the frames so far
	 */
	public List<Frame> controls() {
		return this.controls;
	}

	/**
	 * Return the client's MQTT bytes. A close frame is the end.
	 * @return the stream
	 */
	public InputStream mqttInput() {
		return new InputStream() {

			@Override
			public int read() throws IOException {
				while (ServerWebSocket.this.position == ServerWebSocket.this.payload.length) {
					Frame frame = readFrame();
					if (frame.opcode() != BINARY) {
						ServerWebSocket.this.controls.add(frame);
					}
					else if (frame.payload().length == 0) {
						throw new IOException("An empty frame");
					}
					if (frame.opcode() == CLOSE) {
						return -1;
					}
					ServerWebSocket.this.payload = (frame.opcode() == BINARY) ? frame.payload() : new byte[0];
					ServerWebSocket.this.position = 0;
				}
				return ServerWebSocket.this.payload[ServerWebSocket.this.position++] & 0xFF;
			}

		};
	}

	/**
	 * Return the way to the client: a binary frame for each write.
	 * @return the stream
	 */
	public OutputStream mqttOutput() {
		return new OutputStream() {

			@Override
			public void write(int value) throws IOException {
				write(new byte[] { (byte) value }, 0, 1);
			}

			@Override
			public void write(byte[] bytes, int offset, int length) throws IOException {
				byte[] part = new byte[length];
				System.arraycopy(bytes, offset, part, 0, length);
				ServerWebSocket.this.write(frame(true, BINARY, part));
			}

		};
	}

	/**
	 * A frame.
	 *
	 * @param opcode the opcode
	 * @param payload the payload, not masked any more
	 */
	public record Frame(int opcode, byte[] payload) {

	}

}
