package io.github.mqttspringboot.paho;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Ping;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;
import io.github.mqttspringboot.testing.ServerWebSocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What servers do with WebSockets, byte by byte.
 */
class PahoWireWebSocketTests {

	private static final byte[] ACK = Peer.encode(new PublishAck(PacketType.PUBREC, 300, 0x87));

	private final PahoWire wire = new PahoWire(List.of());

	private final RecordingListener listener = new RecordingListener();

	private ServerSocket server;

	@BeforeEach
	void listen() throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
	}

	@AfterEach
	void close() throws IOException {
		this.server.close();
	}

	private URI uri(String path) {
		return URI.create("ws://127.0.0.1:" + this.server.getLocalPort() + path);
	}

	private WireConnection open(Script script) {
		serve(script);
		return this.wire.open(Requests.to(uri("")), this.listener);
	}

	private void serve(Script script) {
		Thread thread = new Thread(() -> {
			try (Socket socket = this.server.accept()) {
				socket.setTcpNoDelay(true);
				script.run(new ServerWebSocket(socket.getInputStream(), socket.getOutputStream()), socket);
			}
			catch (Exception ex) {
				// The test sees what the client makes of it
			}
		}, "web-socket");
		thread.setDaemon(true);
		thread.start();
	}

	private static byte[] binary(boolean last, byte... payload) {
		return ServerWebSocket.frame(last, ServerWebSocket.BINARY, payload);
	}

	private static byte[] continuation(boolean last, byte... payload) {
		return ServerWebSocket.frame(last, ServerWebSocket.CONTINUATION, payload);
	}

	private static byte[] control(int opcode, String payload) {
		return ServerWebSocket.frame(true, opcode, payload.getBytes(StandardCharsets.UTF_8));
	}

	private static byte[] join(byte[]... parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

	private static void awaitEnd(ServerWebSocket webSocket) throws IOException {
		while (webSocket.mqttInput().read() >= 0) {
			continue;
		}
	}

	private void assertAcknowledged() {
		await().until(() -> this.listener.received.size() == 1);
		assertThat(this.listener.received).containsExactly(new PublishAck(PacketType.PUBREC, 300, 0x87));
		assertThat(this.listener.connAck).isDone();
	}

	@ParameterizedTest
	@CsvSource({ "'', /mqtt", "/, /", "/a/b%20c, /a/b%20c" })
	void asksForTheUpgrade(String path, String expected) throws Exception {
		CompletableFuture<List<String>> request = new CompletableFuture<>();
		serve((webSocket, socket) -> request.complete(webSocket.readRequest()));
		this.wire.open(Requests.to(uri(path)), this.listener);
		List<String> lines = request.get(10, TimeUnit.SECONDS);
		assertThat(lines).contains("GET " + expected + " HTTP/1.1", "Host: 127.0.0.1:" + this.server.getLocalPort(),
				"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
				"Sec-WebSocket-Protocol: mqtt");
		assertThat(lines).first().asString().startsWith("GET ");
		assertThat(lines).filteredOn((line) -> line.startsWith("Sec-WebSocket-Key: "))
			.singleElement()
			.asString()
			.hasSize("Sec-WebSocket-Key: ".length() + 24);
		assertThat(this.listener.awaitClosed().localError()).isEqualTo(LocalError.CONNECTION_REFUSED);
		assertThat(this.listener.opened).isNotDone();
	}

	@Test
	void sendsTheHeadersOfACustomizer() throws Exception {
		CompletableFuture<List<String>> request = new CompletableFuture<>();
		serve((webSocket, socket) -> request.complete(webSocket.readRequest()));
		new PahoWire(
				List.of((name, options) -> options.setCustomWebSocketHeaders(Map.of("Authorization", "Bearer secret"))))
			.open(Requests.to(uri("")), this.listener);
		assertThat(request.get(10, TimeUnit.SECONDS)).contains("Authorization: Bearer secret");
		this.listener.awaitClosed();
	}

	@ParameterizedTest
	@CsvSource({ "Host, x", "Sec-WebSocket-Key, x", "a b, x", "X, 'a\r\nInjected: y'" })
	void refusesHeadersThatWouldBreakTheUpgrade(String header, String value) throws Exception {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(header, value);
		new PahoWire(List.of((name, options) -> options.setCustomWebSocketHeaders(headers))).open(Requests.to(uri("")),
				this.listener);
		assertThat(this.listener.awaitClosed().detail()).contains("WebSocket header '" + header + "'")
			.doesNotContain("Injected");
	}

	@ParameterizedTest
	@CsvSource({ "401, Unauthorized, check the credentials", "403, Forbidden, check the credentials",
			"404, Not Found, check the path", "302, Found, redirects are not followed",
			"503, Service Unavailable, HTTP 503 Service Unavailable", "200, OK, HTTP 200 OK" })
	void reportsTheStatusOfARefusal(int status, String phrase, String hint) throws Exception {
		open((webSocket, socket) -> {
			webSocket.readRequest();
			webSocket.write("HTTP/1.1 " + status + " " + phrase + "\r\nContent-Length: 0\r\n\r\n");
		});
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.WEBSOCKET_HANDSHAKE_REFUSED);
		assertThat(failure.httpStatus()).isEqualTo(status);
		assertThat(failure.detail()).contains("/mqtt").contains("HTTP " + status + " " + phrase).contains(hint);
		assertThat(this.listener.opened).isNotDone();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "Upgrade: websocket|Upgrade: h2c|no header 'Upgrade: websocket'",
					"Connection: Upgrade|Connection: close|no header 'Connection: Upgrade'",
					"Sec-WebSocket-Accept: |Sec-WebSocket-Accept: x|wrong Sec-WebSocket-Accept",
					"Sec-WebSocket-Protocol: mqtt|X: y|[MQTT-6.0.0-4]",
					"Sec-WebSocket-Protocol: mqtt|Sec-WebSocket-Protocol: mqttv3.1|[MQTT-6.0.0-4]",
					"HTTP/1.1 101 Switching Protocols|'HTTP/1.1 101\r\nSec-WebSocket-Extensions: x'|an extension" })
	void refusesAnAcceptanceThatIsNone(String from, String to, String reason) throws Exception {
		open((webSocket, socket) -> {
			webSocket.readRequest();
			webSocket.write(webSocket.acceptance().replace(from, to));
			awaitEnd(webSocket);
		});
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.WEBSOCKET_HANDSHAKE_REFUSED);
		assertThat(failure.httpStatus()).isEqualTo(101);
		assertThat(failure.detail()).contains(reason);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "\u0020\u0003\u0000\u0000\u0000", "HTTP/2 200\r\n", "HTTP/1.1 abc\r\n", "SSH-2.0-OpenSSH" })
	void saysThatThePeerSpeaksNoHttp(String answer) throws Exception {
		open((webSocket, socket) -> {
			webSocket.readRequest();
			webSocket.write(answer);
			awaitEnd(webSocket);
		});
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.WEBSOCKET_HANDSHAKE_REFUSED);
		assertThat(failure.httpStatus()).isEqualTo(-1);
		assertThat(failure.detail()).contains("does not speak HTTP on this port");
	}

	@Test
	void refusesHeadersWithoutEnd() throws Exception {
		open((webSocket, socket) -> {
			webSocket.readRequest();
			webSocket.write("HTTP/1.1 101 ok\r\n");
			while (true) {
				webSocket.write("X: y\r\n".repeat(1000));
			}
		});
		assertThat(this.listener.awaitClosed().detail()).contains("more than 16384 bytes of headers");
	}

	@Test
	void skipsInterimAnswers() throws Exception {
		WireConnection connection = open((webSocket, socket) -> {
			webSocket.readRequest();
			webSocket.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + webSocket.acceptance());
			webSocket.mqttOutput().write(Peer.CONNACK);
			awaitEnd(webSocket);
		});
		assertThat(this.listener.awaitConnAck().code()).isZero();
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void doesNotWaitForASlowUpgradeLongerThanTheTimeToConnect() throws Exception {
		serve((webSocket, socket) -> {
			webSocket.readRequest();
			for (char next : ("HTTP/1.1 101 " + "x".repeat(1000)).toCharArray()) {
				webSocket.write(String.valueOf(next));
				// A slow server, not an assertion
				TimeUnit.MILLISECONDS.sleep(20);
			}
		});
		this.wire.open(Requests.to(uri(""), null, Duration.ofMillis(300)), this.listener);
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.CONNECT_TIMEOUT);
		assertThat(failure.detail()).contains("did not answer the WebSocket upgrade in time");
	}

	@Test
	void takesAnUpgradeThatComesByteByByteForOne() throws Exception {
		WireConnection connection = open((webSocket, socket) -> {
			webSocket.readRequest();
			byte[] all = join(webSocket.acceptance().getBytes(StandardCharsets.US_ASCII), binary(true, Peer.CONNACK),
					binary(true, ACK));
			for (byte next : all) {
				webSocket.write(new byte[] { next });
			}
			awaitEnd(webSocket);
		});
		assertAcknowledged();
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void keepsBytesThatFollowTheUpgradeInOneSegment() throws Exception {
		WireConnection connection = open((webSocket, socket) -> {
			webSocket.readRequest();
			webSocket.write(join(webSocket.acceptance().getBytes(StandardCharsets.US_ASCII), binary(true, Peer.CONNACK),
					binary(true, ACK)));
			awaitEnd(webSocket);
		});
		assertAcknowledged();
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void joinsFragmentsAroundControlFrames() throws Exception {
		CompletableFuture<ServerWebSocket> peer = new CompletableFuture<>();
		WireConnection connection = open((webSocket, socket) -> {
			webSocket.upgrade();
			peer.complete(webSocket);
			webSocket.write(
					join(binary(false), continuation(false, Peer.CONNACK[0]), control(ServerWebSocket.PONG, "unasked"),
							continuation(false, Arrays.copyOfRange(Peer.CONNACK, 1, Peer.CONNACK.length)),
							control(ServerWebSocket.PING, "are you there"), continuation(true, ACK[0], ACK[1]),
							binary(true), binary(true, Arrays.copyOfRange(ACK, 2, ACK.length))));
			awaitEnd(webSocket);
		});
		assertAcknowledged();
		await().until(() -> peer.get().controls().size() == 1);
		assertThat(peer.get().controls().get(0).opcode()).isEqualTo(ServerWebSocket.PONG);
		assertThat(peer.get().controls().get(0).payload()).isEqualTo("are you there".getBytes(StandardCharsets.UTF_8));
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void answersPingsOnAnIdleConnection() throws Exception {
		BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
		WireConnection connection = open((webSocket, socket) -> {
			webSocket.upgrade();
			webSocket.readFrame();
			webSocket.mqttOutput().write(Peer.CONNACK);
			for (String payload : List.of("", "1", "x".repeat(125))) {
				webSocket.write(control(ServerWebSocket.PING, payload));
				ServerWebSocket.Frame pong = webSocket.readFrame();
				pongs.add(pong.opcode() + new String(pong.payload(), StandardCharsets.UTF_8));
			}
			awaitEnd(webSocket);
		});
		assertThat(pongs.poll(10, TimeUnit.SECONDS)).isEqualTo("10");
		assertThat(pongs.poll(10, TimeUnit.SECONDS)).isEqualTo("101");
		assertThat(pongs.poll(10, TimeUnit.SECONDS)).isEqualTo("10" + "x".repeat(125));
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void carriesAPacketOverManyFramesAndManyPacketsInOne() throws Exception {
		int size = 3_000_000;
		WireConnection connection = open((webSocket, socket) -> {
			webSocket.upgrade();
			webSocket.mqttOutput().write(Peer.CONNACK);
			byte[] large = Peer.encode(publish(size));
			webSocket.write(ServerWebSocket.frame(true, ServerWebSocket.BINARY, large));
			webSocket.mqttOutput().write(join(ACK, ACK, ACK));
			awaitEnd(webSocket);
		});
		this.listener.awaitConnAck();
		connection.send(publish(size));
		await().until(() -> this.listener.received.size() == 4);
		assertThat(((Publish) this.listener.received.get(0)).payload()).hasSize(size);
		await().until(() -> this.listener.written.get() == 1);
		connection.abort();
		this.listener.awaitClosed();
	}

	@Test
	void keepsTheCloseCodeAndAnswersIt() throws Exception {
		CompletableFuture<ServerWebSocket> peer = new CompletableFuture<>();
		open((webSocket, socket) -> {
			webSocket.upgrade();
			webSocket.mqttOutput().write(Peer.CONNACK);
			webSocket.write(ServerWebSocket.frame(true, ServerWebSocket.CLOSE,
					join(new byte[] { 0x03, (byte) 0xF0 }, "tired\u0007".getBytes(StandardCharsets.UTF_8))));
			awaitEnd(webSocket);
			peer.complete(webSocket);
		});
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
		assertThat(failure.detail()).contains("close frame 1008 (policy violation): tired");
		assertThat(failure.toString()).doesNotContain("\u0007");
		ServerWebSocket.Frame answer = peer.get(10, TimeUnit.SECONDS).controls().get(0);
		assertThat(answer.opcode()).isEqualTo(ServerWebSocket.CLOSE);
		assertThat(answer.payload()).containsExactly(0x03, 0xF0);
	}

	@Test
	void aCloseFrameBeforeConnAckIsToldApart() throws Exception {
		open((webSocket, socket) -> {
			webSocket.upgrade();
			webSocket.write(control(ServerWebSocket.CLOSE, ""));
			awaitEnd(webSocket);
		});
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.CLOSED_BEFORE_CONNACK);
		assertThat(failure.detail()).contains("close frame without a code");
	}

	@Test
	void theDisconnectOfTheServerCountsMoreThanItsCloseFrame() throws Exception {
		open((webSocket, socket) -> {
			webSocket.upgrade();
			webSocket.write(join(binary(true, Peer.CONNACK), binary(true, Peer.encode(new Disconnect(0x8E))),
					control(ServerWebSocket.CLOSE, "")));
		});
		assertThat(this.listener.awaitClosed().title()).startsWith("DISCONNECT 0x8E");
	}

	@Test
	void saysThatTheStreamEndedInsideAFrame() throws Exception {
		for (int length : new int[] { 1, 3, 5 }) {
			RecordingListener ended = new RecordingListener();
			serve((webSocket, socket) -> {
				webSocket.upgrade();
				webSocket.mqttOutput().write(Peer.CONNACK);
				webSocket.readFrame();
				webSocket.write(Arrays.copyOf(binary(true, ACK), length));
			});
			this.wire.open(Requests.to(uri("")), ended);
			MqttFailure failure = ended.awaitClosed();
			assertThat(failure.localError()).isEqualTo(LocalError.CONNECTION_CLOSED);
			assertThat(failure.detail()).contains("ended inside a WebSocket frame");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "81 00|text frame, but MQTT has only binary ones [MQTT-6.0.0-1]", "82 85 00 00 00 00|masked",
					"C2 01|reserved bits", "83 00|unknown opcode 0x3", "80 01|continues nothing",
					"02 00 82 00|continuation frame was due", "89 7E 00 7E|longer than 125 bytes", "09 00|fragmented",
					"88 01 03|half a code", "82 7F FF FF FF FF FF FF FF FF|negative length" })
	void answersAViolationWithDisconnect(String bytes, String reason) throws Exception {
		BlockingQueue<MqttPacket> parted = new LinkedBlockingQueue<>();
		BlockingQueue<ServerWebSocket.Frame> controls = new LinkedBlockingQueue<>();
		open((webSocket, socket) -> {
			webSocket.upgrade();
			Peer.Conversation conversation = new Peer.Conversation(socket, webSocket);
			conversation.accept();
			for (String value : bytes.split(" ")) {
				webSocket.write(new byte[] { (byte) Integer.parseInt(value, 16) });
			}
			webSocket.write(new byte[100_000]);
			parted.add(conversation.read().decode());
			awaitEnd(webSocket);
			controls.addAll(webSocket.controls());
		});
		MqttFailure failure = this.listener.awaitClosed();
		assertThat(failure.localError()).isEqualTo(LocalError.INBOUND_PROTOCOL_ERROR);
		assertThat(failure.detail()).contains("WebSocket: ").contains(reason);
		assertThat(parted.poll(10, TimeUnit.SECONDS)).isEqualTo(new Disconnect(0x82));
		ServerWebSocket.Frame close = controls.poll(10, TimeUnit.SECONDS);
		assertThat(close).isNotNull();
		assertThat(close.payload()).containsExactly(0x03, 0xEA);
	}

	@Test
	void closesTheWebSocketBehindItsDisconnect() throws Exception {
		BlockingQueue<ServerWebSocket.Frame> frames = new LinkedBlockingQueue<>();
		WireConnection connection = open((webSocket, socket) -> {
			webSocket.upgrade();
			webSocket.readFrame();
			webSocket.mqttOutput().write(Peer.CONNACK);
			ServerWebSocket.Frame frame = webSocket.readFrame();
			while (frame.opcode() != ServerWebSocket.CLOSE) {
				frames.add(frame);
				frame = webSocket.readFrame();
			}
			webSocket.write(ServerWebSocket.frame(true, ServerWebSocket.CLOSE, frame.payload()));
			frames.add(frame);
		});
		this.listener.awaitConnAck();
		connection.send(Ping.REQUEST);
		connection.disconnect(new Disconnect(0));
		assertThat(this.listener.awaitClosed().detail()).contains("This client disconnected");
		await().until(() -> frames.stream().anyMatch((frame) -> frame.opcode() == ServerWebSocket.CLOSE));
		assertThat(frames).hasSizeGreaterThan(1);
		assertThat(frames).last().satisfies((frame) -> assertThat(frame.payload()).containsExactly(0x03, 0xE8));
	}

	private static Publish publish(int size) {
		return new Publish(7, "a/b", 1, false, false, PublishProperties.NONE, new byte[size]);
	}

	private interface Script {

		void run(ServerWebSocket webSocket, Socket socket) throws Exception;

	}

}
