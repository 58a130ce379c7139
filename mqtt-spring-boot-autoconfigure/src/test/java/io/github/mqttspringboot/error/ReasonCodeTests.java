package io.github.mqttspringboot.error;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReasonCode}.
 */
class ReasonCodeTests {

	@ParameterizedTest
	@EnumSource
	void isFoundByItsValueInEachPacketThatCarriesIt(ReasonCode code) {
		int packets = 0;
		for (PacketType packet : PacketType.values()) {
			if (code.isLegalIn(packet)) {
				assertThat(ReasonCode.find(packet, code.value())).isEqualTo(code);
				packets++;
			}
			else {
				assertThat(ReasonCode.find(packet, code.value())).isNotEqualTo(code);
			}
		}
		assertThat(packets).isPositive();
	}

	@Test
	void aValueIsNotFoundWhereThePacketCannotCarryIt() {
		assertThat(ReasonCode.find(PacketType.PUBACK, 0x8E)).isNull();
		assertThat(ReasonCode.find(PacketType.DISCONNECT, 0x88)).isNull();
		assertThat(ReasonCode.find(PacketType.PUBLISH, 0x00)).isNull();
		assertThat(ReasonCode.find(PacketType.LOCAL, 0x80)).isNull();
	}

	@Test
	void anUnknownValueIsNotFound() {
		assertThat(ReasonCode.find(PacketType.CONNACK, 0xFF)).isNull();
		assertThat(ReasonCode.find(PacketType.CONNACK, -1)).isNull();
	}

	@Test
	void theMeaningOfZeroDependsOnThePacket() {
		assertThat(ReasonCode.find(PacketType.SUBACK, 0)).isEqualTo(ReasonCode.GRANTED_QOS_0);
		assertThat(ReasonCode.find(PacketType.DISCONNECT, 0)).isEqualTo(ReasonCode.NORMAL_DISCONNECTION);
		assertThat(ReasonCode.find(PacketType.CONNACK, 0)).isEqualTo(ReasonCode.SUCCESS);
	}

	@Test
	void theLabelIsKebabCase() {
		assertThat(ReasonCode.NO_SUBSCRIPTION_EXISTED.label()).isEqualTo("no-subscription-existed");
		assertThat(ReasonCode.GRANTED_QOS_0.label()).isEqualTo("granted-qos-0");
	}

}
