package io.github.mqttspringboot.packet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A trie of topic filters that finds the values whose filter matches a topic name (MQTT 5
 * §4.7). Not thread-safe.
 * <p>
 * It goes level by level, not by recursion: topics come from the network and may have
 * 65,535 levels.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public final class TopicTree<T> {

	private final Node<T> root = new Node<>(null, "");

	private long sequence;

	/**
	 * Add a value. Filters of shared subscriptions match as their filter part does. A
	 * value added more than once is found as often.
	 * @param filter a valid topic filter
	 * @param value the value
	 */
	public void add(String filter, T value) {
		Node<T> node = this.root;
		String path = Topics.matchingPart(filter);
		int start = 0;
		while (start >= 0) {
			int end = levelEnd(path, start);
			node = node.childOrNew(path.substring(start, end));
			start = nextLevel(path, end);
		}
		node.entries.add(new Entry<>(this.sequence++, filter, value));
	}

	/**
	 * Remove a value.
	 * @param filter the topic filter it was added with
	 * @param value the value
	 * @return whether it was there
	 */
	public boolean remove(String filter, T value) {
		Node<T> node = find(Topics.matchingPart(filter));
		if (node == null) {
			return false;
		}
		for (int i = 0; i < node.entries.size(); i++) {
			Entry<T> entry = node.entries.get(i);
			if (entry.filter.equals(filter) && entry.value.equals(value)) {
				node.entries.remove(i);
				node.prune();
				return true;
			}
		}
		return false;
	}

	/**
	 * Find the values whose filter matches.
	 * @param topic a valid topic name
	 * @return the values in the order of their adding, never {@code null}
	 */
	public List<T> match(String topic) {
		List<Entry<T>> found = new ArrayList<>();
		List<Node<T>> nodes = List.of(this.root);
		// No wildcard matches a first level that starts with $ [MQTT-4.7.2-1]
		boolean wildcards = !topic.startsWith("$");
		int start = 0;
		while (start >= 0 && !nodes.isEmpty()) {
			int end = levelEnd(topic, start);
			nodes = descend(nodes, topic.substring(start, end), wildcards, found);
			start = nextLevel(topic, end);
			wildcards = true;
		}
		for (Node<T> node : nodes) {
			found.addAll(node.entries);
			// "sport/#" matches "sport" too
			node.addHash(found);
		}
		found.sort(Comparator.comparingLong(Entry::sequence));
		List<T> values = new ArrayList<>(found.size());
		for (Entry<T> entry : found) {
			values.add(entry.value);
		}
		return values;
	}

	/**
	 * Return whether it takes no more room than a new one.
	 * @return {@code true} if there is nothing left of what was added
	 */
	boolean isEmpty() {
		return !(this.root.children instanceof HashMap);
	}

	private static <T> List<Node<T>> descend(List<Node<T>> nodes, String level, boolean wildcards,
			List<Entry<T>> found) {
		List<Node<T>> next = new ArrayList<>();
		for (Node<T> node : nodes) {
			if (wildcards) {
				node.addHash(found);
				node.addChild("+", next);
			}
			// A literal level is never a wildcard, whatever the network sends
			if (!Topics.hasWildcard(level)) {
				node.addChild(level, next);
			}
		}
		return next;
	}

	private @Nullable Node<T> find(String path) {
		Node<T> node = this.root;
		int start = 0;
		while (start >= 0 && node != null) {
			int end = levelEnd(path, start);
			node = node.children.get(path.substring(start, end));
			start = nextLevel(path, end);
		}
		return node;
	}

	private static int levelEnd(String path, int start) {
		int end = path.indexOf('/', start);
		return (end >= 0) ? end : path.length();
	}

	private static int nextLevel(String path, int end) {
		return (end < path.length()) ? end + 1 : -1;
	}

	private record Entry<T>(long sequence, String filter, T value) {

	}

	private static final class Node<T> {

		private final @Nullable Node<T> parent;

		private final String level;

		private Map<String, Node<T>> children = Map.of();

		private final List<Entry<T>> entries = new ArrayList<>(0);

		Node(@Nullable Node<T> parent, String level) {
			this.parent = parent;
			this.level = level;
		}

		Node<T> childOrNew(String level) {
			if (this.children.isEmpty()) {
				this.children = new HashMap<>(4);
			}
			return this.children.computeIfAbsent(level, (key) -> new Node<>(this, key));
		}

		private Node<T> without(String level) {
			this.children.remove(level);
			if (this.children.isEmpty()) {
				// A map keeps the room that it once needed
				this.children = Map.of();
			}
			return this;
		}

		void addChild(String level, List<Node<T>> target) {
			Node<T> child = this.children.get(level);
			if (child != null) {
				target.add(child);
			}
		}

		void addHash(List<Entry<T>> target) {
			Node<T> child = this.children.get("#");
			if (child != null) {
				target.addAll(child.entries);
			}
		}

		void prune() {
			Node<T> node = this;
			while (node.parent != null && node.entries.isEmpty() && node.children.isEmpty()) {
				node = node.parent.without(node.level);
			}
		}

	}

}
