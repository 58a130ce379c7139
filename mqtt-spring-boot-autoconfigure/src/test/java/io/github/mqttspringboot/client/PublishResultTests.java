package io.github.mqttspringboot.client;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.error.UserProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PublishResult}.
 */
class PublishResultTests {

	@Test
	void theDescriptionTellsTheOutcome() {
		assertThat(new PublishResult("a/b", 1, PacketType.PUBACK, 0x10, ReasonCode.NO_MATCHING_SUBSCRIBERS, "nobody",
				List.of(new UserProperty("node", "1"), new UserProperty("zone", "x"))))
			.hasToString("PublishResult[topic=a/b, qos=1, packet=PUBACK, code=0x10, "
					+ "reasonCode=NO_MATCHING_SUBSCRIBERS, reasonString=nobody, userProperties=[node=1, zone=x]]");
		assertThat(new PublishResult("a", 1, PacketType.PUBACK, 0x42, null, null, List.of()))
			.hasToString("PublishResult[topic=a, qos=1, packet=PUBACK, code=0x42, reasonCode=null, reasonString=null, "
					+ "userProperties=[]]");
	}

	@Test
	void controlCharactersFromTheNetworkAreEscaped() {
		assertThat(new PublishResult("a\nb", 2, PacketType.PUBCOMP, 0, ReasonCode.SUCCESS, "ok\r\nERROR forged",
				List.of(new UserProperty("k\u001b[2J", "v\u202e")))
			.toString()).contains("a\\u000Ab", "ok\\u000D\\u000AERROR forged", "k\\u001B[2J=v\\u202E")
			.doesNotContainPattern("[\\p{Cntrl}\\u202e]");
	}

	@Test
	void overlongTextFromTheNetworkIsCut() {
		assertThat(new PublishResult("a", 1, PacketType.PUBACK, 0, ReasonCode.SUCCESS, "x".repeat(60_000),
				List.of(new UserProperty("k", "y".repeat(60_000))))
			.toString()).hasSizeLessThan(2_000);
	}

}
