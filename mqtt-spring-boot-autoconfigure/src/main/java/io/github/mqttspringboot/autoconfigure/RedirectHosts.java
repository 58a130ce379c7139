package io.github.mqttspringboot.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;

/**
 * Reads the hosts that a Server Reference may point to. A pattern or an address without a
 * port would allow more than its author meant, so that there is neither.
 */
final class RedirectHosts {

	private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

	private static final Pattern GRAMMAR = Pattern
		.compile("(" + LABEL + "(\\." + LABEL + ")*\\.?|\\[[0-9A-Fa-f:.]{2,45}])(:(\\d{1,5}))?");

	private static final String PROPERTY = "redirect.allowed-hosts";

	private static final String ACTION = "Write a list of hosts with their ports such as broker-2.example.com:8883.";

	private RedirectHosts() {
	}

	static List<String> read(PropertyChecks checks, List<String> values) {
		// A comma in a password splits it, so that any element may be a part of it
		boolean hidden = values.stream().anyMatch((value) -> value.indexOf('@') >= 0);
		return values.stream().map((value) -> read(checks, value.trim(), hidden)).toList();
	}

	private static String read(PropertyChecks checks, String value, boolean hidden) {
		String problem = problem(value);
		if (problem != null) {
			throw checks.invalid(PROPERTY, hidden ? PropertyChecks.MASK : Printable.escape(value), problem, ACTION);
		}
		return value.toLowerCase(Locale.ROOT);
	}

	private static @Nullable String problem(String value) {
		if (value.isEmpty()) {
			return "An entry of the list is blank.";
		}
		if (value.contains("://")) {
			return "It has a scheme, but a redirected client keeps to the one it came by.";
		}
		Matcher matcher = GRAMMAR.matcher(value);
		if (!matcher.matches()) {
			return "It is not a host with a port.";
		}
		String port = matcher.group(matcher.groupCount());
		if (port == null) {
			return "There is no port.";
		}
		int number = Integer.parseInt(port);
		return (number < 1 || number > 65_535) ? "The port " + number + " is out of range." : null;
	}

}
