package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;

/**
 * Reads the URI of a server, with messages for people.
 */
final class ServerUri {

	static final String ACTION = "Write a list of servers such as mqtt://broker-1:1883, mqtt://broker-2. "
			+ "The scheme is mqtt or tcp, the port 1 to 65535 (1883 by default). "
			+ "User name and password go to mqtt.username and mqtt.password.";

	private static final int DEFAULT_PORT = 1883;

	private static final Set<String> SUPPORTED = Set.of("mqtt", "tcp");

	private static final Set<String> NOT_YET_SUPPORTED = Set.of("mqtts", "ssl", "tls", "ws", "wss");

	private static final Pattern SCHEME = Pattern.compile("(mqtts?|tcp|ssl|tls|wss?)://", Pattern.CASE_INSENSITIVE);

	private ServerUri() {
	}

	/**
	 * Read a URI.
	 * @param value the text
	 * @return the URI with nothing but scheme, host and port
	 * @throws IllegalArgumentException with a sentence that says what is wrong and never
	 * repeats user information
	 */
	static URI parse(String value) {
		String text = value.trim();
		require(!text.isEmpty(), "An entry of the list is blank.");
		int authority = text.indexOf("://");
		require(authority > 0, "There is no scheme: write mqtt:// in front of the host.");
		checkScheme(text.substring(0, authority));
		require(text.indexOf('@') < 0, "A server's URI must not carry a user name or password.");
		require(text.chars().noneMatch(Character::isWhitespace),
				"There is a blank inside: separate servers by commas.");
		try {
			return read(new URI(text));
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"It is not a URI: " + ex.getReason() + " at position " + ex.getIndex() + ".", ex);
		}
	}

	private static void checkScheme(String scheme) {
		String name = scheme.toLowerCase(Locale.ROOT);
		require(!NOT_YET_SUPPORTED.contains(name),
				"The scheme " + name + " is not supported yet: TLS and WebSocket come in a later version.");
		require(SUPPORTED.contains(name), "The scheme " + Printable.escape(scheme) + " is unknown.");
	}

	private static URI read(URI uri) throws URISyntaxException {
		String authority = uri.getRawAuthority();
		require(authority != null, "There is no host.");
		if (uri.getHost() == null) {
			throw new IllegalArgumentException(withoutHost(authority));
		}
		int port = (uri.getPort() != -1) ? uri.getPort() : DEFAULT_PORT;
		require(port >= 1 && port <= 65_535, "The port " + port + " is out of range.");
		String path = uri.getRawPath();
		require(path == null || path.isEmpty() || path.equals("/"), "A server over TCP has no path.");
		require(uri.getRawQuery() == null && uri.getRawFragment() == null,
				"A server's URI has neither a query nor a fragment.");
		return new URI(uri.getScheme().toLowerCase(Locale.ROOT), null, uri.getHost(), port, null, null, null);
	}

	// the JDK only says that there is no host, so find out why
	private static String withoutHost(String authority) {
		int colon = authority.lastIndexOf(':');
		if (colon == 0) {
			return "There is no host.";
		}
		if (colon > 0 && colon > authority.indexOf(']')) {
			String port = authority.substring(colon + 1);
			if (!port.matches("\\d{1,9}")) {
				// Perhaps the start of a password that a comma has split
				return "The port is not a number from 1 to 65535.";
			}
		}
		String host = (colon > 0) ? authority.substring(0, colon) : authority;
		if (host.indexOf('_') >= 0) {
			return "The host " + Printable.escape(host)
					+ " has an underscore, which no URI allows: use a name without, or the address.";
		}
		return "The host " + Printable.escape(host) + " is not valid.";
	}

	/**
	 * Make an element of a list of servers fit to be shown. A comma in a password splits
	 * its URI, so that each element of a list with an at sign may be a part of it.
	 * @param value the element
	 * @param servers the list
	 * @return the element, or no more than its scheme
	 */
	static String mask(String value, Collection<?> servers) {
		if (!hasUserInformation(servers)) {
			return Printable.escape(value);
		}
		Matcher scheme = SCHEME.matcher(value.trim());
		return ((scheme.lookingAt()) ? scheme.group() : "") + "******";
	}

	/**
	 * Return what is wrong with an element of a list of servers.
	 * @param ex why it could not be read
	 * @param servers the list
	 * @return the message of the exception, unless it may repeat a part of a password
	 */
	static @Nullable String reason(IllegalArgumentException ex, Collection<?> servers) {
		return (hasUserInformation(servers))
				? "There is an '@' in the list: a server's URI must not carry a user name or password."
				: ex.getMessage();
	}

	private static boolean hasUserInformation(Collection<?> servers) {
		return servers.stream().anyMatch((server) -> server.toString().indexOf('@') >= 0);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
