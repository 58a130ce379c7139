package io.github.mqttspringboot.core;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.StringMessageConverter;

import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttMessageMapper}.
 */
class MqttMessageMapperTests {

	private static final byte[] PAYLOAD = "21.5".getBytes(StandardCharsets.UTF_8);

	private final MqttMessageMapper mapper = new MqttMessageMapper();

	@Test
	void whatEachMessageHasIsInHeaders() {
		Message<byte[]> message = map(PublishProperties.NONE);
		assertThat(message.getPayload()).isSameAs(PAYLOAD);
		assertThat(message.getHeaders()).containsAllEntriesOf(Map.of("mqtt_receivedTopic", "a/b", "mqtt_receivedQos", 2,
				"mqtt_receivedRetained", true, "mqtt_duplicate", false));
		assertThat(message.getHeaders()).containsOnlyKeys("id", "timestamp", "mqtt_receivedTopic", "mqtt_receivedQos",
				"mqtt_receivedRetained", "mqtt_duplicate");
	}

	@Test
	void propertiesAreInHeaders() {
		byte[] correlationData = { 1, 2 };
		Message<byte[]> message = map(new PublishProperties(1, 60L, null, "reply/here", correlationData, List.of(),
				List.of(7), "application/json"));
		assertThat(message.getHeaders()).containsAllEntriesOf(Map.of("mqtt_messageExpiryInterval", 60L,
				"mqtt_responseTopic", "reply/here", "contentType", "application/json"));
		assertThat(message.getHeaders().get("mqtt_correlationData")).isSameAs(correlationData);
	}

	@Test
	void userPropertiesAreHeadersOfTheirNames() {
		Message<byte[]> message = map(userProperties("unit", "°C", "site", "a", "site", "b"));
		assertThat(message.getHeaders()).containsEntry("unit", "°C").containsEntry("site", "b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "id", "timestamp", "contentType", "replyChannel", "errorChannel", "nativeHeaders",
			"lookupDestination", "conversionHint", "mqtt_receivedTopic", "mqtt_topic", "mqtt_anything",
			"spring.cloud.function.definition", "simpDestination" })
	void aSenderCannotSetTheHeadersThatOthersObey(String name) {
		assertThat(map(userProperties(name, "forged")).getHeaders().values()).doesNotContain("forged");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nonsense", "text/plain;charset=no-such", "a/b/c" })
	void aContentTypeThatIsNoneDoesNotHinderTheConversion(String contentType) {
		Message<byte[]> message = map(
				new PublishProperties(null, null, null, null, null, List.of(), List.of(), contentType));
		assertThat(message.getHeaders()).doesNotContainKey("contentType");
		assertThat(new StringMessageConverter().fromMessage(message, String.class)).isEqualTo("21.5");
	}

	private Message<byte[]> map(PublishProperties properties) {
		return this.mapper.toMessage(new ReceivedMessage("a/b", PAYLOAD, 2, true, false, properties));
	}

	private static PublishProperties userProperties(String... namesAndValues) {
		UserProperty[] properties = new UserProperty[namesAndValues.length / 2];
		for (int i = 0; i < properties.length; i++) {
			properties[i] = new UserProperty(namesAndValues[2 * i], namesAndValues[2 * i + 1]);
		}
		return new PublishProperties(null, null, null, null, null, List.of(properties), List.of(), null);
	}

}
