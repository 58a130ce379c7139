package io.github.mqttspringboot.client;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Preflight}.
 */
class PreflightTests {

	@Test
	void whatIsTooLargeForTheProtocolIsToldWithItsSize() {
		MqttFailure failure = Preflight.check(publish(new byte[65_536]));
		assertThat(failure).isNotNull();
		assertThat(failure.localError()).isEqualTo(LocalError.PACKET_TOO_LARGE);
		assertThat(failure).hasToString("PACKET_TOO_LARGE for a: larger than MQTT allows: Correlation Data has 65536 "
				+ "bytes, but at most 65535 can be encoded; nothing was sent");
	}

	@Test
	void whatTheProtocolAllowsPasses() {
		assertThat(Preflight.check(publish(new byte[65_535]))).isNull();
	}

	private static Publish publish(byte[] correlationData) {
		return new Publish(0, "a", 1, false, false,
				new PublishProperties(null, null, null, null, correlationData, List.of(), List.of(), null),
				new byte[0]);
	}

}
