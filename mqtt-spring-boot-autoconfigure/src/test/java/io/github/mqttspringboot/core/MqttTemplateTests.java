package io.github.mqttspringboot.core;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.GenericMessage;

import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.error.UserProperty;

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
		assertThat(request.contentType()).isNull();
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
				"there is no message converter", "spring-boot-jackson");
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
