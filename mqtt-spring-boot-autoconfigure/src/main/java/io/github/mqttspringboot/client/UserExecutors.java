package io.github.mqttspringboot.client;

import java.util.concurrent.Executor;

/**
 * Where code of the application runs: futures, message handlers and events each on their
 * own, so that one that blocks holds up none of the others.
 *
 * @param futures completes futures, in any order
 * @param messages calls message handlers, in order
 * @param events calls event listeners, in order
 * @param closing waits a moment for what is under way and ends the threads
 */
record UserExecutors(Executor futures, Executor messages, Executor events, Runnable closing) {

	/**
	 * Return whether the calling thread calls message handlers.
	 * @return {@code true} if messages wait for it
	 */
	boolean isMessagesThread() {
		return this.messages instanceof LaneExecutor lane && lane.isCurrentThread();
	}

	static UserExecutors threads(String threadNamePrefix) {
		FutureExecutor futures = new FutureExecutor(threadNamePrefix + "futures-");
		LaneExecutor messages = new LaneExecutor(threadNamePrefix + "messages");
		LaneExecutor events = new LaneExecutor(threadNamePrefix + "events");
		return new UserExecutors(futures, messages, events, () -> {
			futures.close();
			messages.close();
			events.close();
		});
	}

}
