package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;

/**
 * Reads the URI of a server, with messages for people.
 */
final class ServerUri {

	private static final String DEFAULT_PATH = "/mqtt";

	private static final Map<String, Integer> DEFAULT_PORTS = Map.of("mqtt", 1883, "tcp", 1883, "mqtts", 8883, "ssl",
			8883, "tls", 8883, "ws", 80, "wss", 443);

	private static final Map<String, String> SECURED = Map.of("mqtt", "mqtts", "tcp", "mqtts", "ws", "wss");

	private static final Pattern SCHEME = Pattern.compile("(mqtts?|tcp|ssl|tls|wss?)://", Pattern.CASE_INSENSITIVE);

	private ServerUri() {
	}

	/**
	 * Return what is allowed.
	 * @param prefix the prefix of the client's properties
	 * @return sentences
	 */
	static String action(String prefix) {
		return "Write a list of servers such as mqtt://broker-1:1883, mqtt://broker-2. "
				+ "The scheme is mqtt or tcp (port 1883 by default), mqtts, ssl or tls (8883), ws (80) or wss (443); "
				+ "only ws and wss have a path (/mqtt by default). " + "User name and password go to " + prefix
				+ ".username and " + prefix + ".password.";
	}

	/**
	 * Read a URI.
	 * @param value the text
	 * @return the URI with nothing but scheme, host, port and the path of a WebSocket
	 * @throws IllegalArgumentException with a sentence that says what is wrong and never
	 * repeats user information
	 */
	static URI parse(String value) {
		return parse(value, false);
	}

	/**
	 * Read a URI.
	 * @param value the text
	 * @param secured whether a scheme without TLS means its counterpart with TLS
	 * @return the URI with nothing but scheme, host, port and the path of a WebSocket
	 * @throws IllegalArgumentException with a sentence that says what is wrong and never
	 * repeats user information
	 */
	static URI parse(String value, boolean secured) {
		String text = value.trim();
		require(!text.isEmpty(), "An entry of the list is blank.");
		int authority = text.indexOf("://");
		require(authority > 0, "There is no scheme: write mqtt:// in front of the host.");
		String scheme = scheme(text.substring(0, authority), secured);
		require(text.indexOf('@') < 0, "A server's URI must not carry a user name or password.");
		require(text.chars().noneMatch(Character::isWhitespace),
				"There is a blank inside: separate servers by commas.");
		try {
			return read(new URI(text), scheme);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"It is not a URI: " + ex.getReason() + " at position " + ex.getIndex() + ".", ex);
		}
	}

	private static String scheme(String text, boolean secured) {
		String name = text.toLowerCase(Locale.ROOT);
		require(DEFAULT_PORTS.containsKey(name), "The scheme " + Printable.escape(text) + " is unknown.");
		return (secured) ? SECURED.getOrDefault(name, name) : name;
	}

	private static URI read(URI uri, String scheme) {
		String authority = uri.getRawAuthority();
		require(authority != null, "There is no host.");
		if (uri.getHost() == null) {
			throw new IllegalArgumentException(withoutHost(authority));
		}
		int port = (uri.getPort() != -1) ? uri.getPort() : DEFAULT_PORTS.getOrDefault(scheme, -1);
		require(port >= 1 && port <= 65_535, "The port " + port + " is out of range.");
		require(uri.getRawQuery() == null && uri.getRawFragment() == null,
				"A server's URI has neither a query nor a fragment.");
		return URI.create(scheme + "://" + uri.getHost() + ":" + port + path(uri, scheme));
	}

	private static String path(URI uri, String scheme) {
		String path = uri.getRawPath();
		boolean given = path != null && !path.isEmpty();
		if (isWebSocket(scheme)) {
			return (given) ? path : DEFAULT_PATH;
		}
		require(!given || path.equals("/"), "Only a server over WebSocket (ws or wss) has a path.");
		return "";
	}

	private static boolean isWebSocket(String scheme) {
		return scheme.equals("ws") || scheme.equals("wss");
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
		return ((scheme.lookingAt()) ? scheme.group() : "") + PropertyChecks.MASK;
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
