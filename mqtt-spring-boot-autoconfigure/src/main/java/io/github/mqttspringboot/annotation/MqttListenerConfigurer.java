package io.github.mqttspringboot.annotation;

import io.github.mqttspringboot.listener.MqttListenerEndpointRegistrar;

/**
 * Adds listeners that are no annotated methods. Beans of this type are called when all
 * singletons are there.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttListenerConfigurer {

	/**
	 * Add listeners.
	 * @param registrar takes them
	 */
	void configureMqttListeners(MqttListenerEndpointRegistrar registrar);

}
