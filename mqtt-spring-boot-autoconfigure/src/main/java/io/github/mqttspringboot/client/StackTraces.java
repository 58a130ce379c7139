package io.github.mqttspringboot.client;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Prints exceptions whose messages may hold secrets.
 */
final class StackTraces {

	private StackTraces() {
	}

	/**
	 * Print an exception with its causes and suppressed ones: classes and frames, and no
	 * messages.
	 * @param failure the exception
	 * @return the text, of several lines
	 */
	static String withoutMessages(Throwable failure) {
		StringBuilder text = new StringBuilder();
		append(text, "", failure, Collections.newSetFromMap(new IdentityHashMap<>()));
		return text.toString();
	}

	// Exceptions may refer to each other in a circle: each is printed once
	private static void append(StringBuilder text, String indent, Throwable failure, Set<Throwable> printed) {
		@Nullable Throwable current = failure;
		while (current != null && printed.add(current)) {
			text.append((current != failure) ? "\n" + indent + "Caused by: " : "").append(current.getClass().getName());
			for (StackTraceElement frame : current.getStackTrace()) {
				text.append('\n').append(indent).append("\tat ").append(frame);
			}
			for (Throwable suppressed : current.getSuppressed()) {
				if (!printed.contains(suppressed)) {
					text.append('\n').append(indent).append("\tSuppressed: ");
					append(text, indent + '\t', suppressed, printed);
				}
			}
			current = current.getCause();
		}
	}

}
