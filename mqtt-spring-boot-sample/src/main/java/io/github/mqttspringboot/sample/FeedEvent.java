package io.github.mqttspringboot.sample;

import java.util.Map;

/**
 * An entry of the {@link EventFeed}.
 *
 * @param sequence 1 for the first, without gaps
 * @param id the id for the browser, which tells it what it has seen
 * @param name the name of the event
 * @param data the event as JSON
 */
record FeedEvent(long sequence, String id, String name, Map<String, Object> data) {

}
