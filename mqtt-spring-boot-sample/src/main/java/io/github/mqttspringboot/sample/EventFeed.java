package io.github.mqttspringboot.sample;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Hands events to browsers. Adding one never waits for a browser: each has a queue of its
 * own, and one that does not read it is dropped, to come back and take up from the
 * history. Thread-safe.
 */
@Component
class EventFeed {

	/** The event name of a received message. */
	static final String MESSAGE = "message";

	static final int HISTORY = 100;

	private static final int MESSAGE_HISTORY = 20;

	private static final int MAX_SUBSCRIBERS = 50;

	private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

	private final Object monitor = new Object();

	private final Deque<FeedEvent> events = new ArrayDeque<>();

	/** Apart, because a message a second would soon push out all events. */
	private final Deque<FeedEvent> messages = new ArrayDeque<>();

	private final Set<FeedSubscriber> subscribers = new LinkedHashSet<>();

	private long sequence;

	private boolean closed;

	/**
	 * Add an event.
	 * @param name the name of the event
	 * @param data the event as JSON
	 */
	void add(String name, Map<String, Object> data) {
		synchronized (this.monitor) {
			this.sequence++;
			FeedEvent event = new FeedEvent(this.sequence, this.run + "-" + this.sequence, name, data);
			if (name.equals(MESSAGE)) {
				remember(this.messages, event, MESSAGE_HISTORY);
			}
			else {
				remember(this.events, event, HISTORY);
			}
			this.subscribers.removeIf((subscriber) -> !subscriber.offer(event));
		}
	}

	/**
	 * Subscribe a browser: first the history, then what comes.
	 * @param lastEventId the id of the last event it has seen, {@code null} for none
	 * @return what it is to be sent, {@code null} if there are too many browsers or the
	 * feed is closed
	 */
	@Nullable FeedSubscriber subscribe(@Nullable String lastEventId) {
		synchronized (this.monitor) {
			if (this.closed || this.subscribers.size() >= MAX_SUBSCRIBERS) {
				return null;
			}
			FeedSubscriber subscriber = new FeedSubscriber(history(lastSequence(lastEventId)));
			this.subscribers.add(subscriber);
			return subscriber;
		}
	}

	/**
	 * Forget a browser.
	 * @param subscriber what {@link #subscribe} returned
	 */
	void unsubscribe(FeedSubscriber subscriber) {
		synchronized (this.monitor) {
			this.subscribers.remove(subscriber);
		}
		subscriber.close();
	}

	/**
	 * Send all browsers away, for good.
	 */
	void close() {
		synchronized (this.monitor) {
			this.closed = true;
			this.subscribers.forEach(FeedSubscriber::close);
			this.subscribers.clear();
		}
	}

	private static void remember(Deque<FeedEvent> history, FeedEvent event, int limit) {
		history.addLast(event);
		if (history.size() > limit) {
			history.removeFirst();
		}
	}

	private List<FeedEvent> history(long after) {
		List<FeedEvent> history = new ArrayList<>(this.events);
		history.addAll(this.messages);
		history.removeIf((event) -> event.sequence() <= after);
		history.sort(Comparator.comparingLong(FeedEvent::sequence));
		return history;
	}

	// Numbers begin anew with each run of the sample, so an id of another run says
	// nothing
	private long lastSequence(@Nullable String lastEventId) {
		if (lastEventId == null || !lastEventId.startsWith(this.run + "-")) {
			return 0;
		}
		try {
			return Long.parseLong(lastEventId.substring(this.run.length() + 1));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
