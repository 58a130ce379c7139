package io.github.mqttspringboot.error;

/**
 * Decides what a failure means for the network connection. A bean of this type replaces
 * the default table and the {@code mqtt.error-policy} properties. Implementations must be
 * thread-safe and must not block; they are called on the client's engine thread. An
 * answer that is not allowed for the failure, or an exception, is overruled by the
 * default table.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ErrorClassificationPolicy {

	/**
	 * Classify a failure.
	 * @param failure the failure, never {@code null}
	 * @return the verdict, never {@code null}
	 */
	Classification classify(MqttFailure failure);

}
