package io.github.mqttspringboot.paho;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;

/**
 * Where a server is. Read from the URI's authority, because {@link URI#getHost()} knows
 * no underscores.
 *
 * @param host the host name or address, without brackets
 * @param port the port
 */
record ServerAddress(String host, int port) {

	private static final int DEFAULT_PORT = 1883;

	private static final Pattern AUTHORITY = Pattern.compile("(?:.*@)?(\\[[^\\]]+\\]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

	/**
	 * Read a URI.
	 * @param uri the URI
	 * @return the address
	 * @throws IllegalArgumentException if this wire cannot connect to it, with a message
	 * that does not repeat the user information
	 */
	static ServerAddress of(URI uri) {
		String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
		switch (scheme) {
			case "mqtt", "tcp" -> {
			}
			case "mqtts", "ssl", "tls", "ws", "wss" -> throw new IllegalArgumentException(
					"The scheme '" + scheme + "' of " + describe(uri) + " is not supported yet: use 'mqtt' or 'tcp'");
			default -> throw new IllegalArgumentException(
					"The scheme of " + describe(uri) + " must be 'mqtt' or 'tcp', as in mqtt://host:1883");
		}
		Matcher authority = AUTHORITY.matcher((uri.getRawAuthority() != null) ? uri.getRawAuthority() : "");
		if (!authority.matches()) {
			throw new IllegalArgumentException(
					"The server " + describe(uri) + " must be given as mqtt://host:port, an IPv6 address in brackets");
		}
		if (isPresent(uri.getRawPath()) || uri.getRawQuery() != null || uri.getRawFragment() != null) {
			throw new IllegalArgumentException(
					"The server " + describe(uri) + " must end with its port: MQTT over TCP has no path");
		}
		int port = (authority.group(2) != null) ? Integer.parseInt(authority.group(2)) : DEFAULT_PORT;
		if (port < 1 || port > 65535) {
			throw new IllegalArgumentException("The port of " + describe(uri) + " must be 1 to 65535");
		}
		String host = authority.group(1);
		if (host.startsWith("[")) {
			host = host.substring(1, host.length() - 1).replace("%25", "%");
		}
		return new ServerAddress(host, port);
	}

	/**
	 * Name the server of any URI, without user information.
	 * @param uri the URI
	 * @return the host and port, or what can be read of them
	 */
	static String name(URI uri) {
		try {
			return of(uri).toString();
		}
		catch (IllegalArgumentException ex) {
			return describe(uri);
		}
	}

	private static String describe(URI uri) {
		String authority = uri.getRawAuthority();
		String text = (authority != null) ? authority.substring(authority.lastIndexOf('@') + 1) : "without a host";
		return "'" + Printable.escape(text) + "'";
	}

	/**
	 * Return the URI for Paho: with an address that needs no resolving in place of the
	 * host, because Paho resolves it before there is a socket, fails on IPv6 addresses
	 * and underscores, and is not to connect to it anyway.
	 * @return the URI
	 */
	String pahoUri() {
		return "tcp://127.0.0.1:" + this.port;
	}

	private static boolean isPresent(@Nullable String path) {
		return path != null && !path.isEmpty() && !"/".equals(path);
	}

	@Override
	public String toString() {
		return ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
