package io.github.mqttspringboot.client;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.UnsubscribeResult.Entry;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnsubscribeResult}.
 */
class UnsubscribeResultTests {

	@Test
	void theDescriptionTellsTheOutcomeOfEachFilter() {
		assertThat(new UnsubscribeResult(List.of(new Entry("a", 0x11, ReasonCode.NO_SUBSCRIPTION_EXISTED, null),
				new Entry("b", -1, null, null))))
			.hasToString("UnsubscribeResult[entries=[Entry[filter=a, code=0x11, "
					+ "reasonCode=NO_SUBSCRIPTION_EXISTED, failure=null], "
					+ "Entry[filter=b, code=-, reasonCode=null, failure=null]]]");
	}

	@Test
	void controlCharactersAreEscaped() {
		MqttFailure refused = MqttFailure.of(PacketType.UNSUBACK, 0x87).reasonString("no\nERROR forged").build();
		assertThat(new UnsubscribeResult(List.of(new Entry("a\u001bb", 0x87, ReasonCode.NOT_AUTHORIZED, refused)))
			.toString()).contains("filter=a\\u001Bb", "no\\u000AERROR forged").doesNotContainPattern("\\p{Cntrl}");
	}

}
