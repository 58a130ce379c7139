package io.github.mqttspringboot.listener;

/**
 * Changes the container factory that is configured by the application's properties. Beans
 * of this type are called in order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttListenerContainerFactoryCustomizer {

	/**
	 * Change a factory.
	 * @param factory the factory
	 */
	void customize(DefaultMqttListenerContainerFactory factory);

}
