package io.github.mqttspringboot.packet;

import org.jspecify.annotations.Nullable;

/**
 * The grammar of topic names and topic filters (MQTT 5 §4.7).
 *
 * @since 0.1.0
 */
public final class Topics {

	private static final String SHARED = "$share/";

	private static final String NAME_TITLE = "topic name";

	private static final String FILTER_TITLE = "topic filter";

	private Topics() {
	}

	/**
	 * Check a topic name.
	 * @param topic the topic name
	 * @return what is wrong with it, {@code null} if it is valid; the text does not
	 * repeat the topic name
	 */
	public static @Nullable String checkName(String topic) {
		String problem = checkText(NAME_TITLE, topic);
		if (problem != null) {
			return problem;
		}
		int index = indexOfWildcard(topic, 0, topic.length());
		return (index >= 0) ? NAME_TITLE + " contains the wildcard '" + topic.charAt(index) + "' at index " + index
				+ "; wildcards are for topic filters only" : null;
	}

	/**
	 * Check a topic filter, shared subscriptions ({@code $share/group/filter}) included.
	 * @param filter the topic filter
	 * @return what is wrong with it, {@code null} if it is valid; the text does not
	 * repeat the topic filter
	 */
	public static @Nullable String checkFilter(String filter) {
		String problem = checkText(FILTER_TITLE, filter);
		if (problem != null || !isShared(filter)) {
			return (problem != null) ? problem : checkLevels(filter, 0);
		}
		int end = filter.indexOf('/', SHARED.length());
		int nameEnd = (end >= 0) ? end : filter.length();
		if (nameEnd == SHARED.length()) {
			return "share name at index " + nameEnd + " is empty; a shared subscription is $share/name/filter";
		}
		int index = indexOfWildcard(filter, SHARED.length(), nameEnd);
		if (index >= 0) {
			return "share name contains the wildcard '" + filter.charAt(index) + "' at index " + index;
		}
		if (end < 0 || end + 1 == filter.length()) {
			return "shared subscription has no topic filter after its share name; write $share/name/filter";
		}
		return checkLevels(filter, end + 1);
	}

	/**
	 * Return whether a topic filter is that of a shared subscription (MQTT 5 §4.8.2).
	 * @param filter the topic filter
	 * @return {@code true} if it starts with {@code $share/}
	 */
	public static boolean isShared(String filter) {
		return filter.startsWith(SHARED);
	}

	/**
	 * Return whether a topic filter has a wildcard.
	 * @param filter the topic filter
	 * @return {@code true} if it contains {@code +} or {@code #}
	 */
	public static boolean hasWildcard(String filter) {
		return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
	}

	/**
	 * Return the filter that topic names are matched against.
	 * @param filter a valid topic filter
	 * @return the filter without {@code $share/group/}
	 */
	public static String matchingPart(String filter) {
		if (!isShared(filter)) {
			return filter;
		}
		int end = filter.indexOf('/', SHARED.length());
		return (end >= 0) ? filter.substring(end + 1) : filter;
	}

	/**
	 * Return whether there may be a topic name that two topic filters match.
	 * @param one a valid topic filter
	 * @param other a valid topic filter
	 * @return {@code false} if no topic name matches both
	 */
	public static boolean overlap(String one, String other) {
		String left = matchingPart(one);
		String right = matchingPart(other);
		int i = 0;
		int j = 0;
		while (i <= left.length() && j <= right.length()) {
			int leftEnd = levelEnd(left, i);
			int rightEnd = levelEnd(right, j);
			if (isLevel(left, i, leftEnd, '#') || isLevel(right, j, rightEnd, '#')) {
				return true;
			}
			boolean same = leftEnd - i == rightEnd - j && left.regionMatches(i, right, j, leftEnd - i);
			if (!same && !isLevel(left, i, leftEnd, '+') && !isLevel(right, j, rightEnd, '+')) {
				return false;
			}
			i = leftEnd + 1;
			j = rightEnd + 1;
		}
		// "sport/#" matches "sport" too
		return (i > left.length() || left.startsWith("#", i)) && (j > right.length() || right.startsWith("#", j));
	}

	private static int levelEnd(String filter, int start) {
		int end = filter.indexOf('/', start);
		return (end >= 0) ? end : filter.length();
	}

	private static boolean isLevel(String filter, int start, int end, char wildcard) {
		return end - start == 1 && filter.charAt(start) == wildcard;
	}

	private static @Nullable String checkText(String title, String topic) {
		if (topic.isEmpty()) {
			return title + " is empty";
		}
		String problem = Utf8.check(topic);
		return (problem != null) ? title + " " + problem : null;
	}

	private static @Nullable String checkLevels(String filter, int start) {
		for (int i = start; i < filter.length(); i++) {
			char character = filter.charAt(i);
			if (character != '+' && character != '#') {
				continue;
			}
			boolean last = i + 1 == filter.length();
			if ((i > start && filter.charAt(i - 1) != '/') || (!last && filter.charAt(i + 1) != '/')) {
				return FILTER_TITLE + " has the wildcard '" + character + "' at index " + i
						+ " beside other characters; it must be a level of its own";
			}
			if (character == '#' && !last) {
				return FILTER_TITLE + " has the wildcard '#' at index " + i + ", but it must be the last level";
			}
		}
		return null;
	}

	private static int indexOfWildcard(String topic, int start, int end) {
		for (int i = start; i < end; i++) {
			if (topic.charAt(i) == '+' || topic.charAt(i) == '#') {
				return i;
			}
		}
		return -1;
	}

}
