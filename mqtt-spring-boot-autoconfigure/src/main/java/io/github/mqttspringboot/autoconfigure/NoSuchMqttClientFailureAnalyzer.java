package io.github.mqttspringboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.boot.origin.Origin;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.core.MqttOperations;
import io.github.mqttspringboot.error.Printable;

/**
 * Explains that there is no client, or no template, to inject. Spring Boot's own analyzer
 * knows neither the clients' names nor the properties that declare them.
 */
@Order(0)
class NoSuchMqttClientFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final @Nullable Environment environment;

	NoSuchMqttClientFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType type = cause.getResolvableType();
		Class<?> wanted = (type != null) ? type.resolve() : null;
		if (this.environment == null || wanted == null || cause.getNumberOfBeansFound() != 0 || !isOurs(wanted)) {
			return null;
		}
		String what = ((description != null) ? description : "A bean") + " required the " + wanted.getSimpleName()
				+ " of an MQTT client";
		if (!this.environment.getProperty("mqtt.enabled", Boolean.class, true)) {
			return new FailureAnalysis(
					what + ", but MQTT is turned off by mqtt.enabled=false" + origin("mqtt.enabled") + ".",
					"Set mqtt.enabled=true, or make the dependency optional.", cause);
		}
		String qualifier = qualifier(rootFailure);
		List<String> clients = clients(this.environment);
		if (qualifier == null || clients.contains(qualifier)) {
			return null;
		}
		return new FailureAnalysis(
				what + " named '" + Printable.escape(qualifier) + "', but the clients are: "
						+ String.join(", ", clients) + ".",
				"Qualify it by the name of one that exists, or declare the client with properties below mqtt.clients."
						+ Printable.escape(qualifier) + ".",
				cause);
	}

	private static boolean isOurs(Class<?> type) {
		return ManagedMqttClient.class.isAssignableFrom(type) || MqttOperations.class.isAssignableFrom(type);
	}

	private String origin(String property) {
		Origin origin = new PropertyOrigins(this.environment).origin(property, null);
		return (origin != null) ? " from " + origin : "";
	}

	private static List<String> clients(Environment environment) {
		List<String> clients = new ArrayList<>();
		if (ClientNames.hasPrimary(environment)) {
			clients.add(ClientNames.PRIMARY);
		}
		clients.addAll(ClientNames.further(environment));
		return clients;
	}

	private static @Nullable String qualifier(Throwable failure) {
		Qualifier qualifier = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			InjectionPoint point = (cause instanceof UnsatisfiedDependencyException unsatisfied)
					? unsatisfied.getInjectionPoint() : null;
			qualifier = (point != null) ? point.getAnnotation(Qualifier.class) : qualifier;
		}
		return (qualifier != null) ? qualifier.value() : null;
	}

}
