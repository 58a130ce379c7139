package io.github.mqttspringboot.listener;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.packet.Topics;

/**
 * A topic filter in which {@code {name}} stands for one level. Immutable.
 */
final class ListenerTopic {

	private static final Pattern VARIABLE = Pattern.compile("\\{[A-Za-z_][A-Za-z0-9_-]*}");

	private static final String SINGLE = "+";

	private static final String MULTI = "#";

	private final String filter;

	/** Of the part that topic names are matched against. */
	private final String[] levels;

	/** By index of the level. */
	private final Map<Integer, String> variables;

	private ListenerTopic(String filter, String[] levels, Map<Integer, String> variables) {
		this.filter = filter;
		this.levels = levels;
		this.variables = variables;
	}

	/**
	 * Parse a topic filter.
	 * @param listener the listener, for messages
	 * @param template the topic filter with its variables
	 * @param group the name of the group that shares it, {@code null} for none
	 * @return the parsed filter
	 * @throws InvalidMqttListenerException if it cannot be subscribed
	 */
	static ListenerTopic parse(String listener, String template, @Nullable String group) {
		int shared = template.length() - Topics.matchingPart(template).length();
		if (group != null && Topics.isShared(template)) {
			throw invalid(listener, template, "it is a shared subscription already, and the listener has the group '"
					+ Printable.escape(group) + "'", "Leave out either 'group' or '$share/'.");
		}
		if (group != null && group.indexOf('/') >= 0) {
			throw invalid(listener, template,
					"the name of a group has no slash, but this is '" + Printable.escape(group) + "'",
					"Correct 'group'.");
		}
		String[] levels = template.substring(shared).split("/", -1);
		Map<Integer, String> variables = new LinkedHashMap<>();
		for (int i = 0; i < levels.length; i++) {
			String level = levels[i];
			if (VARIABLE.matcher(level).matches()) {
				String variable = level.substring(1, level.length() - 1);
				if (variables.containsValue(variable)) {
					throw invalid(listener, template, "it has the variable {" + variable + "} twice",
							"Give each level a variable of its own.");
				}
				variables.put(i, variable);
				levels[i] = SINGLE;
			}
			else if (level.indexOf('{') >= 0 || level.indexOf('}') >= 0) {
				throw invalid(listener, template,
						"'" + Printable.escape(level) + "' is neither a whole level that is a variable, nor plain text",
						"Write a variable as a level of its own, such as meters/{id}/reading, with a name of letters, "
								+ "digits, '-' and '_'.");
			}
		}
		String filter = ((group != null) ? "$share/" + group + "/" : template.substring(0, shared))
				+ String.join("/", levels);
		String problem = Topics.checkFilter(filter);
		if (problem != null) {
			throw invalid(listener, template, problem, "Correct 'topics' or 'group'.");
		}
		return new ListenerTopic(filter, levels, Map.copyOf(variables));
	}

	private static InvalidMqttListenerException invalid(String listener, String template, String reason,
			String action) {
		return new InvalidMqttListenerException(listener,
				"The topic filter '" + Printable.escape(template) + "' cannot be subscribed: " + reason + ".", action);
	}

	String filter() {
		return this.filter;
	}

	boolean hasVariable(String name) {
		return this.variables.containsValue(name);
	}

	boolean isUsedIn(String topic) {
		return this.variables.values().stream().anyMatch((variable) -> topic.contains("{" + variable + "}"));
	}

	boolean isShared() {
		return Topics.isShared(this.filter);
	}

	/**
	 * Find the variables of a message.
	 * @param topics the topic filters of a listener
	 * @param topic the topic name of the message
	 * @return the variables of all filters that match by their names; of one that several
	 * have, the value by the first of them
	 */
	static Map<String, String> variables(List<ListenerTopic> topics, String topic) {
		Map<String, String> variables = new LinkedHashMap<>();
		for (ListenerTopic candidate : topics) {
			Map<String, String> found = candidate.match(topic);
			if (found != null) {
				found.forEach(variables::putIfAbsent);
			}
		}
		return variables;
	}

	/**
	 * Match a topic name (MQTT 5 §4.7).
	 * @param topic the topic name
	 * @return the variables by their names, {@code null} if the filter does not match
	 */
	@Nullable Map<String, String> match(String topic) {
		List<String> found = split(topic);
		boolean open = this.levels[this.levels.length - 1].equals(MULTI);
		int fixed = open ? this.levels.length - 1 : this.levels.length;
		if (found.size() < fixed || (!open && found.size() > fixed)) {
			return null;
		}
		if (topic.startsWith("$") && (this.levels[0].equals(SINGLE) || this.levels[0].equals(MULTI))) {
			return null;
		}
		for (int i = 0; i < fixed; i++) {
			if (!this.levels[i].equals(SINGLE) && !this.levels[i].equals(found.get(i))) {
				return null;
			}
		}
		if (this.variables.isEmpty()) {
			return Map.of();
		}
		Map<String, String> values = new LinkedHashMap<>();
		this.variables.forEach((level, variable) -> values.put(variable, found.get(level)));
		return values;
	}

	private static List<String> split(String topic) {
		List<String> levels = new ArrayList<>();
		int start = 0;
		for (int end = topic.indexOf('/'); end >= 0; end = topic.indexOf('/', start)) {
			levels.add(topic.substring(start, end));
			start = end + 1;
		}
		levels.add(topic.substring(start));
		return levels;
	}

	@Override
	public String toString() {
		return Printable.escape(this.filter);
	}

}
