package io.github.mqttspringboot.listener;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * What the deliveries of one container have in common.
 *
 * @param id the id of the listener
 * @param client the client
 * @param listener the listener
 * @param ackMode when messages are acknowledged
 * @param settings the settings
 * @param recoverer takes what could not be processed, {@code null} for nobody
 * @param observed whether the client's interceptor goes around all of it
 */
record ListenerWork(String id, ManagedMqttClient client, MqttMessageListener listener, AckMode ackMode,
		MqttListenerSettings settings, @Nullable MqttMessageRecoverer recoverer, boolean observed) {

}
