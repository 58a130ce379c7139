package io.github.mqttspringboot.error;

import java.util.Locale;

/**
 * Makes text from the network fit for logs and messages.
 *
 * @since 0.1.0
 */
public final class Printable {

	private static final int MAX_LENGTH = 512;

	private Printable() {
	}

	/**
	 * Escape control characters, format characters such as bidirectional overrides, line
	 * separators and lone surrogates, and cut overlong text.
	 * @param text the text
	 * @return the text with {@code \}{@code uNNNN} for each such character, at most 512
	 * characters of the original and an ellipsis
	 */
	public static String escape(String text) {
		StringBuilder escaped = null;
		int end = Math.min(text.length(), MAX_LENGTH);
		int index = 0;
		while (index < end) {
			int codePoint = text.codePointAt(index);
			int next = index + Character.charCount(codePoint);
			if (isUnsafe(codePoint)) {
				if (escaped == null) {
					escaped = new StringBuilder(text.length() + 16).append(text, 0, index);
				}
				for (int i = index; i < next; i++) {
					escaped.append(String.format(Locale.ROOT, "\\u%04X", (int) text.charAt(i)));
				}
			}
			else if (escaped != null) {
				escaped.appendCodePoint(codePoint);
			}
			index = next;
		}
		if (index >= text.length()) {
			return (escaped != null) ? escaped.toString() : text;
		}
		return ((escaped != null) ? escaped : new StringBuilder(text.substring(0, index))).append('…').toString();
	}

	private static boolean isUnsafe(int codePoint) {
		return switch (Character.getType(codePoint)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
					Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED, Character.PRIVATE_USE ->
				true;
			default -> false;
		};
	}

}
