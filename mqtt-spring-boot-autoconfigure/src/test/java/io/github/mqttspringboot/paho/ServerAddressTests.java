package io.github.mqttspringboot.paho;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ServerAddressTests {

	@ParameterizedTest
	@CsvSource({ "mqtt://broker, MQTT, broker, 1883, broker:1883",
			"tcp://broker:1884/, MQTT, broker, 1884, broker:1884",
			"MQTT://my_broker:1, MQTT, my_broker, 1, my_broker:1", "mqtt://[::1]:1885, MQTT, ::1, 1885, [::1]:1885",
			"mqtt://[fe80::1%25eth0], MQTT, fe80::1%eth0, 1883, [fe80::1%eth0]:1883",
			"mqtt://user:p%40ss@10.0.0.1:65535, MQTT, 10.0.0.1, 65535, 10.0.0.1:65535",
			"mqtts://broker, MQTTS, broker, 8883, broker:8883", "ssl://[::1]/, MQTTS, ::1, 8883, [::1]:8883",
			"TLS://my_broker:1, MQTTS, my_broker, 1, my_broker:1" })
	void readsHostAndPort(String uri, ServerScheme scheme, String host, int port, String text) {
		ServerAddress address = ServerAddress.of(URI.create(uri));
		assertThat(address).isEqualTo(new ServerAddress(scheme, host, port, ""));
		assertThat(address).hasToString(text);
		assertThat(ServerAddress.name(URI.create(uri))).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource({ "ws://broker, WS, 80, /mqtt, broker", "wss://broker, WSS, 443, /mqtt, broker",
			"ws://broker:8080/, WS, 8080, /, broker:8080", "ws://broker:443/a%20b/c, WS, 443, /a%20b/c, broker:443",
			"WSS://[fe80::1%25eth0]:443/ws, WSS, 443, /ws, [fe80::1]", "ws://u:p@h/\u00e9, WS, 80, /%C3%A9, h" })
	void readsThePathOfAWebSocket(String uri, ServerScheme scheme, int port, String path, String hostHeader) {
		ServerAddress address = ServerAddress.of(URI.create(uri));
		assertThat(address.scheme()).isEqualTo(scheme);
		assertThat(address.port()).isEqualTo(port);
		assertThat(address.path()).isEqualTo(path);
		assertThat(address.hostHeader()).isEqualTo(hostHeader);
	}

	@ParameterizedTest
	@CsvSource({ "mqtts://broker.example.org., broker.example.org", "mqtts://[fe80::1%25eth0], fe80::1",
			"mqtts://127.0.0.1, 127.0.0.1" })
	void namesWhatACertificateMustCarry(String uri, String name) {
		assertThat(ServerAddress.of(URI.create(uri)).certificateName()).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtts://u:secret@broker/mqtt", "ws://u:secret@broker/mqtt?token=x",
			"http://u:secret@broker", "mqtt://u:secret@broker/path", "mqtt://u:secret@broker?x=y",
			"mqtt://u:secret@broker:0", "mqtt://u:secret@broker:70000", "mqtt://u:secret@broker:port" })
	void refusesWhatItCannotReachAndNamesTheServerOnly(String uri) {
		assertThatIllegalArgumentException().isThrownBy(() -> ServerAddress.of(URI.create(uri)))
			.withMessageContaining("broker")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		assertThat(ServerAddress.name(URI.create(uri))).contains("broker").doesNotContain("secret");
	}

	@Test
	void refusesAUriWithoutAHost() {
		assertThatIllegalArgumentException().isThrownBy(() -> ServerAddress.of(URI.create("mqtt:broker")))
			.withMessageContaining("without a host");
	}

}
