package io.github.mqttspringboot.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ServerUri}.
 */
class ServerUriTests {

	@ParameterizedTest
	@CsvSource({ "mqtt://broker, mqtt://broker:1883", "tcp://broker:1, tcp://broker:1",
			"MQTT://broker-1.example.org:65535, mqtt://broker-1.example.org:65535",
			"mqtt://127.0.0.1, mqtt://127.0.0.1:1883", "mqtt://[::1], mqtt://[::1]:1883",
			"mqtt://[::1]:18830, mqtt://[::1]:18830", "mqtt://broker:1883/, mqtt://broker:1883",
			"' mqtt://broker ', mqtt://broker:1883", "mqtts://broker, mqtts://broker:8883",
			"SSL://broker/, ssl://broker:8883", "tls://[::1]:1, tls://[::1]:1", "ws://broker, ws://broker:80/mqtt",
			"wss://broker, wss://broker:443/mqtt", "wss://broker/, wss://broker:443/",
			"ws://broker:8080/a%20b/c, ws://broker:8080/a%20b/c" })
	void aServerIsReadWithTheDefaultPort(String value, String expected) {
		assertThat(ServerUri.parse(value)).hasToString(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "''|blank", "'  '|blank", "localhost|no scheme", "localhost:1883|no scheme",
			"://broker|no scheme", "http://broker|scheme http is unknown",
			"mqtts://broker/mqtt|Only a server over WebSocket",
			"ws://broker/mqtt?token=x|neither a query nor a fragment", "mqtt://|not a URI", "mqtt:///|no host",
			"mqtt://:1883|no host", "mqtt://broker:0|port 0 is out of range",
			"mqtt://broker:65536|port 65536 is out of range", "mqtt://broker:secret|The port is not a number",
			"mqtt://broker:99999999999|The port is not a number", "mqtt://broker:-1|The port is not a number",
			"mqtt://broker:1883/path|Only a server over WebSocket (ws or wss) has a path",
			"mqtt://broker?a=b|neither a query nor a fragment", "mqtt://broker#a|neither a query nor a fragment",
			"mqtt://a b|blank inside", "mqtt://a mqtt://b|blank inside",
			"mqtt://my_broker:1883|host my_broker has an underscore",
			"mqtt://my_broker|host my_broker has an underscore", "mqtt://user:secret@broker|must not carry a user name",
			"mqtt://user@broker|must not carry a user name", "mqtt://-:1883|host - is not valid",
			"mqtt://[::1|not a URI" })
	void aMalformedServerIsExplained(String value, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> ServerUri.parse(value))
			.withMessageContaining(reason)
			.withMessageNotContaining("secret");
	}

	@ParameterizedTest
	@CsvSource({ "mqtt://broker, mqtts://broker:8883", "tcp://broker:1883, mqtts://broker:1883",
			"ssl://broker, ssl://broker:8883", "ws://broker, wss://broker:443/mqtt",
			"wss://broker:1/x, wss://broker:1/x" })
	void securedASchemeMeansItsCounterpartWithTls(String value, String expected) {
		assertThat(ServerUri.parse(value, true)).hasToString(expected);
	}

	@Test
	void controlCharactersAreEscaped() {
		assertThatIllegalArgumentException().isThrownBy(() -> ServerUri.parse("x\u001b[31m://broker"))
			.withMessageContaining("x\\u001B[31m");
	}

	@ParameterizedTest
	@CsvSource({ "mqtt://user:secret, mqtt://******", "' WSS://broker/path', WSS://******", "user:secret, ******",
			"secret, ******", "secret://x, ******", "mqtt:secret, ******", "xmqtt://x, ******", "'', ******" })
	void everyElementIsHiddenWhereOneMayHoldUserInformation(String value, String expected) {
		assertThat(ServerUri.mask(value, List.of("mqtt://broker", value, "cret@broker"))).isEqualTo(expected);
	}

	@Test
	void theListIsShownWhereNoneHoldsUserInformation() {
		List<String> servers = List.of("mqtt://broker:x", "a\u001b");
		assertThat(ServerUri.mask("mqtt://broker:x", servers)).isEqualTo("mqtt://broker:x");
		assertThat(ServerUri.mask("a\u001b", servers)).isEqualTo("a\\u001B");
		assertThat(ServerUri.reason(new IllegalArgumentException("It is wrong."), servers)).isEqualTo("It is wrong.");
	}

}
