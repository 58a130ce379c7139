package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.Printable;

/**
 * The head of an HTTP response (RFC 9112 §4), as far as a WebSocket upgrade needs it.
 */
final class HttpResponse {

	private static final String BEGINNING = "HTTP/1.";

	private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.\\d ([1-5]\\d\\d)(?: (.*))?");

	private static final int MAX_SIZE = 16 * 1024;

	private final int status;

	private final String phrase;

	private final Map<String, String> headers = new HashMap<>();

	private int size;

	private HttpResponse(ByteSource source) throws IOException {
		String line = readLine(source, BEGINNING);
		Matcher matcher = STATUS_LINE.matcher(line);
		if (!matcher.matches()) {
			throw notHttp(line);
		}
		this.status = Integer.parseInt(matcher.group(1));
		this.phrase = (matcher.group(2) != null) ? matcher.group(2).trim() : "";
		for (line = readLine(source, ""); !line.isEmpty(); line = readLine(source, "")) {
			int colon = line.indexOf(':');
			if (colon > 0) {
				this.headers.merge(line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
						line.substring(colon + 1).trim(), (first, second) -> first + ", " + second);
			}
		}
	}

	/**
	 * Read the head of a response, and not a byte more.
	 * @param source where from
	 * @return the response
	 * @throws IOException if there is none
	 */
	static HttpResponse read(ByteSource source) throws IOException {
		return new HttpResponse(source);
	}

	// A peer that speaks something else may never send the end of a line
	private String readLine(ByteSource source, String beginning) throws IOException {
		StringBuilder line = new StringBuilder();
		while (true) {
			int next = source.read();
			if (next < 0) {
				throw new TransportException(LocalError.CONNECTION_REFUSED,
						"closed the connection instead of answering the WebSocket upgrade", null);
			}
			if (++this.size > MAX_SIZE) {
				throw new TransportException(TransportException.NO_STATUS,
						"answered the WebSocket upgrade with more than " + MAX_SIZE + " bytes of headers");
			}
			if (next == '\n') {
				int end = line.length();
				return (end > 0 && line.charAt(end - 1) == '\r') ? line.substring(0, end - 1) : line.toString();
			}
			line.append((char) next);
			if (line.length() <= beginning.length() && beginning.charAt(line.length() - 1) != next) {
				throw notHttp(line.toString());
			}
		}
	}

	private static TransportException notHttp(String line) {
		return new TransportException(TransportException.NO_STATUS, "does not speak HTTP on this port, but began with '"
				+ Printable.escape(line) + "': check the scheme and the port");
	}

	int status() {
		return this.status;
	}

	/**
	 * Return whether another response follows.
	 * @return whether it does
	 */
	boolean isInterim() {
		return this.status < 200 && this.status != 101;
	}

	/**
	 * Return the status for people.
	 * @return the code and what the server calls it
	 */
	String describe() {
		return (this.phrase.isEmpty()) ? String.valueOf(this.status)
				: this.status + " " + Printable.escape(this.phrase);
	}

	/**
	 * Return a header.
	 * @param name the name in lower case
	 * @return the value, empty if there is none
	 */
	String header(String name) {
		return this.headers.getOrDefault(name, "");
	}

}
