package io.github.mqttspringboot.integration;

import java.time.Duration;
import java.util.List;

import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PahoMessages}.
 */
class PahoMessagesTests {

	@Test
	void everythingOfAMessageIsPublished() {
		MqttProperties properties = new MqttProperties();
		properties.setPayloadFormat(true);
		properties.setMessageExpiryInterval(7L);
		properties.setContentType("text/plain");
		properties.setResponseTopic("r");
		properties.setCorrelationData(new byte[] { 1 });
		properties.setUserProperties(List.of(new org.eclipse.paho.mqttv5.common.packet.UserProperty("k", "v")));
		PublishRequest request = PahoMessages.request("a", new MqttMessage(new byte[] { 'x' }, 2, true, properties));
		assertThat(request.topic()).isEqualTo("a");
		assertThat(request.payload()).containsExactly('x');
		assertThat(request.qos()).isEqualTo(2);
		assertThat(request.retain()).isTrue();
		assertThat(request.isText()).isTrue();
		assertThat(request.messageExpiry()).isEqualTo(Duration.ofSeconds(7));
		assertThat(request.contentType()).isEqualTo("text/plain");
		assertThat(request.responseTopic()).isEqualTo("r");
		assertThat(request.correlationData()).containsExactly(1);
		assertThat(request.userProperties()).containsExactly(new UserProperty("k", "v"));
	}

	@Test
	void bytesThatAreNoTextAreNotDeclaredAsText() {
		MqttProperties properties = new MqttProperties();
		properties.setPayloadFormat(true);
		byte[] payload = { (byte) 0xFF, 0 };
		PublishRequest request = PahoMessages.request("a", new MqttMessage(payload, 0, false, properties));
		assertThat(request.isText()).isFalse();
		assertThat(request.payload()).isEqualTo(payload);
	}

	@Test
	void everythingOfAMessageIsReceived() {
		MqttMessage message = PahoMessages
			.message(new ReceivedMessage("a", new byte[] { 'x' }, 1, true, true, new PublishProperties(1, 7L, null, "r",
					new byte[] { 1 }, List.of(new UserProperty("k", "v")), List.of(), "text/plain")), 5);
		assertThat(message.getPayload()).containsExactly('x');
		assertThat(message.getQos()).isOne();
		assertThat(message.isRetained()).isTrue();
		assertThat(message.isDuplicate()).isTrue();
		assertThat(message.getId()).isEqualTo(5);
		assertThat(message.getProperties()).satisfies((properties) -> {
			assertThat(properties.getPayloadFormat()).isTrue();
			assertThat(properties.getMessageExpiryInterval()).isEqualTo(7);
			assertThat(properties.getResponseTopic()).isEqualTo("r");
			assertThat(properties.getCorrelationData()).containsExactly(1);
			assertThat(properties.getContentType()).isEqualTo("text/plain");
			assertThat(properties.getUserProperties()).singleElement().satisfies((property) -> {
				assertThat(property.getKey()).isEqualTo("k");
				assertThat(property.getValue()).isEqualTo("v");
			});
		});
	}

	@Test
	void aMessageWithoutPropertiesIsReceived() {
		MqttProperties properties = PahoMessages
			.message(new ReceivedMessage("a", new byte[0], 0, false, false, PublishProperties.NONE), 0)
			.getProperties();
		assertThat(properties.getUserProperties()).isEmpty();
		assertThat(properties.getContentType()).isNull();
	}

}
