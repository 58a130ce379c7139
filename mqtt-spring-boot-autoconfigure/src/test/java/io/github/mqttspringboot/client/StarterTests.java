package io.github.mqttspringboot.client;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Starter} and those who start with it: what was given to an executor
 * without a thread is done when there is one.
 */
class StarterTests {

	private static final ClientLog LOG = new ClientLog("default", "test");

	private final List<String> done = new ArrayList<>();

	private final Deque<Runnable> timer = new ArrayDeque<>();

	private int refusals;

	private boolean noTimer;

	@Test
	void aMailboxGoesOnByItself() {
		Mailbox mailbox = new Mailbox(this::execute, Runnable::run, this::later);
		this.refusals = 2;
		mailbox.execute(() -> this.done.add("one"));
		tick();
		assertThat(this.done).isEmpty();
		tick();
		assertThat(this.done).containsExactly("one");
		assertThat(this.timer).isEmpty();
	}

	@Test
	void aMailboxGoesOnWithTheNextMessage() {
		Mailbox mailbox = new Mailbox(this::execute, Runnable::run, this::later);
		this.refusals = 1;
		this.noTimer = true;
		mailbox.execute(() -> this.done.add("one"));
		mailbox.execute(() -> this.done.add("two"));
		assertThat(this.done).containsExactly("one", "two");
	}

	@Test
	void manyCallsWaitForOneTimer() {
		Mailbox mailbox = new Mailbox(this::execute, Runnable::run, this::later);
		this.refusals = 10;
		for (int i = 0; i < 10; i++) {
			mailbox.execute(() -> this.done.add("one"));
		}
		assertThat(this.timer).hasSize(1);
		tick();
		assertThat(this.done).hasSize(10);
	}

	@Test
	void aMailboxWhoseHandlerThrowsGoesOn() {
		Deque<Runnable> thread = new ArrayDeque<>();
		Mailbox mailbox = new Mailbox(thread::add, (message) -> {
			message.run();
			throw new IllegalStateException("on purpose");
		});
		mailbox.execute(() -> this.done.add("one"));
		mailbox.execute(() -> this.done.add("two"));
		while (!thread.isEmpty()) {
			try {
				thread.remove().run();
			}
			catch (IllegalStateException ex) {
				assertThat(ex).hasMessage("on purpose");
			}
		}
		assertThat(this.done).containsExactly("one", "two");
	}

	@Test
	void aLaneGoesOnByItselfAndInOrder() {
		SerialLane lane = new SerialLane(this::execute, this::later, LOG);
		this.refusals = 1;
		lane.execute(() -> this.done.add("one"));
		tick();
		lane.execute(() -> this.done.add("two"));
		assertThat(this.done).containsExactly("one", "two");
	}

	@Test
	void aLaneGoesOnWithTheNextTask() {
		SerialLane lane = new SerialLane(this::execute, this::later, LOG);
		this.refusals = 1;
		lane.execute(() -> this.done.add("one"));
		lane.execute(() -> this.done.add("two"));
		tick();
		assertThat(this.done).containsExactly("one", "two");
	}

	@Test
	void aFutureEndsAllTheSame() {
		Announcements announcements = new Announcements();
		Outcome outcome = new Outcome(this::execute, announcements, this::later);
		CompletableFuture<String> future = new CompletableFuture<>();
		this.refusals = 1;
		outcome.complete(future, "done");
		announcements.release(Runnable::run);
		assertThat(future).isNotDone();
		tick();
		assertThat(future).isCompletedWithValue("done");
	}

	@Test
	void aJournalIsWrittenAllTheSame(@TempDir Path directory) throws Exception {
		VirtualScheduler writer = new VirtualScheduler() {

			@Override
			public void execute(Runnable task) {
				StarterTests.this.execute(() -> super.execute(task));
			}

		};
		List<Long> synced = new ArrayList<>();
		FileSessionStore store = new FileSessionStore(directory, "me", writer, null, this::later);
		store.open(new SessionStore.Listener() {

			@Override
			public void synced(long position) {
				synced.add(position);
			}

			@Override
			public void failed(long first, long last, Throwable cause) {
				throw new IllegalStateException("not expected", cause);
			}

			@Override
			public void repaired(String problem, boolean lost) {
				throw new IllegalStateException("not expected: " + problem);
			}

		});
		this.refusals = 1;
		long position = store.received(1);
		writer.run();
		assertThat(synced).isEmpty();
		tick();
		writer.run();
		assertThat(synced).containsExactly(position);
		this.refusals = 1;
		store.received(2);
		position = store.received(3);
		writer.run();
		assertThat(synced).contains(position);
		store.close();
	}

	/** An {@link Executor} that has no thread now and then. */
	private void execute(Runnable task) {
		if (this.refusals > 0) {
			this.refusals--;
			throw new OutOfMemoryError("unable to create native thread (on purpose)");
		}
		task.run();
	}

	private void later(Runnable task) {
		if (this.noTimer) {
			throw new OutOfMemoryError("unable to create native thread (on purpose)");
		}
		this.timer.add(task);
	}

	private void tick() {
		this.timer.remove().run();
	}

}
