package io.github.mqttspringboot.error;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PacketType}.
 */
class PacketTypeTests {

	@ParameterizedTest
	@CsvSource({ "1, CONNECT", "2, CONNACK", "3, PUBLISH", "4, PUBACK", "5, PUBREC", "6, PUBREL", "7, PUBCOMP",
			"8, SUBSCRIBE", "9, SUBACK", "10, UNSUBSCRIBE", "11, UNSUBACK", "12, PINGREQ", "13, PINGRESP",
			"14, DISCONNECT", "15, AUTH" })
	void isFoundByTheValueOfTheFixedHeader(int value, PacketType packet) {
		assertThat(PacketType.of(value)).isEqualTo(packet);
		assertThat(packet.value()).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 16 })
	void aReservedValueIsRefused(int value) {
		assertThatIllegalArgumentException().isThrownBy(() -> PacketType.of(value))
			.withMessageContaining(String.valueOf(value));
	}

	@Test
	void theLabelIsLowerCase() {
		assertThat(PacketType.PUBACK.label()).isEqualTo("puback");
		assertThat(PacketType.LOCAL.label()).isEqualTo("local");
	}

}
