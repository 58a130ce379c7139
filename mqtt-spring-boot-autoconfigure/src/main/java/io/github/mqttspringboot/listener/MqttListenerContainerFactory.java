package io.github.mqttspringboot.listener;

/**
 * Makes the containers of listeners.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttListenerContainerFactory {

	/**
	 * Make the container of a listener, not started. If it is a
	 * {@link org.springframework.beans.factory.DisposableBean}, it is destroyed with the
	 * registry.
	 * @param endpoint the listener
	 * @return the container
	 * @throws InvalidMqttListenerException if the listener cannot be set up
	 */
	MqttListenerContainer createContainer(MqttListenerEndpoint endpoint);

}
