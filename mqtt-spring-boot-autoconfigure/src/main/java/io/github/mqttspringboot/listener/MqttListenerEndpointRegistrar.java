package io.github.mqttspringboot.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * Collects listeners while the application context starts. Thread-safe.
 *
 * @since 0.1.0
 */
public class MqttListenerEndpointRegistrar {

	private final List<Registration> registrations = new ArrayList<>();

	private final MqttListenerEndpointRegistry registry;

	/**
	 * Create a registrar.
	 * @param registry where the listeners go
	 */
	public MqttListenerEndpointRegistrar(MqttListenerEndpointRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Return where the listeners go.
	 * @return the registry
	 */
	public MqttListenerEndpointRegistry getRegistry() {
		return this.registry;
	}

	/**
	 * Add a listener.
	 * @param endpoint the listener
	 */
	public void registerEndpoint(MqttListenerEndpoint endpoint) {
		registerEndpoint(endpoint, null);
	}

	/**
	 * Add a listener.
	 * @param endpoint the listener
	 * @param factory makes its container, {@code null} for the default one, the bean
	 * {@code mqttListenerContainerFactory}
	 */
	public synchronized void registerEndpoint(MqttListenerEndpoint endpoint,
			@Nullable MqttListenerContainerFactory factory) {
		Assert.notNull(endpoint, "'endpoint' must not be null");
		this.registrations.add(new Registration(endpoint, factory));
	}

	/**
	 * Make the containers of the listeners that were added.
	 * @param defaults finds the default container factory for a listener
	 */
	public synchronized void registerAll(Function<MqttListenerEndpoint, MqttListenerContainerFactory> defaults) {
		List<Registration> added = List.copyOf(this.registrations);
		this.registrations.clear();
		for (Registration registration : added) {
			MqttListenerContainerFactory factory = registration.factory();
			this.registry.registerListenerContainer(registration.endpoint(),
					(factory != null) ? factory : defaults.apply(registration.endpoint()));
		}
	}

	private record Registration(MqttListenerEndpoint endpoint, @Nullable MqttListenerContainerFactory factory) {

	}

}
