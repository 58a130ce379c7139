package io.github.mqttspringboot.client;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who was unanswered at one end of a connection after the other: what makes the server
 * end each of them is among those that were at all. A server answers in order, so that
 * the oldest is the one it was at; where that changes, it takes one end more. Used on the
 * engine's thread only.
 */
final class Lineup {

	private static final int ENOUGH = 2;

	private static final int ENOUGH_IF_THE_OLDEST_CHANGES = 3;

	private Set<Object> oldest = Set.of();

	private int ends;

	private boolean clear;

	/**
	 * A connection has ended.
	 * @param out who was unanswered, at least one
	 * @param before who was at each end before
	 * @param named whether the server gave a reason, and they are those that it may mean
	 * @return who was unanswered now and before
	 */
	List<Unanswered> end(List<Unanswered> out, Collection<?> before, boolean named) {
		List<Unanswered> again = out.stream().filter((each) -> before.contains(each.key())).toList();
		Set<Object> first = oldest(out);
		boolean same = named || first.stream().anyMatch(this.oldest::contains);
		this.oldest = first;
		this.ends = (again.isEmpty()) ? 1 : this.ends + 1;
		this.clear = this.ends >= ((same) ? ENOUGH : ENOUGH_IF_THE_OLDEST_CHANGES);
		return again;
	}

	private static Set<Object> oldest(List<Unanswered> out) {
		long first = out.stream().mapToLong(Unanswered::order).min().orElse(0);
		Set<Object> oldest = new HashSet<>();
		out.stream().filter((each) -> each.order() == first).forEach((each) -> oldest.add(each.key()));
		return oldest;
	}

	/**
	 * Return whether it is known whom to put on probation.
	 * @return {@code true} if it was not the network, in all likelihood
	 */
	boolean isClear() {
		return this.clear;
	}

	/** Nobody is under suspicion. */
	void clear() {
		this.oldest = Set.of();
		this.ends = 0;
		this.clear = false;
	}

}
