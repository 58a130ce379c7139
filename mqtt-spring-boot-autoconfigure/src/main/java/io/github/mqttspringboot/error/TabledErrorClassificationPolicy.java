package io.github.mqttspringboot.error;

/**
 * A policy of the application and the table that decides where it does not, or may not.
 *
 * @param policy the policy
 * @param table what overrules it
 * @since 0.1.0
 * @see GuardedErrorClassificationPolicy
 */
public record TabledErrorClassificationPolicy(ErrorClassificationPolicy policy,
		DefaultErrorTable table) implements ErrorClassificationPolicy {

	@Override
	public Classification classify(MqttFailure failure) {
		return this.policy.classify(failure);
	}

}
