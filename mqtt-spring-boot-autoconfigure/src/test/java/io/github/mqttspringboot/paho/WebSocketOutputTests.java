package io.github.mqttspringboot.paho;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.testing.ServerWebSocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * The frames of this client, read by a server that takes no others.
 */
class WebSocketOutputTests {

	private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

	private final WebSocketOutput output = new WebSocketOutput(this.sent, () -> {
	});

	private ServerWebSocket server() {
		return new ServerWebSocket(new ByteArrayInputStream(this.sent.toByteArray()), OutputStream.nullOutputStream());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 125, 126, 127, 16_375, 16_376, 16_377, 65_536, 1_000_000 })
	void theServerReadsWhatWasWritten(int size) throws IOException {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		this.output.write(bytes);
		assertThat(server().mqttInput().readNBytes(size)).isEqualTo(bytes);
	}

	@Test
	void anEmptyWriteIsNoFrame() throws IOException {
		this.output.write(new byte[0]);
		this.output.flush();
		assertThat(this.sent.size()).isZero();
	}

	@Test
	void aMaskIsNotUsedTwice() throws IOException {
		this.output.write(new byte[8]);
		byte[] first = this.sent.toByteArray();
		this.sent.reset();
		this.output.write(new byte[8]);
		assertThat(this.sent.toByteArray()).isNotEqualTo(first);
	}

	@Test
	void ofSeveralPingsTheLastIsAnsweredBetweenFrames() throws IOException {
		this.output.pong(new byte[] { 1 });
		this.output.pong(new byte[] { 2 });
		this.output.write(new byte[] { 7 });
		ServerWebSocket server = server();
		ServerWebSocket.Frame pong = server.readFrame();
		assertThat(pong.opcode()).isEqualTo(ServerWebSocket.PONG);
		assertThat(pong.payload()).containsExactly(2);
		assertThat(server.readFrame().payload()).containsExactly(7);
		assertThatExceptionOfType(EOFException.class).isThrownBy(server::readFrame);
	}

	@Test
	void nothingFollowsTheCloseFrame() throws IOException {
		this.output.violated();
		this.output.close();
		this.output.close();
		assertThatIOException().isThrownBy(() -> this.output.write(1));
		ServerWebSocket server = server();
		ServerWebSocket.Frame close = server.readFrame();
		assertThat(close.opcode()).isEqualTo(ServerWebSocket.CLOSE);
		assertThat(close.payload()).containsExactly(0x03, 0xEA);
		assertThatExceptionOfType(EOFException.class).isThrownBy(server::readFrame);
	}

}
