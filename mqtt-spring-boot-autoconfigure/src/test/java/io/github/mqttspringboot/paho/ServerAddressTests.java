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
	@CsvSource({ "mqtt://broker, broker, 1883, broker:1883", "tcp://broker:1884/, broker, 1884, broker:1884",
			"MQTT://my_broker:1, my_broker, 1, my_broker:1", "mqtt://[::1]:1885, ::1, 1885, [::1]:1885",
			"mqtt://[fe80::1%25eth0], fe80::1%eth0, 1883, [fe80::1%eth0]:1883",
			"mqtt://user:p%40ss@10.0.0.1:65535, 10.0.0.1, 65535, 10.0.0.1:65535" })
	void readsHostAndPort(String uri, String host, int port, String text) {
		ServerAddress address = ServerAddress.of(URI.create(uri));
		assertThat(address).isEqualTo(new ServerAddress(host, port));
		assertThat(address).hasToString(text);
		assertThat(ServerAddress.name(URI.create(uri))).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtts://u:secret@broker", "ws://u:secret@broker/mqtt", "http://u:secret@broker",
			"mqtt://u:secret@broker/path", "mqtt://u:secret@broker?x=y", "mqtt://u:secret@broker:0",
			"mqtt://u:secret@broker:70000", "mqtt://u:secret@broker:port" })
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
