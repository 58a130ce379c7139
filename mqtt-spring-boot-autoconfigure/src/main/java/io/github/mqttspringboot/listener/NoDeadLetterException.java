package io.github.mqttspringboot.listener;

import org.jspecify.annotations.Nullable;

/**
 * A message cannot become a dead letter, now or later.
 */
final class NoDeadLetterException extends RuntimeException {

	NoDeadLetterException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
