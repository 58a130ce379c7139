package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PublishRequest}.
 */
class PublishRequestTests {

	private static final String LONGEST = "x".repeat(65_535);

	@Test
	void aBufferThatTheCallerReusesDoesNotChangeTheMessage() {
		byte[] payload = { 1, 2, 3 };
		byte[] correlationData = { 4, 5 };
		TestClient test = new TestClient().start();
		test.client.publish(PublishRequest.to("a").qos(1).payload(payload).correlationData(correlationData).build());
		Arrays.fill(payload, (byte) 9);
		Arrays.fill(correlationData, (byte) 9);
		test.accept(ConnAck.of(false, 0));
		Publish sent = (Publish) test.link().sent(PacketType.PUBLISH).get(0);
		assertThat(sent.payload()).containsExactly(1, 2, 3);
		assertThat(sent.properties().correlationData()).containsExactly(4, 5);
	}

	@Test
	void eachMessageOfABuilderHasItsOwnCopy() {
		byte[] payload = { 1 };
		PublishRequest.Builder builder = PublishRequest.to("a").payload(payload);
		PublishRequest first = builder.build();
		payload[0] = 2;
		PublishRequest second = builder.build();
		assertThat(first.payload()).containsExactly(1).isSameAs(first.payload());
		assertThat(second.payload()).containsExactly(2);
		assertThat(second.correlationData()).isNull();
	}

	@Test
	void aMessageLikeAnotherHasAllThatItHas() {
		PublishRequest request = PublishRequest.to("a/b")
			.payload("text")
			.qos(2)
			.retain(true)
			.messageExpiry(Duration.ofSeconds(7))
			.contentType("text/plain")
			.responseTopic("r")
			.correlationData(new byte[] { 4 })
			.userProperty("k", "v")
			.userProperty("k", "w")
			.observed(false)
			.build();
		assertThat(request.mutate().build()).usingRecursiveComparison().isEqualTo(request);
		assertThat(request.mutate().build().payload()).isSameAs(request.payload());
		assertThat(PublishRequest.to("a").build().mutate().build()).usingRecursiveComparison()
			.isEqualTo(PublishRequest.to("a").build());
	}

	@Test
	void aMessageLikeAnotherCanBeChangedWithoutChangingThat() {
		PublishRequest request = PublishRequest.to("a").payload(new byte[] { 1 }).userProperty("k", "v").build();
		byte[] payload = { 2 };
		PublishRequest changed = request.mutate().replaceUserProperty("k", "w").payload(payload).build();
		payload[0] = 3;
		assertThat(changed.payload()).containsExactly(2);
		assertThat(changed.userProperties()).containsExactly(new UserProperty("k", "w"));
		assertThat(request.payload()).containsExactly(1);
		assertThat(request.userProperties()).containsExactly(new UserProperty("k", "v"));
	}

	@ParameterizedTest
	@CsvSource({ "0, the null character U+0000 at index 1", "D800, the lone surrogate U+D800 at index 1" })
	void textThatCannotBeSentIsRefusedByTheBuilder(String character, String problem) {
		String text = "a" + (char) Integer.parseInt(character, 16);
		assertRefused(() -> PublishRequest.to("t").contentType(text), "Content type contains " + problem);
		assertRefused(() -> PublishRequest.to("t").userProperty(text, "v"),
				"The name of a user property contains " + problem);
		assertRefused(() -> PublishRequest.to("t").userProperty("k\n", text),
				"The value of the user property k\\u000A contains " + problem);
	}

	@Test
	void overlongTextIsRefusedByTheBuilder() {
		String text = LONGEST + "x";
		String problem = " has 65536 bytes in UTF-8, but at most 65535 are possible";
		assertRefused(() -> PublishRequest.to("t").contentType(text), "Content type" + problem);
		assertRefused(() -> PublishRequest.to("t").userProperty(text, "v"), "The name of a user property" + problem);
		assertRefused(() -> PublishRequest.to("t").userProperty("k", text),
				"The value of the user property k" + problem);
		assertRefused(() -> PublishRequest.to("t").contentType("\u20ac".repeat(21_846)),
				"Content type has 65538 bytes in UTF-8");
	}

	@Test
	void theLongestTextAndNoContentTypeAreAllowed() {
		PublishRequest request = PublishRequest.to("t").contentType(LONGEST).userProperty(LONGEST, LONGEST).build();
		assertThat(request.contentType()).isEqualTo(LONGEST);
		assertThat(request.userProperties()).containsExactly(new UserProperty(LONGEST, LONGEST));
		assertThat(PublishRequest.to("t").contentType("x").contentType(null).build().contentType()).isNull();
	}

	@Test
	void aUserPropertyReplacesThoseOfItsName() {
		PublishRequest.Builder builder = PublishRequest.to("t")
			.userProperty("k", "1")
			.userProperty("x", "2")
			.userProperty("k", "3")
			.replaceUserProperty("k", "4");
		assertThat(builder.topic()).isEqualTo("t");
		assertThat(builder.build().userProperties()).containsExactly(new UserProperty("x", "2"),
				new UserProperty("k", "4"));
		assertRefused(() -> builder.replaceUserProperty("k", "\0"), "The value of the user property k contains");
		assertThat(builder.build().userProperties()).hasSize(2);
	}

	private static void assertRefused(Runnable building, String message) {
		assertThatIllegalArgumentException().isThrownBy(building::run).withMessageStartingWith(message);
	}

}
