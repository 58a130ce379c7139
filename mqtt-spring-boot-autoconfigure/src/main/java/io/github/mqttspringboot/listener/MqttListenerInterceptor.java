package io.github.mqttspringboot.listener;

import java.util.concurrent.Executor;

import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * Goes around the calls of listeners: of each one, the repeated ones too.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MqttListenerInterceptor {

	/**
	 * Put something around a listener. Called once for each endpoint.
	 * @param endpoint the endpoint
	 * @param client its client
	 * @param listener what handles the messages: for an annotated method, converts them,
	 * calls it and publishes its results
	 * @return what to call instead; its stage, or return, has to follow that of the
	 * listener
	 */
	MqttMessageListener intercept(MqttListenerEndpoint endpoint, ManagedMqttClient client,
			MqttMessageListener listener);

	/**
	 * Return what goes on with the call that the current thread is in, for a listener
	 * method whose result comes later. Its error handler and the publish of its result
	 * run there.
	 * @return an executor that runs tasks at once, on the thread that brings them
	 */
	default Executor continuation() {
		return Runnable::run;
	}

}
