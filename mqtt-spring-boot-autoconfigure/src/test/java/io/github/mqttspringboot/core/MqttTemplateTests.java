package io.github.mqttspringboot.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeTypeUtils;

import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MqttTemplate}.
 */
class MqttTemplateTests {

	private final FakeMqttClient client = new FakeMqttClient();

	private final MqttTemplate template = new MqttTemplate(this.client, new JacksonJsonMessageConverter());

	@Test
	void bytesAreSentAsTheyAre() {
		byte[] payload = { 0, (byte) 0xFF };
		this.template.publish("a/b", payload);
		PublishRequest request = published();
		assertThat(request.topic()).isEqualTo("a/b");
		assertThat(request.payload()).isEqualTo(payload);
		assertThat(request.isText()).isFalse();
		assertThat(request.contentType()).isNull();
		assertThat(request.qos()).isNull();
		assertThat(request.retain()).isNull();
	}

	@Test
	void aStringIsSentAsUtf8AndDeclaredAsText() {
		this.template.publish("a/b", "grün \"quoted\"");
		PublishRequest request = published();
		assertThat(request.payload()).isEqualTo("grün \"quoted\"".getBytes(StandardCharsets.UTF_8));
		assertThat(request.isText()).isTrue();
		assertThat(request.contentType()).isEqualTo("text/plain");
	}

	@Test
	void anObjectIsSentAsJsonWithItsContentType() {
		this.template.publish("a/b", new Reading(21.5, "°C"));
		PublishRequest request = published();
		assertThat(new String(request.payload(), StandardCharsets.UTF_8)).isEqualTo("{\"value\":21.5,\"unit\":\"°C\"}");
		assertThat(request.contentType()).isEqualTo("application/json");
	}

	@Test
	void theCustomizerHasTheLastWord() {
		this.template.publish("a/b", new Reading(1, "V"),
				(message) -> message.qos(2)
					.retain(true)
					.contentType("application/vnd.reading+json")
					.userProperty("a", "b"));
		PublishRequest request = published();
		assertThat(request.qos()).isEqualTo(2);
		assertThat(request.retain()).isTrue();
		assertThat(request.contentType()).isEqualTo("application/vnd.reading+json");
		assertThat(request.userProperties()).containsExactly(new UserProperty("a", "b"));
	}

	@Test
	void anInterceptorSeesTheMessageWithItsPayloadAndHowItEnds() {
		List<String> seen = new ArrayList<>();
		this.template.setPublishInterceptor((client, operation, message) -> {
			assertThat(client).isSameAs(this.client);
			seen.add(operation + " " + message.topic() + " " + message.build().isText());
			message.userProperty("added", "1");
			return (failure) -> seen.add("ended " + failure);
		});
		this.template.publish("a/b", "x");
		assertThat(seen).containsExactly("PUBLISH a/b true", "ended null");
		assertThat(published().userProperties()).containsExactly(new UserProperty("added", "1"));
	}

	@Test
	void anInterceptorThatThrowsFailsTheFuture() {
		this.template.setPublishInterceptor((client, operation, message) -> {
			throw new IllegalStateException("broken");
		});
		assertFailed(this.template.publish("a/b", "x"), IllegalStateException.class, "broken");
		assertFailed(this.template.request("a/b", "x", String.class), IllegalStateException.class, "broken");
		assertThat(this.client.published()).isEmpty();
	}

	@Test
	void theOutcomeIsThatOfTheClient() {
		assertThat(this.template.publish("a/b", "x")).isCompletedWithValueMatching(
				(result) -> result.topic().equals("a/b") && result.code() == 0, "is the client's result");
	}

	@Test
	void aTextFromTheConverterIsDeclaredAsText() {
		MessageConverter converter = converter(new GenericMessage<>("<r/>", Map.of("contentType", "text/xml")));
		new MqttTemplate(this.client, converter).publish("a/b", 1);
		PublishRequest request = published();
		assertThat(request.isText()).isTrue();
		assertThat(request.contentType()).isEqualTo("text/xml");
	}

	@Test
	void aPayloadThatNoConverterTakesFailsTheFuture() {
		CompletableFuture<PublishResult> future = new MqttTemplate(this.client, converter(null)).publish("a\n/b", 1);
		assertFailed(future, MessageConversionException.class, "java.lang.Integer", "a\\u000A/b", "does not take it",
				"mqttMessageConverter");
	}

	@Test
	void aPayloadWithoutConverterFailsTheFuture() {
		CompletableFuture<PublishResult> future = new MqttTemplate(this.client).publish("a/b", 1);
		assertFailed(future, MessageConversionException.class, "java.lang.Integer", "a/b",
				"there is no message converter", "give the template one");
	}

	@Test
	void aPayloadThatCannotBeConvertedFailsTheFuture() {
		CompletableFuture<PublishResult> future = this.template.publish("a/b", new Broken("x"));
		assertFailed(future, MessageConversionException.class, Broken.class.getName(), "a/b", "failed");
	}

	@Test
	void aConverterThatMakesSomethingElseFailsTheFuture() {
		CompletableFuture<PublishResult> future = new MqttTemplate(this.client, converter(new GenericMessage<>(1L)))
			.publish("a/b", 1);
		assertFailed(future, MessageConversionException.class, "java.lang.Long", "only byte[] and String");
	}

	@Test
	void aCustomizerThatThrowsFailsTheFuture() {
		CompletableFuture<PublishResult> future = this.template.publish("a/b", "x", (message) -> message.qos(3));
		assertFailed(future, IllegalArgumentException.class, "QoS must be 0, 1 or 2");
	}

	@Test
	void aMessageIsSentWithWhatItsHeadersSay() {
		this.template.send(MessageBuilder.withPayload(new Reading(1, "V"))
			.setHeader(MqttMessageHeaders.TOPIC, "a/b")
			.setHeader(MqttMessageHeaders.QOS, 2)
			.setHeader(MqttMessageHeaders.RETAINED, true)
			.setHeader(MqttMessageHeaders.RESPONSE_TOPIC, "r")
			.setHeader(MqttMessageHeaders.CORRELATION_DATA, new byte[] { 7 })
			.setHeader(MqttMessageHeaders.MESSAGE_EXPIRY_INTERVAL, 60L)
			.setHeader("site", "north")
			.build());
		PublishRequest request = published();
		assertThat(request.topic()).isEqualTo("a/b");
		assertThat(new String(request.payload(), StandardCharsets.UTF_8)).isEqualTo("{\"value\":1.0,\"unit\":\"V\"}");
		assertThat(request.qos()).isEqualTo(2);
		assertThat(request.retain()).isTrue();
		assertThat(request.responseTopic()).isEqualTo("r");
		assertThat(request.correlationData()).containsExactly(7);
		assertThat(request.messageExpiry()).isEqualTo(Duration.ofMinutes(1));
		assertThat(request.contentType()).isEqualTo("application/json");
		assertThat(request.userProperties()).containsExactly(new UserProperty("site", "north"));
	}

	@Test
	void headersMayHaveOtherTypes() {
		this.template.send(MessageBuilder.withPayload("x")
			.setHeader(MqttMessageHeaders.TOPIC, "a/b")
			.setHeader(MqttMessageHeaders.QOS, "0")
			.setHeader(MqttMessageHeaders.RETAINED, "false")
			.setHeader(MqttMessageHeaders.CORRELATION_DATA, "ü")
			.setHeader(MqttMessageHeaders.MESSAGE_EXPIRY_INTERVAL, Duration.ofHours(1))
			.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.TEXT_HTML)
			.build());
		PublishRequest request = published();
		assertThat(request.qos()).isZero();
		assertThat(request.retain()).isFalse();
		assertThat(request.correlationData()).isEqualTo("ü".getBytes(StandardCharsets.UTF_8));
		assertThat(request.messageExpiry()).isEqualTo(Duration.ofHours(1));
		assertThat(request.contentType()).isEqualTo("text/html");
	}

	@Test
	void onlyStringsOfTheApplicationBecomeUserProperties() {
		this.template.send(MessageBuilder.withPayload("x")
			.setHeader(MqttMessageHeaders.TOPIC, "a/b")
			.setHeader(MqttMessageHeaders.RECEIVED_TOPIC, "from")
			.setHeader("mqtt_other", "x")
			.setHeader(MessageHeaders.REPLY_CHANNEL, "x")
			.setHeader(MessageHeaders.ERROR_CHANNEL, "x")
			.setHeader("simpDestination", "x")
			.setHeader("count", 1)
			.setHeader("site", "north")
			.build());
		assertThat(published().userProperties()).containsExactly(new UserProperty("site", "north"));
	}

	@Test
	void aMessageWithoutTopicGoesToTheDefaultTopicOrFails() {
		assertFailed(this.template.send(new GenericMessage<>("x")), IllegalArgumentException.class, "mqtt_topic",
				"default topic");
		this.template.setDefaultTopic("d");
		this.template.send(new GenericMessage<>("x"));
		assertThat(published().topic()).isEqualTo("d");
	}

	@ParameterizedTest
	@CsvSource({ "mqtt_qos,3", "mqtt_qos,4294967296", "mqtt_qos,high", "mqtt_retained,perhaps",
			"mqtt_messageExpiryInterval,-1", "mqtt_messageExpiryInterval,4294967296",
			"mqtt_messageExpiryInterval,1.5" })
	void aHeaderOfNoUseFailsTheFuture(String name, String value) {
		assertFailed(this.template.send(new GenericMessage<>("x", Map.of("mqtt_topic", "a/b", name, value))),
				IllegalArgumentException.class, name, value);
	}

	@Test
	void aContentTypeThatTheConverterDoesNotTakeFailsTheFuture() {
		assertFailed(
				this.template.send(new GenericMessage<>(new Reading(1, "V"),
						Map.of("mqtt_topic", "a/b", "contentType", "application/cbor"))),
				MessageConversionException.class, "application/cbor", "does not take it");
	}

	@Test
	void aReceivedMessageCanBeSentOn() {
		PublishProperties properties = new PublishProperties(null, 9L, null, "r", new byte[] { 1 },
				List.of(new UserProperty("site", "north")), List.of(), "text/csv");
		Message<byte[]> message = new MqttMessageMapper()
			.toMessage(new ReceivedMessage("from", new byte[] { 2 }, 2, true, true, properties));
		this.template.setDefaultTopic("to");
		this.template.send(message);
		PublishRequest request = published();
		assertThat(request.topic()).isEqualTo("to");
		assertThat(request.payload()).containsExactly(2);
		assertThat(request.qos()).isNull();
		assertThat(request.retain()).isNull();
		assertThat(request.contentType()).isEqualTo("text/csv");
		assertThat(request.responseTopic()).isEqualTo("r");
		assertThat(request.messageExpiry()).isEqualTo(Duration.ofSeconds(9));
		assertThat(request.userProperties()).containsExactly(new UserProperty("site", "north"));
	}

	@Test
	@SuppressWarnings("NullAway")
	void nullIsRefusedAtOnce() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.publish("a/b", null))
			.withMessage("'payload' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.publish(null, "x"))
			.withMessage("'topic' must not be null");
	}

	private void assertFailed(CompletableFuture<?> future, Class<? extends Exception> type, String... message) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(future::get)
			.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOf(type).hasMessageContainingAll(message));
		assertThat(this.client.published()).isEmpty();
	}

	private PublishRequest published() {
		assertThat(this.client.published()).hasSize(1);
		return this.client.published().get(0);
	}

	private static MessageConverter converter(Message<?> result) {
		return new MessageConverter() {

			@Override
			public Object fromMessage(Message<?> message, Class<?> targetClass) {
				return null;
			}

			@Override
			public Message<?> toMessage(Object payload, MessageHeaders headers) {
				return result;
			}

		};
	}

	record Reading(double value, String unit) {

	}

	record Broken(String name) {

		@Override
		public String name() {
			throw new IllegalStateException("broken");
		}

	}

}
