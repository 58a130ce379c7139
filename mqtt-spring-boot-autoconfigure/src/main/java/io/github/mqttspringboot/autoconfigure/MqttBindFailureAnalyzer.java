package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

import io.github.mqttspringboot.error.Printable;

/**
 * Explains a {@code mqtt.*} property with a value of the wrong type. Spring Boot's own
 * analyzer names the types of Java and not what to write instead, so this one is asked
 * first.
 */
@Order(0)
class MqttBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(ClientNames.PRIMARY_PREFIX);

	private final UnresolvedPlaceholders placeholders;

	private final PropertyOrigins origins;

	MqttBindFailureAnalyzer(@Nullable Environment environment) {
		this.origins = new PropertyOrigins(environment);
		this.placeholders = new UnresolvedPlaceholders(environment, this.origins);
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationPropertyName name = cause.getName();
		Expected expected = expected(name, cause.getTarget());
		if (!ROOT.isAncestorOf(name) || expected == null) {
			return null;
		}
		ConfigurationProperty property = this.origins.find(name.toString());
		String value = (property != null) ? String.valueOf(property.getValue()) : null;
		PropertyReport report = new PropertyReport(this.origins).property(name.toString(),
				(value != null) ? shown(value) : null);
		String placeholder = (value != null) ? this.placeholders.find(value) : null;
		if (placeholder != null) {
			report.line("Reason", UnresolvedPlaceholders.reason(placeholder));
			return report.analysis(UnresolvedPlaceholders.action(placeholder), cause);
		}
		report.line("Reason", "It is not " + expected.what() + ".");
		return report.analysis(expected.action(), cause);
	}

	// A value in the wrong place may be anything, such as a URI with a password
	private static String shown(String value) {
		return (value.indexOf('@') >= 0) ? PropertyChecks.MASK : Printable.escape(value);
	}

	private static @Nullable Expected expected(ConfigurationPropertyName name, Bindable<?> target) {
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(target.getType().resolve(Object.class));
		if (type.isEnum()) {
			return new Expected("one of the values that there are",
					"Use one of: " + Arrays.stream(type.getEnumConstants())
						.map((value) -> value.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
						.collect(Collectors.joining(", ")) + ".");
		}
		if (type == Duration.class) {
			DurationUnit unit = target.getAnnotation(DurationUnit.class);
			return new Expected("a duration", "Use a duration such as 10s, 5m or PT1H. A number alone means "
					+ ((unit != null) ? unit.value() : ChronoUnit.MILLIS).toString().toLowerCase(Locale.ROOT) + ".");
		}
		if (type == DataSize.class) {
			return new Expected("a size", "Use a size such as 512KB or 10MB. A number alone means bytes.");
		}
		if (type == Boolean.class) {
			return new Expected("a truth value", "Use true or false.");
		}
		if (type == Integer.class) {
			return new Expected("a whole number up to " + Integer.MAX_VALUE, "Use a whole number such as 100.");
		}
		if (type == Double.class) {
			return new Expected("a number", "Use a number such as 2 or 1.5.");
		}
		return below(name, type);
	}

	private static @Nullable Expected below(ConfigurationPropertyName name, Class<?> type) {
		String text = name.toString();
		int policy = text.indexOf(".error-policy");
		if (policy >= 0 && type == Map.class) {
			String prefix = text.substring(0, policy);
			return new Expected("a map of classes", "Set one class for each reason, as in " + prefix
					+ ".error-policy.connack.not-authorized=throttled.");
		}
		if (type == MqttClientProperties.class) {
			return new Expected("a value, but the name of a client",
					"Set the client's properties below it, as in " + text + ".servers=mqtt://broker-1:1883.");
		}
		if (text.equals(ClientNames.CLIENTS)) {
			return new Expected("a value, but has the names of clients below it",
					"Set properties of a client by its name, as in " + text + ".north.servers=mqtt://broker-1:1883.");
		}
		return null;
	}

	/**
	 * What a property wants.
	 *
	 * @param what what its value is to be
	 * @param action what to write
	 */
	private record Expected(String what, String action) {

	}

}
