package io.github.mqttspringboot.paho;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;

import static org.assertj.core.api.Assertions.assertThat;

class PahoConnectionTests {

	private final RecordingListener listener = new RecordingListener();

	private final PahoConnection connection = new PahoConnection(Requests.to(URI.create("mqtt://127.0.0.1:1")),
			this.listener, new ConnectOptionsFactory(List.of()));

	@Test
	void noticesThatPahosReceiverHasDied() throws Exception {
		Thread receiver = new Thread(() -> {
			sendConnect();
			assertThat(this.connection.read(new ByteArrayInputStream(Peer.CONNACK))).isEqualTo(Peer.CONNACK);
			throw new IllegalStateException("Paho at work");
		});
		receiver.start();
		receiver.join();
		this.connection.open();
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.INTERNAL_ERROR);
		assertThat(failure.cause()).hasMessage("Paho at work");
		assertThat(this.listener.connAck).isDone();
	}

	@Test
	void letsPahoReadNothingBeforeConnectHasLeft() throws Exception {
		Thread receiver = new Thread(() -> this.connection.read(InputStream.nullInputStream()));
		receiver.start();
		this.connection.abort();
		receiver.join(200);
		assertThat(receiver.isAlive()).isTrue();
		sendConnect();
		receiver.join();
	}

	private void sendConnect() {
		byte[] connect = OutboundGateTests.CONNECT;
		this.connection.write(connect, 0, connect.length, OutputStream.nullOutputStream());
	}

}
