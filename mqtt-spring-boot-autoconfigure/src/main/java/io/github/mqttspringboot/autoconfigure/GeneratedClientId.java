package io.github.mqttspringboot.autoconfigure;

import java.security.SecureRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The client identifier of a client that was given none.
 */
final class GeneratedClientId {

	private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

	/** One for the life of the JVM, so that a restarted context is the same client. */
	private static final String SUFFIX = new SecureRandom().ints(8, 0, ALPHABET.length())
		.mapToObj((index) -> ALPHABET.substring(index, index + 1))
		.reduce("", String::concat);

	private GeneratedClientId() {
	}

	static String of(@Nullable String applicationName) {
		return (StringUtils.hasText(applicationName) ? applicationName : "mqtt") + "-" + SUFFIX;
	}

}
