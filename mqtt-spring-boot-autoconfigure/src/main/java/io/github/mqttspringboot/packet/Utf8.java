package io.github.mqttspringboot.packet;

import java.nio.ByteBuffer;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * UTF-8 encoded strings (MQTT 5 §1.5.4).
 *
 * @since 0.1.0
 */
public final class Utf8 {

	/** The most bytes that a string may have. */
	static final int MAX_LENGTH = 65535;

	private Utf8() {
	}

	/**
	 * Check whether a packet can carry a string.
	 * @param text the string
	 * @return what is wrong with it, to follow its name in a sentence, {@code null} if it
	 * can be carried; the string is not repeated
	 */
	public static @Nullable String check(String text) {
		int length = length(text);
		if (length < 0) {
			return "contains " + describe(text, ~length);
		}
		return (length > MAX_LENGTH) ? "has " + length + " bytes in UTF-8, but at most 65535 are possible" : null;
	}

	/**
	 * Measure a string.
	 * @param text the string
	 * @return its length in bytes, or {@code ~index} of the first character that MQTT
	 * forbids: U+0000 [MQTT-1.5.4-2] or a lone surrogate [MQTT-1.5.4-1]
	 */
	static int length(String text) {
		int length = 0;
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character == 0) {
				return ~i;
			}
			if (character < 0x80) {
				length++;
			}
			else if (character < 0x800) {
				length += 2;
			}
			else if (!Character.isSurrogate(character)) {
				length += 3;
			}
			else if (isPair(text, i)) {
				length += 4;
				i++;
			}
			else {
				return ~i;
			}
		}
		return length;
	}

	/**
	 * Describe what is wrong with a character that {@link #length(String)} found.
	 * @param text the string
	 * @param index the index of the character
	 * @return what and where
	 */
	static String describe(String text, int index) {
		String what = (text.charAt(index) == 0) ? "the null character U+0000"
				: String.format(Locale.ROOT, "the lone surrogate U+%04X", (int) text.charAt(index));
		return what + " at index " + index;
	}

	/**
	 * Write a string that has been measured before.
	 * @param text the string
	 * @param target where to write it
	 */
	static void write(String text, ByteBuffer target) {
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character < 0x80) {
				target.put((byte) character);
			}
			else if (character < 0x800) {
				target.put((byte) (0xC0 | (character >> 6)));
				target.put((byte) (0x80 | (character & 0x3F)));
			}
			else if (!Character.isSurrogate(character)) {
				target.put((byte) (0xE0 | (character >> 12)));
				target.put((byte) (0x80 | ((character >> 6) & 0x3F)));
				target.put((byte) (0x80 | (character & 0x3F)));
			}
			else {
				int codePoint = text.codePointAt(i);
				i++;
				target.put((byte) (0xF0 | (codePoint >> 18)));
				target.put((byte) (0x80 | ((codePoint >> 12) & 0x3F)));
				target.put((byte) (0x80 | ((codePoint >> 6) & 0x3F)));
				target.put((byte) (0x80 | (codePoint & 0x3F)));
			}
		}
	}

	private static boolean isPair(String text, int index) {
		return Character.isHighSurrogate(text.charAt(index)) && index + 1 < text.length()
				&& Character.isLowSurrogate(text.charAt(index + 1));
	}

}
