package io.github.mqttspringboot.error;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Lets a policy decide as far as it may. Where the policy throws, answers {@code null} or
 * a class that its failure cannot have, the default table decides and a listener is told.
 * The class of the default table is always allowed.
 *
 * @since 0.1.0
 * @see DefaultErrorTable#allowedOverrides(MqttFailure)
 */
public final class GuardedErrorClassificationPolicy implements ErrorClassificationPolicy {

	private final ErrorClassificationPolicy policy;

	private final DefaultErrorTable table;

	private final OverruleListener listener;

	/**
	 * Create the guard of a policy.
	 * @param policy the policy, of the application or not
	 * @param table the table that overrules it
	 * @param listener is told when the policy is overruled, on the calling thread; what
	 * it throws reaches the caller
	 */
	public GuardedErrorClassificationPolicy(ErrorClassificationPolicy policy, DefaultErrorTable table,
			OverruleListener listener) {
		this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
		this.table = Objects.requireNonNull(table, "'table' must not be null");
		this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
	}

	/**
	 * Guard a policy with the table that it comes with or is built on, or else with the
	 * standard table.
	 * @param policy the policy, of the application or not
	 * @param listener is told when the policy is overruled
	 * @return the guard
	 */
	public static GuardedErrorClassificationPolicy of(ErrorClassificationPolicy policy, OverruleListener listener) {
		if (policy instanceof TabledErrorClassificationPolicy tabled) {
			return new GuardedErrorClassificationPolicy(tabled.policy(), tabled.table(), listener);
		}
		DefaultErrorTable table = (policy instanceof DefaultErrorClassificationPolicy defaultPolicy)
				? defaultPolicy.table() : DefaultErrorTable.standard();
		return new GuardedErrorClassificationPolicy(policy, table, listener);
	}

	@Override
	public Classification classify(MqttFailure failure) {
		// Languages without checked exceptions throw anything through this call
		Classification classification;
		try {
			classification = this.policy.classify(failure);
		}
		catch (Throwable ex) {
			return overrule(failure, "threw " + ex.getClass().getName(), ex);
		}
		return checked(failure, classification);
	}

	/**
	 * Return why a failure is fatal.
	 * @param failure the failure
	 * @param classification the verdict of this policy on it
	 * @return the kind of its row, {@link FatalKind#POLICY} if only the policy makes it
	 * fatal, {@code null} if it is not {@link ErrorClass#FATAL}
	 */
	public @Nullable FatalKind kind(MqttFailure failure, Classification classification) {
		return this.table.kind(failure, classification.errorClass());
	}

	/**
	 * Return whether an operation of the client may have provoked the failure.
	 * @param failure the failure
	 * @return {@code true} if what was in flight is suspect
	 */
	public boolean suspect(MqttFailure failure) {
		return this.table.suspect(failure);
	}

	/**
	 * Return whether the default table is that of an application that supplies fresh
	 * credentials.
	 * @return {@code true} if the client's own properties name no credentials in use
	 * @see DefaultErrorTable#withCredentialsProvider()
	 */
	public boolean hasCredentialsProvider() {
		return this.table == DefaultErrorTable.withCredentialsProvider();
	}

	private Classification checked(MqttFailure failure, @Nullable Classification classification) {
		if (classification == null) {
			return overrule(failure, "answered null", null);
		}
		ErrorClass errorClass = classification.errorClass();
		if (errorClass != this.table.errorClass(failure)
				&& !this.table.allowedOverrides(failure).contains(errorClass)) {
			return overrule(failure, "answered " + errorClass + ", which is not allowed here", null);
		}
		return classification;
	}

	private Classification overrule(MqttFailure failure, String why, @Nullable Throwable cause) {
		Classification verdict = new Classification(this.table.errorClass(failure), Classification.DEFAULT_RULE);
		this.listener.overruled(failure, "The error policy " + this.policy.getClass().getName() + " " + why + " for "
				+ failure.title() + ": the default, " + verdict.errorClass() + ", is used instead", cause);
		return verdict;
	}

	/**
	 * Is told that a policy was overruled.
	 */
	@FunctionalInterface
	public interface OverruleListener {

		/**
		 * The policy's answer was not used.
		 * @param failure the failure that it was asked about
		 * @param message what the policy did and what is done instead, fit for a log
		 * @param cause what the policy threw, {@code null} if it answered
		 */
		void overruled(MqttFailure failure, String message, @Nullable Throwable cause);

	}

}
