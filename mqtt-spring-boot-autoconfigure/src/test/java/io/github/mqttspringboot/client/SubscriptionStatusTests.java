package io.github.mqttspringboot.client;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.SubscriptionStatus.State;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SubscriptionStatus}.
 */
class SubscriptionStatusTests {

	@Test
	void theDescriptionEscapesControlCharacters() {
		MqttFailure refused = MqttFailure.of(PacketType.SUBACK, 0x97).reasonString("full\n").build();
		assertThat(new SubscriptionStatus("a\nb", 1, State.REJECTED, -1, refused))
			.hasToString("SubscriptionStatus[filter=a\\u000Ab, requestedQos=1, state=REJECTED, grantedQos=-1, failure="
					+ refused + ", holders=[]]");
		assertThat(new SubscriptionStatus("a", 2, State.ACTIVE, 1, null, List.of("one\n", "two")))
			.hasToString("SubscriptionStatus[filter=a, requestedQos=2, state=ACTIVE, grantedQos=1, failure=null,"
					+ " holders=[one\\u000A, two]]");
	}

}
