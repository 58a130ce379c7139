package io.github.mqttspringboot.error;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The default table with the overrides of the {@code mqtt.error-policy} properties. The
 * name of the property is the rule of the classifications that it decides.
 * <p>
 * Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class DefaultErrorClassificationPolicy implements ErrorClassificationPolicy {

	/** The prefix of the properties of the default client. */
	public static final String DEFAULT_PROPERTY_PREFIX = "mqtt.error-policy";

	private final DefaultErrorTable table;

	private final Map<String, Classification> overrides;

	/**
	 * Create the policy that is the standard table alone.
	 */
	public DefaultErrorClassificationPolicy() {
		this(DefaultErrorTable.standard(), Map.of());
	}

	private DefaultErrorClassificationPolicy(DefaultErrorTable table, Map<String, Classification> overrides) {
		this.table = table;
		this.overrides = Map.copyOf(overrides);
	}

	/**
	 * Start a policy.
	 * @return a builder without overrides
	 */
	public static Builder builder() {
		return new Builder();
	}

	@Override
	public Classification classify(MqttFailure failure) {
		Classification override = this.overrides.get(ErrorOverride.key(failure));
		return (override != null) ? override
				: new Classification(this.table.errorClass(failure), Classification.DEFAULT_RULE);
	}

	/**
	 * Return why this policy takes a failure for fatal.
	 * @param failure the failure
	 * @return the kind of its row, {@link FatalKind#POLICY} if only a property makes it
	 * fatal, {@code null} if it is not {@link ErrorClass#FATAL}
	 */
	public @Nullable FatalKind kind(MqttFailure failure) {
		return this.table.kind(failure, classify(failure).errorClass());
	}

	/**
	 * Return the table below the overrides.
	 * @return the table
	 */
	public DefaultErrorTable table() {
		return this.table;
	}

	/**
	 * Builder of a {@link DefaultErrorClassificationPolicy}.
	 */
	public static final class Builder {

		private DefaultErrorTable table = DefaultErrorTable.standard();

		private String propertyPrefix = DEFAULT_PROPERTY_PREFIX;

		private final Map<String, ErrorOverride> overrides = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Set the table below the overrides.
		 * @param table the table, {@link DefaultErrorTable#standard()} if not set
		 * @return this builder
		 */
		public Builder table(DefaultErrorTable table) {
			this.table = Objects.requireNonNull(table, "'table' must not be null");
			return this;
		}

		/**
		 * Set the prefix of the properties' names.
		 * @param propertyPrefix the prefix without a trailing dot,
		 * {@value DefaultErrorClassificationPolicy#DEFAULT_PROPERTY_PREFIX} if not set
		 * @return this builder
		 */
		public Builder propertyPrefix(String propertyPrefix) {
			this.propertyPrefix = Objects.requireNonNull(propertyPrefix, "'propertyPrefix' must not be null");
			return this;
		}

		/**
		 * Override what a reason code means in a packet. The property is
		 * {@code <prefix>.<packet>.<reason>}.
		 * @param packet the packet type
		 * @param code the reason code
		 * @param errorClass the class to use instead of the default
		 * @return this builder
		 */
		public Builder override(PacketType packet, ReasonCode code, ErrorClass errorClass) {
			return override(ErrorOverride.of(packet, code, errorClass));
		}

		/**
		 * Override what a local error means. The property is
		 * {@code <prefix>.local.<error>}.
		 * @param error the local error
		 * @param errorClass the class to use instead of the default
		 * @return this builder
		 */
		public Builder override(LocalError error, ErrorClass errorClass) {
			return override(ErrorOverride.of(error, errorClass));
		}

		private Builder override(ErrorOverride override) {
			this.overrides.put(override.key(), override);
			return this;
		}

		/**
		 * Build the policy.
		 * @return the policy
		 * @throws InvalidErrorPolicyException if an override is not allowed
		 */
		public DefaultErrorClassificationPolicy build() {
			Map<String, Classification> classifications = new LinkedHashMap<>();
			this.overrides.forEach((key, override) -> classifications.put(key,
					override.check(this.propertyPrefix + '.' + key, this.table)));
			return new DefaultErrorClassificationPolicy(this.table, classifications);
		}

	}

}
