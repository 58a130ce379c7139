package io.github.mqttspringboot.error;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link MqttFailure}.
 */
class MqttFailureTests {

	@Test
	void aReasonCodeIsNamedByPacketHexAndDescription() {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, 0x87).build();
		assertThat(failure.title()).isEqualTo("PUBACK 0x87 Not authorized");
		assertThat(failure.reason()).isEqualTo("not-authorized");
		assertThat(failure.hex()).isEqualTo("0x87");
		assertThat(failure.reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
		assertThat(failure.localError()).isNull();
	}

	@Test
	void anUnknownCodeIsNamedByItsHex() {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, 0x8E).build();
		assertThat(failure.title()).isEqualTo("PUBACK 0x8E");
		assertThat(failure.reason()).isEqualTo("0x8E");
		assertThat(failure.reasonCode()).isNull();
		assertThat(MqttFailure.of(PacketType.DISCONNECT, 0x05).build().hex()).isEqualTo("0x05");
	}

	@Test
	void aLocalErrorIsNamedByItself() {
		MqttFailure failure = MqttFailure.local(LocalError.CONNECTION_REFUSED).build();
		assertThat(failure.title()).isEqualTo("CONNECTION_REFUSED");
		assertThat(failure.reason()).isEqualTo("connection-refused");
		assertThat(failure.hex()).isEqualTo("-");
		assertThat(failure.packet()).isEqualTo(PacketType.LOCAL);
		assertThat(failure.code()).isEqualTo(-1);
		assertThat(failure.reasonCode()).isNull();
	}

	@Test
	void theSameValueHasTheNameOfItsPacket() {
		assertThat(MqttFailure.of(PacketType.DISCONNECT, 0).build().title())
			.isEqualTo("DISCONNECT 0x00 Normal disconnection");
		assertThat(MqttFailure.of(PacketType.SUBACK, 0).build().title()).isEqualTo("SUBACK 0x00 Granted QoS 0");
		assertThat(MqttFailure.of(PacketType.UNSUBACK, 0).build().title()).isEqualTo("UNSUBACK 0x00 Success");
	}

	@Test
	void describesItselfInOneLine() {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED)
			.topic("denied/x")
			.detail("publish refused")
			.reasonString("no write access")
			.build();
		assertThat(failure)
			.hasToString("PUBACK 0x87 Not authorized for denied/x: publish refused (server says: no write access)");
	}

	@Test
	void namesTheServerThatItIsReferredTo() {
		MqttFailure failure = MqttFailure.of(PacketType.CONNACK, ReasonCode.SERVER_MOVED)
			.detail("from one")
			.serverReference("two\n:1883")
			.build();
		assertThat(failure).hasToString("CONNACK 0x9D Server moved: from one (server refers to: two\\u000A:1883)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u0000", "\t", "\r\n", "\n", "\u001B[31m", "\u007F", "\u0085", "\u2028", "\u2029",
			"\u202E", "\u2066", "\u200F", "\uFEFF", "\uD800", "\uDC00x", "\uDB40\uDC01" })
	void escapesWhatCouldFoolAReader(String hostile) {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED)
			.topic("t" + hostile + "t")
			.detail("d" + hostile + "d")
			.reasonString("r" + hostile + "r")
			.build();
		String text = failure.toString();
		assertThat(text).doesNotContain(hostile);
		assertThat(text.chars().allMatch((character) -> character >= 0x20 && character < 0x7F)).isTrue();
		assertThat(text).contains(String.format("t\\u%04X", (int) hostile.charAt(0)))
			.contains(String.format("d\\u%04X", (int) hostile.charAt(0)))
			.contains(String.format("r\\u%04X", (int) hostile.charAt(0)));
	}

	@Test
	void keepsTheTextOfTheNetworkAsItCame() {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED)
			.topic("a\nb")
			.reasonString("c\rd")
			.build();
		assertThat(failure.topic()).isEqualTo("a\nb");
		assertThat(failure.reasonString()).isEqualTo("c\rd");
	}

	@Test
	void cutsLongText() {
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED)
			.reasonString("x".repeat(65_535))
			.build();
		assertThat(failure.toString()).hasSizeLessThan(600).endsWith("x…)");
	}

	@Test
	void aMutatedCopyKeepsEverything() {
		IllegalStateException cause = new IllegalStateException();
		MqttFailure failure = MqttFailure.of(PacketType.CONNACK, ReasonCode.USE_ANOTHER_SERVER)
			.topic("t")
			.detail("d")
			.reasonString("r")
			.userProperties(List.of(new UserProperty("k", "v")))
			.serverReference("other:1883")
			.httpStatus(503)
			.cause(cause)
			.build();
		assertThat(failure.mutate().build()).usingRecursiveComparison().isEqualTo(failure);
		assertThat(failure.mutate().detail("e").build().detail()).isEqualTo("e");
		assertThat(failure.detail()).isEqualTo("d");
		assertThat(failure.cause()).isSameAs(cause);
		assertThat(failure.httpStatus()).isEqualTo(503);
		assertThat(failure.serverReference()).isEqualTo("other:1883");
	}

	@Test
	void isNotChangedByItsIngredients() {
		List<UserProperty> properties = new ArrayList<>(List.of(new UserProperty("k", "v")));
		MqttFailure failure = MqttFailure.of(PacketType.PUBACK, 0x80).userProperties(properties).build();
		properties.clear();
		assertThat(failure.userProperties()).containsExactly(new UserProperty("k", "v"));
	}

	@Test
	void hasNoHttpStatusUnlessTold() {
		assertThat(MqttFailure.local(LocalError.WEBSOCKET_HANDSHAKE_REFUSED).build().httpStatus()).isEqualTo(-1);
	}

	@Test
	void refusesWhatNoPacketCanReport() {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttFailure.of(PacketType.LOCAL, 0x80));
		assertThatIllegalArgumentException().isThrownBy(() -> MqttFailure.of(PacketType.PUBACK, 256))
			.withMessageContaining("256");
		assertThatIllegalArgumentException().isThrownBy(() -> MqttFailure.of(PacketType.PUBACK, -1));
		assertThatNullPointerException().isThrownBy(() -> MqttFailure.local(null));
	}

}
