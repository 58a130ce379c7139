package io.github.mqttspringboot.listener;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import io.github.mqttspringboot.packet.Topics;

/**
 * Finds {@link DestinationVariable} parameters that no message could ever fill. Found
 * only with the first message, it would be lost on the mistake.
 */
final class VariableCheck {

	private final MqttListenerEndpoint endpoint;

	VariableCheck(MqttListenerEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	void check(HandlerMethod method, List<HandlerMethodArgumentResolver> custom) {
		for (MethodParameter parameter : method.getMethodParameters()) {
			DestinationVariable annotation = parameter.getParameterAnnotation(DestinationVariable.class);
			if (annotation != null && custom.stream().noneMatch((resolver) -> resolver.supportsParameter(parameter))) {
				check(parameter, annotation.value());
			}
		}
	}

	private void check(MethodParameter parameter, String declared) {
		String name = (declared.isEmpty()) ? name(parameter) : declared;
		String which = "Its parameter " + (parameter.getParameterIndex() + 1) + " is a @DestinationVariable";
		if (name == null) {
			throw this.endpoint.invalid(which + " without a name.",
					"Name it, as in @DestinationVariable(\"id\"), or compile with -parameters.");
		}
		List<ListenerTopic> without = this.endpoint.topics().stream().filter((topic) -> !mayGive(topic, name)).toList();
		boolean optional = parameter.isOptional() && without.size() < this.endpoint.topics().size();
		if (!without.isEmpty() && !optional) {
			throw this.endpoint.invalid(
					which + " named '" + name + "', but the topic filter '" + without.get(0) + "' has no variable {"
							+ name + "}.",
					"Put {" + name + "} in the place of one level of each topic filter, as in meters/{" + name
							+ "}/reading, or make the parameter an Optional if only some have it.");
		}
	}

	// The variables of a message are those of all filters that match it
	private boolean mayGive(ListenerTopic topic, String name) {
		return this.endpoint.topics()
			.stream()
			.anyMatch((other) -> other.hasVariable(name) && Topics.overlap(topic.filter(), other.filter()));
	}

	private static @Nullable String name(MethodParameter parameter) {
		parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
		return parameter.getParameterName();
	}

}
