package io.github.mqttspringboot.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Server-sent events: one for each application event and each message.
 */
@RestController
class EventsController {

	private static final Logger logger = LoggerFactory.getLogger(EventsController.class);

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	private static final long NO_TIMEOUT = 0L;

	private final EventFeed feed;

	private final AtomicInteger threads = new AtomicInteger();

	EventsController(EventFeed feed) {
		this.feed = feed;
	}

	@GetMapping(path = "/api/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter events(@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
		FeedSubscriber subscriber = this.feed.subscribe(lastEventId);
		if (subscriber == null) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "No more browsers, please");
		}
		SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
		emitter.onCompletion(() -> this.feed.unsubscribe(subscriber));
		emitter.onError((ex) -> this.feed.unsubscribe(subscriber));
		emitter.onTimeout(() -> this.feed.unsubscribe(subscriber));
		// A thread each: a browser that does not read blocks nothing but its own
		Thread thread = new Thread(() -> send(subscriber, emitter), "sample-events-" + this.threads.incrementAndGet());
		thread.setDaemon(true);
		thread.start();
		return emitter;
	}

	/**
	 * The web server waits for open requests when it stops, and these never end.
	 */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.feed.close();
	}

	private void send(FeedSubscriber subscriber, SseEmitter emitter) {
		try {
			emitter.send(SseEmitter.event().comment("hello"));
			while (!subscriber.isClosed()) {
				FeedEvent event = subscriber.poll(HEARTBEAT);
				if (event != null) {
					emitter.send(SseEmitter.event()
						.id(event.id())
						.name(event.name())
						.data(event.data(), MediaType.APPLICATION_JSON));
				}
				else if (!subscriber.isClosed()) {
					// Writing is the only way to notice that a browser has gone
					emitter.send(SseEmitter.event().comment("still here"));
				}
			}
			emitter.complete();
		}
		catch (IOException | IllegalStateException ex) {
			// The browser has gone, and the web server ends the request
			logger.debug("A browser has gone", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			emitter.complete();
		}
		finally {
			this.feed.unsubscribe(subscriber);
		}
	}

}
