package io.github.mqttspringboot.core;

/**
 * Changes the templates that are auto-configured, before they are used. Beans of this
 * type are called in their order, for the template of each client.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttTemplateCustomizer {

	/**
	 * Change a template.
	 * @param template the template; {@link MqttTemplate#getClient()} tells whose it is
	 */
	void customize(MqttTemplate template);

}
