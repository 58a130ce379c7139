package io.github.mqttspringboot.error;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Stands for an exception of code that handles secrets, whose message may hold one: its
 * class, frames, causes and suppressed exceptions, and none of their messages.
 *
 * @since 0.1.0
 */
public final class MaskedException extends RuntimeException {

	private MaskedException(String className) {
		super(className);
	}

	/**
	 * Mask an exception.
	 * @param original the exception
	 * @return its stand-in, whose message is the name of the exception's class
	 */
	public static MaskedException of(Throwable original) {
		return mask(original, new IdentityHashMap<>());
	}

	// Exceptions may refer to each other in a circle
	private static MaskedException mask(Throwable original, Map<Throwable, MaskedException> known) {
		MaskedException masked = known.get(original);
		if (masked != null) {
			return masked;
		}
		masked = new MaskedException(original.getClass().getName());
		known.put(original, masked);
		masked.setStackTrace(original.getStackTrace());
		Throwable cause = original.getCause();
		if (cause != null && cause != original) {
			masked.initCause(mask(cause, known));
		}
		for (Throwable suppressed : original.getSuppressed()) {
			masked.addSuppressed(mask(suppressed, known));
		}
		return masked;
	}

}
