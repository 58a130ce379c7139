package io.github.mqttspringboot.integration;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.springframework.integration.mqtt.inbound.AbstractMqttMessageDrivenChannelAdapter;
import org.springframework.util.ReflectionUtils;

/**
 * Tells which adapter makes a call. An adapter says nothing of itself when it subscribes
 * or unsubscribes, but it holds its own lock then, and no other adapter's.
 */
final class CallingAdapter {

	static final String LOCK = "topicLock";

	private static final @Nullable Field FIELD = field();

	private CallingAdapter() {
	}

	private static @Nullable Field field() {
		Field field = ReflectionUtils.findField(AbstractMqttMessageDrivenChannelAdapter.class, LOCK);
		return (field != null && field.trySetAccessible()) ? field : null;
	}

	/**
	 * Find the adapter that makes the call on the current thread.
	 * @param candidates those it may be, among others
	 * @return the adapter, {@code null} if it is none of them or cannot be told
	 */
	static @Nullable Object find(Collection<?> candidates) {
		for (Object candidate : candidates) {
			if (FIELD != null && candidate instanceof AbstractMqttMessageDrivenChannelAdapter<?, ?>
					&& ReflectionUtils.getField(FIELD, candidate) instanceof ReentrantLock lock
					&& lock.isHeldByCurrentThread()) {
				return candidate;
			}
		}
		return null;
	}

}
