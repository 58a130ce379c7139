package io.github.mqttspringboot.matrix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.mqttspringboot.error.ErrorClass;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that speaks HTTP and wants no WebSocket.
 */
final class WebSocketScenarios {

	private static final String NAME = "WEBSOCKET_HANDSHAKE_REFUSED";

	private WebSocketScenarios() {
	}

	static void everyStatus(Trial unused) throws Exception {
		refused("401 Unauthorized", "FATAL", "AUTH");
		refused("403 Forbidden", "FATAL", "AUTH");
		refused("404 Not Found", "FATAL", "CONFIG");
		refused("500 Internal Server Error", "RECONNECT", "");
		refused("503 Service Unavailable", "RECONNECT", "");
		refused("200 OK", "RECONNECT", "");
		refused("302 Found", "RECONNECT", "");
	}

	private static void refused(String status, String errorClass, String kind) throws Exception {
		MatrixRow row = new MatrixRow("LOCAL", "-", NAME, errorClass, kind, "gate");
		try (Trial trial = new Trial(row, Ruling.standard(row));
				ServerSocket http = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
			trial.setup.servers("ws://127.0.0.1:" + http.getLocalPort() + "/mqtt", trial.broker.uri());
			Thread server = new Thread(() -> answerOnce(http, status), "http-" + status.substring(0, 3));
			server.start();
			trial.client().start();
			// The web server is gone by then: one more failure, and on to the broker
			trial.expectedErrors.add("reconnect/local/connection-refused");
			trial.expectConnectionPrevented();
			server.join();
			assertThat(trial.client().incidents()).anySatisfy((incident) -> {
				trial.check(incident.failure(), incident.classification());
				assertThat(incident.toString()).contains(status.substring(0, 3));
				assertThat(incident.failure().httpStatus()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
			});
			assertThat(trial.ruling.errorClass()).isIn(List.of(ErrorClass.FATAL, ErrorClass.RECONNECT));
			trial.finish();
		}
		catch (Exception | AssertionError ex) {
			throw new AssertionError("HTTP " + status + ": " + ex.getMessage(), ex);
		}
	}

	private static void answerOnce(ServerSocket http, String status) {
		try (http; Socket socket = http.accept()) {
			http.close();
			BufferedReader request = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			String line = request.readLine();
			while (line != null && !line.isEmpty()) {
				line = request.readLine();
			}
			socket.getOutputStream()
				.write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
