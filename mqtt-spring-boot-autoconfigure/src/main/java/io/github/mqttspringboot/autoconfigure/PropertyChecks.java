package io.github.mqttspringboot.autoconfigure;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.packet.Topics;

/**
 * Checks values of properties below a prefix. Done here, so that nobody needs a validator
 * on the class path.
 */
final class PropertyChecks {

	/** The largest four byte integer of the protocol. */
	static final long FOUR_BYTES = 4_294_967_295L;

	/** Stands for what nobody may see. */
	static final String MASK = "******";

	private static final int MAX_STRING_BYTES = 65_535;

	private final String prefix;

	PropertyChecks(String prefix) {
		this.prefix = prefix;
	}

	/**
	 * Return the full name of a property.
	 * @param property the name below the prefix
	 * @return the name
	 */
	String name(String property) {
		return this.prefix + "." + property;
	}

	int range(String property, int value, int min, int max) {
		if (value < min || value > max) {
			throw invalid(property, value, "It is out of range.",
					"Use a whole number from " + min + " to " + max + ".");
		}
		return value;
	}

	int notNegative(String property, int value) {
		if (value < 0) {
			throw invalid(property, value, "It is negative.", "Use zero or a positive whole number.");
		}
		return value;
	}

	double atLeastOne(String property, double value) {
		if (!(value >= 1) || Double.isInfinite(value)) {
			throw invalid(property, value, "It is out of range.", "Use a number of at least 1.");
		}
		return value;
	}

	Duration notNegative(String property, Duration value) {
		if (value.isNegative()) {
			throw invalid(property, print(value), "It is negative.", "Use zero or a positive duration such as 10s.");
		}
		return value;
	}

	Duration positive(String property, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw invalid(property, print(value), "It is not positive.", "Use a positive duration such as 10s.");
		}
		return value;
	}

	// Check a duration that the protocol carries in whole seconds
	Duration seconds(String property, Duration value, long max) {
		if (value.isNegative() || value.getSeconds() > max || value.getNano() != 0) {
			throw invalid(property, print(value),
					(value.getNano() != 0) ? "The protocol knows only whole seconds." : "It is out of range.",
					"Use a duration from 0s to " + max + "s, in whole seconds.");
		}
		return value;
	}

	Duration notBelow(String property, Duration value, String otherProperty, Duration other) {
		if (value.compareTo(other) < 0) {
			throw invalid(property, print(value),
					"It is shorter than " + name(otherProperty) + ", which is " + print(other) + ".",
					"Use a duration of at least " + print(other) + ", or lower " + name(otherProperty) + ".",
					otherProperty);
		}
		return value;
	}

	// Check a string that the protocol carries (MQTT 5 §1.5.4)
	String text(String property, String value) {
		return text(property, value, Printable.escape(value));
	}

	// Check a string that may be a secret
	String hiddenText(String property, String value) {
		return text(property, value, MASK);
	}

	private String text(String property, String value, String shown) {
		String problem = problem(value);
		if (problem != null) {
			throw invalid(property, shown, problem, "Use at most 65535 bytes of UTF-8 without the null character.");
		}
		return value;
	}

	String topicName(String property, String value) {
		String problem = Topics.checkName(value);
		if (problem != null) {
			throw invalid(property, Printable.escape(value), "It is not a valid topic name: the " + problem + ".",
					"Use a topic name such as devices/gateway/status, without wildcards.");
		}
		return value;
	}

	@Nullable String optionalText(String property, @Nullable String value) {
		return (value != null) ? text(property, value) : null;
	}

	private static @Nullable String problem(String value) {
		if (value.indexOf('\0') >= 0) {
			return "It contains the null character.";
		}
		try {
			int bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value)).remaining();
			return (bytes > MAX_STRING_BYTES) ? "It has " + bytes + " bytes." : null;
		}
		catch (CharacterCodingException ex) {
			return "It contains half a surrogate pair.";
		}
	}

	InvalidMqttPropertyException invalid(String property, @Nullable Object value, String reason, String action,
			String... related) {
		return new InvalidMqttPropertyException(name(property), value, reason, action,
				Arrays.stream(related).map(this::name).toArray(String[]::new));
	}

	// Print a duration the way people write it in properties
	private static String print(Duration value) {
		if (value.getNano() == 0) {
			return value.getSeconds() + "s";
		}
		return (value.getNano() % 1_000_000 == 0) ? DurationStyle.SIMPLE.print(value) : value.toString();
	}

}
