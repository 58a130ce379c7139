package io.github.mqttspringboot.fuzz;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Sockets}.
 */
@EnabledOnOs(OS.LINUX)
class SocketsTests {

	@Test
	void socketsAreSeenUntilTheyAreClosed() throws Exception {
		Map<String, String> before = Sockets.open();
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				SocketChannel unconnected = SocketChannel.open()) {
			Map<String, String> opened = new HashMap<>(Sockets.open());
			opened.keySet().removeAll(before.keySet());
			assertThat(opened.values()).contains("not connected")
				.anyMatch((addresses) -> addresses.contains(":%04X".formatted(server.getLocalPort())));
			assertThat(unconnected.isOpen()).isTrue();
		}
		assertThat(before.keySet()).containsAll(Sockets.open().keySet());
	}

}
