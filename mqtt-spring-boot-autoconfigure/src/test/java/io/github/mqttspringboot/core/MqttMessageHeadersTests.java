package io.github.mqttspringboot.core;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.springframework.integration.mqtt.support.MqttHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttMessageHeaders}.
 */
class MqttMessageHeadersTests {

	@Test
	void theNamesAreThoseOfSpringIntegration() throws Exception {
		Map<String, Object> theirs = constants(MqttHeaders.class);
		// The packet identifier is the client's own business, and there are no aliases
		assertThat(theirs.keySet()).contains("ID", "TOPIC_ALIAS");
		theirs.keySet().removeAll(List.of("ID", "TOPIC_ALIAS"));
		assertThat(constants(MqttMessageHeaders.class)).isEqualTo(theirs).hasSizeGreaterThan(10);
	}

	private static Map<String, Object> constants(Class<?> type) throws Exception {
		Map<String, Object> constants = new TreeMap<>();
		for (Field field : type.getFields()) {
			if (Modifier.isStatic(field.getModifiers())) {
				constants.put(field.getName(), field.get(null));
			}
		}
		return constants;
	}

}
