package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.mqttspringboot.client.ClientSettings.Redirect;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Redirects}.
 */
class RedirectsTests {

	private static final UnaryOperator<String> PROPERTY = (name) -> "mqtt." + name;

	private static final URI ONE = URI.create("mqtt://one:1883");

	@ParameterizedTest
	@CsvSource({ "mqtt://one:1883, two:1884, mqtt://two:1884", "mqtt://one:1883, TWO:1884, mqtt://two:1884",
			"mqtts://one:8883, two:1884, mqtts://two:1884", "mqtt://one:1883, plain, mqtt://plain:1883",
			"tcp://one:1883, plain:1883, tcp://plain:1883", "ssl://one:8883, secure, ssl://secure:8883",
			"wss://one:443/mqtt, secure:443, wss://secure:443/mqtt", "ws://one:80/x, web, ws://web:80/x",
			"mqtt://one:1883, [2001:db8::1]:1884, mqtt://[2001:db8::1]:1884",
			"mqtt://one:1883, [2001:db8::2], mqtt://[2001:db8::2]:1883",
			"mqtt://one:1883, 10.0.0.7:1883, mqtt://10.0.0.7:1883",
			"mqtts://one:8883, tls://two:1884, mqtts://two:1884" })
	void anAllowedServerIsFollowedByTheSameTransport(URI from, String reference, String expected) {
		Redirects redirects = redirects("two:1884", "plain:1883", "secure:8883", "secure:443", "web:80",
				"[2001:db8::1]:1884", "[2001:db8::2]:1883", "10.0.0.7:1883");
		assertThat(redirects.follow(from, reference).servers()).map(URI::toString).containsExactly(expected);
	}

	@ParameterizedTest
	@CsvSource({ "two:1885, is not in 'mqtt.redirect.allowed-hosts'", "two, is not in 'mqtt.redirect.allowed-hosts'",
			"twoo:1884, is not in 'mqtt.redirect.allowed-hosts'", "mqtts://two:1884, means another transport",
			"ws://two:1884, means another transport", "http://two:1884, means another transport",
			"two:1884/path, is not host:port", "user@two:1884, is not host:port", "two:x, is not host:port",
			"::1, is not host:port", "two:1884#x, is not host:port", "two:184444, is not host:port" })
	void whatIsNotAllowedIsNotFollowedAndSaysWhy(String reference, String why) {
		Redirects.Answer answer = redirects("two:1884").follow(ONE, reference);
		assertThat(answer.servers()).isEmpty();
		assertThat(answer.note()).startsWith("Server Reference '" + reference + "' not followed").contains(why);
	}

	@Test
	void aServerWithTlsNeverPointsToOneWithout() {
		Redirects.Answer answer = redirects("two:1883").follow(URI.create("mqtts://one:8883"), "mqtt://two:1883");
		assertThat(answer.servers()).isEmpty();
		assertThat(answer.note()).contains("means another transport than mqtts");
	}

	@Test
	void nothingIsFollowedUnlessEnabled() {
		Redirects.Answer answer = new Redirects(new Redirect(false, List.of("two:1884")), PROPERTY).follow(ONE,
				"two:1884");
		assertThat(answer.servers()).isEmpty();
		assertThat(answer.note()).contains("'mqtt.redirect.enabled' is false");
	}

	@Test
	void withoutAReferenceThereIsNothingToFollow() {
		assertThat(redirects("two:1884").follow(ONE, null).note()).isEqualTo("no Server Reference");
		assertThat(redirects("two:1884").follow(ONE, " ").isFollowed()).isFalse();
	}

	@Test
	void aReferenceMayHoldSeveralServersOfWhichTheAllowedCount() {
		Redirects.Answer answer = redirects("two:1884", "three:1883").follow(ONE, "evil:1883 three two:1884  three");
		assertThat(answer.servers()).map(URI::toString).containsExactly("mqtt://three:1883", "mqtt://two:1884");
	}

	@Test
	void noMoreThanThreeAreFollowedInARow() {
		Redirects redirects = redirects("two:1884");
		for (int i = 0; i < 3; i++) {
			assertThat(redirects.follow(ONE, "two:1884").isFollowed()).isTrue();
			assertThat(redirects.follow(ONE, "evil:1883").isFollowed()).isFalse();
		}
		Redirects.Answer answer = redirects.follow(ONE, "two:1884");
		assertThat(answer.isFollowed()).isFalse();
		assertThat(answer.note()).contains("3 in a row");
		redirects.reset();
		assertThat(redirects.follow(ONE, "two:1884").isFollowed()).isTrue();
	}

	@Test
	void controlCharactersOfTheServerAreNotPassedOn() {
		assertThat(redirects("two:1884").follow(ONE, "two\r\nERROR").note()).doesNotContain("\n").doesNotContain("\r");
	}

	private static Redirects redirects(String... allowed) {
		return new Redirects(new Redirect(true, List.of(allowed)), PROPERTY);
	}

}
