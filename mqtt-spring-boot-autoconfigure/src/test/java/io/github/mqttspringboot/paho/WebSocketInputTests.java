package io.github.mqttspringboot.paho;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.testing.ServerWebSocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The frames of a server, however the network cuts them. What is wrong with a frame is in
 * {@link PahoWireWebSocketTests}.
 */
class WebSocketInputTests {

	private static final int[] SIZES = { 0, 1, 125, 126, 127, 65_535, 65_536, 100_000 };

	private static final int PINGS = SIZES.length;

	private final ByteArrayOutputStream frames = new ByteArrayOutputStream();

	private final ByteArrayOutputStream expected = new ByteArrayOutputStream();

	private final ByteArrayOutputStream answers = new ByteArrayOutputStream();

	private WebSocketOutput output;

	@BeforeEach
	void frames() {
		this.output = new WebSocketOutput(this.answers, this::flush);
		Random random = new Random(1);
		for (int size : SIZES) {
			byte[] payload = new byte[size];
			random.nextBytes(payload);
			this.expected.writeBytes(payload);
			int half = random.nextInt(size + 1);
			this.frames.writeBytes(ServerWebSocket.frame(false, ServerWebSocket.BINARY, Arrays.copyOf(payload, half)));
			this.frames.writeBytes(ServerWebSocket.frame(true, ServerWebSocket.PING,
					("ping " + size).getBytes(StandardCharsets.UTF_8)));
			this.frames.writeBytes(ServerWebSocket.frame(true, ServerWebSocket.PONG, new byte[0]));
			this.frames.writeBytes(
					ServerWebSocket.frame(true, ServerWebSocket.CONTINUATION, Arrays.copyOfRange(payload, half, size)));
		}
	}

	private void flush() {
		try {
			this.output.flush();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private InputStream unwrap(InputStream source) {
		return new WebSocketInput(new ByteSource(source), this.output);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 1000, 16_384, 1_000_000 })
	void theBytesAreTheSameHoweverTheyAreCut(int step) throws Exception {
		byte[] actual = unwrap(new Stepping(this.frames.toByteArray(), step)).readAllBytes();
		assertThat(actual).isEqualTo(this.expected.toByteArray());
		assertPongs();
	}

	@Test
	void bytesCanBeReadOneByOne() throws Exception {
		InputStream input = unwrap(new ByteArrayInputStream(this.frames.toByteArray()));
		for (byte next : this.expected.toByteArray()) {
			assertThat(input.read()).isEqualTo(next & 0xFF);
		}
		assertThat(input.read()).isEqualTo(-1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 1000 })
	void aReadThatTimesOutLosesNothing(int step) throws Exception {
		try (RawSocket raw = new RawSocket(new TimingOut(new Stepping(this.frames.toByteArray(), step)),
				System.nanoTime() + 60_000_000_000L)) {
			raw.established();
			assertThat(unwrap(raw.getInputStream()).readAllBytes()).isEqualTo(this.expected.toByteArray());
			assertPongs();
		}
	}

	@Test
	void aFrameOfAnyLengthIsPassedOnAsItComes() throws Exception {
		this.frames.reset();
		// 2 to the power of 62 bytes are announced, three come
		this.frames.writeBytes(Peer.bytes(0x82, 0x7F, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3));
		InputStream input = unwrap(new ByteArrayInputStream(this.frames.toByteArray()));
		assertThat(input.readNBytes(3)).containsExactly(1, 2, 3);
		assertThatExceptionOfType(EOFException.class).isThrownBy(input::read)
			.withMessageContaining("inside a WebSocket frame");
	}

	private void assertPongs() throws IOException {
		ServerWebSocket server = new ServerWebSocket(new ByteArrayInputStream(this.answers.toByteArray()),
				OutputStream.nullOutputStream());
		for (int i = 0; i < PINGS; i++) {
			ServerWebSocket.Frame pong = server.readFrame();
			assertThat(pong.opcode()).isEqualTo(ServerWebSocket.PONG);
			assertThat(new String(pong.payload(), StandardCharsets.UTF_8)).isEqualTo("ping " + SIZES[i]);
		}
		assertThatExceptionOfType(EOFException.class).isThrownBy(server::readFrame);
	}

	/**
	 * Gives a few bytes at a time.
	 */
	private static final class Stepping extends ByteArrayInputStream {

		private final int step;

		Stepping(byte[] bytes, int step) {
			super(bytes);
			this.step = step;
		}

		@Override
		public synchronized int read(byte[] target, int offset, int length) {
			return super.read(target, offset, Math.min(length, this.step));
		}

	}

	/**
	 * Times out on every second read.
	 */
	private static final class TimingOut extends Socket {

		private final InputStream input;

		private boolean timeOut;

		TimingOut(InputStream input) {
			this.input = input;
		}

		@Override
		public InputStream getInputStream() {
			return new InputStream() {

				@Override
				public int read() {
					throw new UnsupportedOperationException();
				}

				@Override
				public int read(byte[] target, int offset, int length) throws IOException {
					TimingOut.this.timeOut = !TimingOut.this.timeOut;
					if (TimingOut.this.timeOut) {
						throw new SocketTimeoutException();
					}
					return TimingOut.this.input.read(target, offset, length);
				}

			};
		}

		@Override
		public OutputStream getOutputStream() {
			return OutputStream.nullOutputStream();
		}

		@Override
		public void setSoTimeout(int timeout) {
		}

	}

}
