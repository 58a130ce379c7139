package io.github.mqttspringboot.client;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.UserProperty;

/**
 * Writes values from the network so that they can be shown and logged.
 */
final class Texts {

	private Texts() {
	}

	static @Nullable String escape(@Nullable String text) {
		return (text != null) ? Printable.escape(text) : null;
	}

	static String escape(List<UserProperty> userProperties) {
		return Printable.escape(userProperties.stream()
			.map((property) -> property.name() + "=" + property.value())
			.collect(Collectors.joining(", ", "[", "]")));
	}

	/**
	 * Describe what went wrong with a file.
	 * @param cause the exception
	 * @return what it is and what it says: some say nothing but a path
	 */
	static String describe(Throwable cause) {
		return Printable.escape((cause.getClass() == IOException.class) ? String.valueOf(cause.getMessage())
				: cause.getClass().getSimpleName() + ": " + cause.getMessage());
	}

	static String hex(int code) {
		return (code >= 0) ? String.format(Locale.ROOT, "0x%02X", code) : "-";
	}

}
