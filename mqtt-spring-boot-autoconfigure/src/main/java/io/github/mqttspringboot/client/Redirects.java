package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientSettings.Redirect;
import io.github.mqttspringboot.error.Printable;

/**
 * Decides whether the client goes where a Server Reference points to (MQTT 5 §4.13): only
 * if told so, only to hosts it knows, only by the transport it uses already, and not
 * round in circles. Used on the engine's thread only.
 */
final class Redirects {

	private static final int MAX_HOPS = 3;

	private static final Map<String, Integer> DEFAULT_PORTS = Map.of("mqtt", 1883, "tcp", 1883, "mqtts", 8883, "ssl",
			8883, "tls", 8883, "ws", 80, "wss", 443);

	private static final Map<String, String> ALIASES = Map.of("tcp", "mqtt", "ssl", "mqtts", "tls", "mqtts");

	private static final Pattern REFERENCE = Pattern
		.compile("(?:([A-Za-z]+)://)?(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

	private final Redirect settings;

	private final UnaryOperator<String> property;

	private int hops;

	/**
	 * Create what reads Server References.
	 * @param settings whether and where they are followed
	 * @param property gives the full name of one of the client's properties
	 */
	Redirects(Redirect settings, UnaryOperator<String> property) {
		this.settings = settings;
		this.property = property;
	}

	/** The client turns to its own servers again, or has found a good one. */
	void reset() {
		this.hops = 0;
	}

	/**
	 * Read a Server Reference.
	 * @param from the server that sent it
	 * @param reference the Server Reference, {@code null} if it sent none
	 * @return where to go, or why not
	 */
	Answer follow(URI from, @Nullable String reference) {
		if (reference == null || reference.isBlank()) {
			return Answer.no("no Server Reference");
		}
		String pointer = "Server Reference '" + Printable.escape(reference) + "'";
		if (!this.settings.enabled()) {
			return Answer.no(pointer + " not followed ('" + this.property.apply("redirect.enabled") + "' is false)");
		}
		if (this.hops >= MAX_HOPS) {
			return Answer.no(pointer + " not followed (" + MAX_HOPS + " in a row have been)");
		}
		Set<URI> servers = new LinkedHashSet<>();
		List<String> refused = new ArrayList<>();
		for (String part : reference.trim().split(" +")) {
			String problem = read(from, part, servers);
			if (problem != null) {
				refused.add(Printable.escape(part) + " " + problem);
			}
		}
		if (servers.isEmpty()) {
			return Answer.no(pointer + " not followed (" + String.join("; ", refused) + ")");
		}
		this.hops++;
		return new Answer(List.copyOf(servers), pointer + " followed");
	}

	private @Nullable String read(URI from, String part, Set<URI> servers) {
		Matcher matcher = REFERENCE.matcher(part);
		if (!matcher.matches()) {
			return "is not host:port";
		}
		if (matcher.group(1) != null && !scheme(matcher.group(1)).equals(scheme(from.getScheme()))) {
			return "means another transport than " + from.getScheme();
		}
		String address = address(matcher, from);
		if (this.settings.allowedHosts().stream().noneMatch((host) -> address.equals(address(host, from)))) {
			return "is not in '" + this.property.apply("redirect.allowed-hosts") + "'";
		}
		String path = (from.getRawPath() != null) ? from.getRawPath() : "";
		servers.add(URI.create(from.getScheme() + "://" + address + path));
		return null;
	}

	private static @Nullable String address(String host, URI from) {
		Matcher matcher = REFERENCE.matcher(host.trim());
		return (matcher.matches()) ? address(matcher, from) : null;
	}

	private static String address(Matcher matcher, URI from) {
		String port = matcher.group(3);
		return matcher.group(2).toLowerCase(Locale.ROOT) + ":"
				+ ((port != null) ? Integer.parseInt(port) : DEFAULT_PORTS.getOrDefault(scheme(from.getScheme()), -1));
	}

	private static String scheme(String name) {
		String scheme = name.toLowerCase(Locale.ROOT);
		return ALIASES.getOrDefault(scheme, scheme);
	}

	/**
	 * What becomes of a Server Reference.
	 *
	 * @param servers where to go, in this order; empty if it is not followed
	 * @param note what was done and why, for people
	 */
	record Answer(List<URI> servers, String note) {

		static Answer no(String note) {
			return new Answer(List.of(), note);
		}

		boolean isFollowed() {
			return !this.servers.isEmpty();
		}

	}

}
