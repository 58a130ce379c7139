package io.github.mqttspringboot.client;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.SubscribeResult.Entry;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SubscribeResult}.
 */
class SubscribeResultTests {

	@Test
	void theDescriptionTellsTheOutcomeOfEachFilter() {
		MqttFailure invalid = MqttFailure.local(LocalError.INVALID_TOPIC).topic("c").build();
		assertThat(new SubscribeResult(
				List.of(new Entry("a", 2, 1, ReasonCode.GRANTED_QOS_1, null), new Entry("c", 0, -1, null, invalid))))
			.hasToString("SubscribeResult[entries=[Entry[filter=a, requestedQos=2, code=0x01, "
					+ "reasonCode=GRANTED_QOS_1, failure=null], Entry[filter=c, requestedQos=0, code=-, "
					+ "reasonCode=null, failure=INVALID_TOPIC for c]]]");
	}

	@Test
	void controlCharactersAreEscaped() {
		MqttFailure refused = MqttFailure.of(PacketType.SUBACK, 0x87)
			.topic("a\nb")
			.reasonString("no\nERROR forged\u001b[2J")
			.build();
		assertThat(
				new SubscribeResult(List.of(new Entry("a\nb", 1, 0x87, ReasonCode.NOT_AUTHORIZED, refused))).toString())
			.contains("filter=a\\u000Ab", "code=0x87", "no\\u000AERROR forged")
			.doesNotContainPattern("\\p{Cntrl}");
	}

}
