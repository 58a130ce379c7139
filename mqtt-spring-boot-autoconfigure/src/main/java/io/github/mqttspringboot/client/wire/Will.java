package io.github.mqttspringboot.client.wire;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The will message of a CONNECT (MQTT 5 §3.1.3.2).
 *
 * @param topic the topic name
 * @param payload the payload
 * @param qos 0, 1 or 2
 * @param retain the Will Retain flag
 * @param delay the Will Delay Interval, in whole seconds
 * @param messageExpiry the Message Expiry Interval, {@code null} if absent
 * @param contentType the content type, {@code null} if absent
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent")
public record Will(String topic, byte[] payload, int qos, boolean retain, Duration delay,
		@Nullable Duration messageExpiry, @Nullable String contentType) {

}
