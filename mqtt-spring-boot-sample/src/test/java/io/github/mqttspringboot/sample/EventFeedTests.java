package io.github.mqttspringboot.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventFeed} and {@link FeedSubscriber}.
 */
class EventFeedTests {

	private final EventFeed feed = new EventFeed();

	@Test
	void subscriberGetsHistoryThenWhatComes() throws Exception {
		add("A", 1);
		FeedSubscriber subscriber = this.feed.subscribe(null);
		add("B", 2);
		assertThat(numbers(subscriber)).containsExactly(1, 2);
	}

	@Test
	void historyIsBounded() throws Exception {
		IntStream.rangeClosed(1, EventFeed.HISTORY + 50).forEach((number) -> add("A", number));
		assertThat(numbers(this.feed.subscribe(null))).hasSize(EventFeed.HISTORY)
			.startsWith(51)
			.endsWith(EventFeed.HISTORY + 50);
	}

	@Test
	void messagesDoNotPushEventsOut() throws Exception {
		add("A", 1);
		IntStream.rangeClosed(2, 1000).forEach((number) -> add(EventFeed.MESSAGE, number));
		assertThat(numbers(this.feed.subscribe(null))).startsWith(1, 981).endsWith(1000).hasSize(21);
	}

	@Test
	void browserThatComesBackGetsWhatItMissed() throws Exception {
		add("A", 1);
		add("A", 2);
		FeedSubscriber first = this.feed.subscribe(null);
		String seen = first.poll(Duration.ZERO).id();
		this.feed.unsubscribe(first);
		add("A", 3);
		assertThat(numbers(this.feed.subscribe(seen))).containsExactly(2, 3);
	}

	@Test
	void idOfAnotherRunMeansNothingWasSeen() throws Exception {
		add("A", 1);
		assertThat(numbers(this.feed.subscribe("other-99"))).containsExactly(1);
		assertThat(numbers(this.feed.subscribe("<script>"))).containsExactly(1);
	}

	@Test
	void browserThatDoesNotReadIsDroppedAndOthersGoOn() throws Exception {
		FeedSubscriber slow = this.feed.subscribe(null);
		FeedSubscriber quick = this.feed.subscribe(null);
		List<Integer> received = new ArrayList<>();
		for (int number = 1; number <= 2000; number++) {
			add("A", number);
			received.addAll(numbers(quick));
		}
		assertThat(slow.isClosed()).isTrue();
		assertThat(quick.isClosed()).isFalse();
		assertThat(received).hasSize(2000).isSorted();
	}

	@Test
	void closedSubscriberStopsWaiting() throws Exception {
		FeedSubscriber subscriber = this.feed.subscribe(null);
		CompletableFuture<FeedEvent> polled = CompletableFuture.supplyAsync(() -> {
			try {
				return subscriber.poll(Duration.ofMinutes(10));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		this.feed.close();
		assertThat(polled.get(10, TimeUnit.SECONDS)).isNull();
		assertThat(this.feed.subscribe(null)).isNull();
	}

	@Test
	void numberOfBrowsersIsBounded() {
		List<FeedSubscriber> subscribers = new ArrayList<>();
		FeedSubscriber subscriber = this.feed.subscribe(null);
		while (subscriber != null && subscribers.size() < 1000) {
			subscribers.add(subscriber);
			subscriber = this.feed.subscribe(null);
		}
		assertThat(subscribers).hasSize(50);
		this.feed.unsubscribe(subscribers.get(0));
		assertThat(this.feed.subscribe(null)).isNotNull();
	}

	private void add(String name, int number) {
		this.feed.add(name, Map.of("number", number));
	}

	private static List<Integer> numbers(FeedSubscriber subscriber) throws InterruptedException {
		List<Integer> numbers = new ArrayList<>();
		FeedEvent event = subscriber.poll(Duration.ZERO);
		while (event != null) {
			numbers.add((Integer) event.data().get("number"));
			event = subscriber.poll(Duration.ZERO);
		}
		return numbers;
	}

}
