package io.github.mqttspringboot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless there are only clients below {@code mqtt.clients}.
 */
class OnPrimaryClientCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Primary MQTT client");
		return ClientNames.hasPrimary(context.getEnvironment())
				? ConditionOutcome.match(message.because("mqtt.servers is set, or mqtt.clients is empty"))
				: ConditionOutcome.noMatch(message.because("there are mqtt.clients, and mqtt.servers is not set"));
	}

}
