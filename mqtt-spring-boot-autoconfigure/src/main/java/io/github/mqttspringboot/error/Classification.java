package io.github.mqttspringboot.error;

import java.util.Objects;

/**
 * The verdict of an {@link ErrorClassificationPolicy}.
 *
 * @param errorClass what the failure means for the connection
 * @param rule the rule that decided: {@value #DEFAULT_RULE} or the name of the property
 * @since 0.1.0
 */
public record Classification(ErrorClass errorClass, String rule) {

	/** The rule of everything that no property overrides. */
	public static final String DEFAULT_RULE = "default";

	public Classification {
		Objects.requireNonNull(errorClass, "'errorClass' must not be null");
		Objects.requireNonNull(rule, "'rule' must not be null");
	}

}
