package io.github.mqttspringboot.observation;

import io.micrometer.common.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is, or {@code none}.
 *
 * @param host the host, without the brackets of IPv6
 * @param port the port
 */
record ServerAddress(String host, String port) {

	private static final ServerAddress NONE = new ServerAddress(KeyValue.NONE_VALUE, KeyValue.NONE_VALUE);

	// Not java.net.URI, which takes no underscore for a host
	static ServerAddress of(@Nullable String uri) {
		if (uri == null) {
			return NONE;
		}
		int scheme = uri.indexOf("://");
		int start = (scheme < 0) ? 0 : scheme + 3;
		int path = uri.indexOf('/', start);
		String authority = uri.substring(start, (path < 0) ? uri.length() : path);
		int colon = authority.lastIndexOf(':');
		boolean hasPort = colon > authority.lastIndexOf(']');
		String host = (hasPort) ? authority.substring(0, colon) : authority;
		if (host.startsWith("[") && host.endsWith("]")) {
			host = host.substring(1, host.length() - 1);
		}
		return new ServerAddress(value(host), (hasPort) ? value(authority.substring(colon + 1)) : NONE.port());
	}

	private static String value(String text) {
		return (text.isEmpty()) ? KeyValue.NONE_VALUE : text;
	}

}
