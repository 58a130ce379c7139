package io.github.mqttspringboot.testing;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/**
 * Finds threads that something left behind.
 */
public final class ThreadWatch {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Set<Thread> before = Thread.getAllStackTraces().keySet();

	private final Pattern names;

	private ThreadWatch(Pattern names) {
		this.names = names;
	}

	/**
	 * Remember the threads that are alive now.
	 * @param names the names of the threads that matter, as a regular expression of which
	 * a part of the name is enough
	 * @return the watch
	 */
	public static ThreadWatch on(String names) {
		return new ThreadWatch(Pattern.compile(names));
	}

	/**
	 * Return the threads that matter, were started since and are alive.
	 * @return their names, sorted
	 */
	public List<String> started() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !this.before.contains(thread))
			.map(Thread::getName)
			.filter((name) -> this.names.matcher(name).find())
			.sorted()
			.toList();
	}

	/**
	 * Wait until the threads that matter and were started since are gone.
	 */
	public void assertGone() {
		assertGone(PATIENCE);
	}

	/**
	 * Wait until the threads that matter and were started since are gone.
	 * @param patience how long to wait before the assertion fails
	 */
	public void assertGone(Duration patience) {
		// A thread of Awaitility's own would be one started since
		Awaitility.await()
			.pollInSameThread()
			.atMost(patience)
			.pollDelay(Duration.ZERO)
			.untilAsserted(() -> Assertions.assertThat(started()).as("threads left behind").isEmpty());
	}

}
