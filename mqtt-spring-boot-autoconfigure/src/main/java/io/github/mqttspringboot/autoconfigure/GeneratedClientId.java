package io.github.mqttspringboot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The client identifier of a client that was given none.
 */
final class GeneratedClientId {

	private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

	private static final int LENGTH = 8;

	/** One for the life of the JVM, so that a restarted context is the same client. */
	private static final String SEED = Long.toHexString(new SecureRandom().nextLong());

	private GeneratedClientId() {
	}

	static String of(@Nullable String applicationName, String clientName) {
		return (StringUtils.hasText(applicationName) ? applicationName : "mqtt") + "-" + suffix(clientName);
	}

	// A function of the name: no client gets the identifier of another, and none is kept
	private static String suffix(String clientName) {
		StringBuilder suffix = new StringBuilder(LENGTH);
		for (byte value : hash(SEED + clientName)) {
			if (suffix.length() < LENGTH) {
				suffix.append(ALPHABET.charAt(Byte.toUnsignedInt(value) % ALPHABET.length()));
			}
		}
		return suffix.toString();
	}

	private static byte[] hash(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
