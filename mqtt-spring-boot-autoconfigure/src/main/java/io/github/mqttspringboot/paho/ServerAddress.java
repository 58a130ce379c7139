package io.github.mqttspringboot.paho;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.mqttspringboot.error.Printable;

/**
 * Where a server is. Read from the URI's authority, because {@link URI#getHost()} knows
 * no underscores.
 *
 * @param scheme how it is reached
 * @param host the host name or address, without brackets
 * @param port the port
 * @param path the path of the WebSocket upgrade, empty without WebSocket
 */
record ServerAddress(ServerScheme scheme, String host, int port, String path) {

	private static final String DEFAULT_PATH = "/mqtt";

	private static final Pattern AUTHORITY = Pattern.compile("(?:.*@)?(\\[[^\\]]+\\]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

	/**
	 * Read a URI.
	 * @param uri the URI
	 * @return the address
	 * @throws IllegalArgumentException if this wire cannot connect to it, with a message
	 * that does not repeat the user information
	 */
	static ServerAddress of(URI uri) {
		ServerScheme scheme = ServerScheme.find(uri.getScheme());
		if (scheme == null) {
			throw new IllegalArgumentException("The scheme of " + describe(uri)
					+ " must be mqtt, tcp, mqtts, ssl, tls, ws or wss, as in mqtt://host:1883");
		}
		Matcher authority = AUTHORITY.matcher((uri.getRawAuthority() != null) ? uri.getRawAuthority() : "");
		if (!authority.matches()) {
			throw new IllegalArgumentException(
					"The server " + describe(uri) + " must be given as mqtt://host:port, an IPv6 address in brackets");
		}
		if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
			throw new IllegalArgumentException("The server " + describe(uri) + " must have no query and no fragment");
		}
		int port = (authority.group(2) != null) ? Integer.parseInt(authority.group(2)) : scheme.defaultPort();
		if (port < 1 || port > 65535) {
			throw new IllegalArgumentException("The port of " + describe(uri) + " must be 1 to 65535");
		}
		String host = authority.group(1);
		if (host.startsWith("[")) {
			host = host.substring(1, host.length() - 1).replace("%25", "%");
		}
		return new ServerAddress(scheme, host, port, path(uri, scheme));
	}

	private static String path(URI uri, ServerScheme scheme) {
		String path = URI.create(uri.toASCIIString()).getRawPath();
		boolean given = path != null && !path.isEmpty();
		if (scheme.isWebSocket()) {
			return (given) ? path : DEFAULT_PATH;
		}
		if (given && !"/".equals(path)) {
			throw new IllegalArgumentException(
					"The server " + describe(uri) + " must end with its port: only ws and wss have a path");
		}
		return "";
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
	 * Return the URI for Paho: plain TCP whatever the scheme, because all layers above it
	 * are in the {@link Transport}, and with an address that needs no resolving in place
	 * of the host, because Paho resolves it before there is a socket, fails on IPv6
	 * addresses and underscores, and is not to connect to it anyway.
	 * @return the URI
	 */
	String pahoUri() {
		return "tcp://127.0.0.1:" + this.port;
	}

	/**
	 * Return the name that a certificate must carry: without the zone of an IPv6 address
	 * and the dot at the end of an absolute name.
	 * @return the host name or address, without brackets
	 */
	String certificateName() {
		String name = (isIpv6()) ? this.host.replaceFirst("%.*", "") : this.host;
		return (name.endsWith(".")) ? name.substring(0, name.length() - 1) : name;
	}

	/**
	 * Return the Host header of the WebSocket upgrade (RFC 6455 §4.1).
	 * @return the host, and the port unless it is the default one
	 */
	String hostHeader() {
		String name = (isIpv6()) ? "[" + certificateName() + "]" : this.host;
		return (this.port == this.scheme.defaultPort()) ? name : name + ":" + this.port;
	}

	private boolean isIpv6() {
		return this.host.indexOf(':') >= 0;
	}

	/**
	 * Name the server.
	 * @return the host and port
	 */
	@Override
	public String toString() {
		return ((isIpv6()) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
