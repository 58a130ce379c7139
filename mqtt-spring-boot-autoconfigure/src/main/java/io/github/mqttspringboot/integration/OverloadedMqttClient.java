package io.github.mqttspringboot.integration;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.eclipse.paho.mqttv5.client.IMqttMessageListener;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * The many forms of the three operations, each led to one. Properties of SUBSCRIBE and
 * UNSUBSCRIBE are not sent: subscription identifiers are the client's own business.
 */
abstract class OverloadedMqttClient extends LinklessMqttClient {

	OverloadedMqttClient(ManagedMqttClient client, String url) {
		super(client, url);
	}

	/**
	 * Subscribe.
	 * @param subscriptions the topic filters with their options
	 * @param listeners the receivers, one a filter, {@code null} for the default handlers
	 * @param userContext of the token
	 * @param callback told of the outcome
	 * @return the token
	 */
	abstract IMqttToken subscribe(List<MqttSubscription> subscriptions,
			List<? extends @Nullable IMqttMessageListener> listeners, @Nullable Object userContext,
			@Nullable MqttActionListener callback);

	abstract IMqttToken unsubscribe(List<String> filters, @Nullable Object userContext,
			@Nullable MqttActionListener callback);

	private IMqttToken all(MqttSubscription[] subscriptions, @Nullable IMqttMessageListener listener,
			@Nullable Object userContext, @Nullable MqttActionListener callback) {
		return subscribe(List.of(subscriptions), Collections.nCopies(subscriptions.length, listener), userContext,
				callback);
	}

	private static MqttSubscription[] subscriptions(String[] topicFilters, int[] qos) {
		if (topicFilters.length != qos.length) {
			throw new IllegalArgumentException(
					topicFilters.length + " topic filters need as many QoS, but there are " + qos.length);
		}
		MqttSubscription[] subscriptions = new MqttSubscription[qos.length];
		Arrays.setAll(subscriptions, (index) -> new MqttSubscription(topicFilters[index], qos[index]));
		return subscriptions;
	}

	private static MqttSubscription[] array(MqttSubscription subscription) {
		return new MqttSubscription[] { subscription };
	}

	@Override
	public final IMqttToken subscribe(String topicFilter, int qos, @Nullable Object userContext,
			@Nullable MqttActionListener callback) {
		return all(array(new MqttSubscription(topicFilter, qos)), null, userContext, callback);
	}

	@Override
	public final IMqttToken subscribe(String[] topicFilters, int[] qos, @Nullable Object userContext,
			@Nullable MqttActionListener callback) {
		return all(subscriptions(topicFilters, qos), null, userContext, callback);
	}

	@Override
	public final IMqttToken subscribe(String topicFilter, int qos) {
		return all(array(new MqttSubscription(topicFilter, qos)), null, null, null);
	}

	@Override
	public final IMqttToken subscribe(String[] topicFilters, int[] qos) {
		return all(subscriptions(topicFilters, qos), null, null, null);
	}

	@Override
	public final IMqttToken subscribe(MqttSubscription subscription) {
		return all(array(subscription), null, null, null);
	}

	@Override
	public final IMqttToken subscribe(MqttSubscription[] subscriptions) {
		return all(subscriptions, null, null, null);
	}

	@Override
	public final IMqttToken subscribe(MqttSubscription[] subscriptions, @Nullable Object userContext,
			@Nullable MqttActionListener callback, MqttProperties subscriptionProperties) {
		return all(subscriptions, null, userContext, callback);
	}

	@Override
	public final IMqttToken subscribe(MqttSubscription subscription, @Nullable Object userContext,
			@Nullable MqttActionListener callback, IMqttMessageListener messageListener,
			MqttProperties subscriptionProperties) {
		return all(array(subscription), messageListener, userContext, callback);
	}

	@Override
	public final IMqttToken subscribe(MqttSubscription subscription, IMqttMessageListener messageListener) {
		return all(array(subscription), messageListener, null, null);
	}

	@Override
	public final IMqttToken subscribe(MqttSubscription[] subscriptions, IMqttMessageListener messageListener) {
		return all(subscriptions, messageListener, null, null);
	}

	@Override
	public final IMqttToken subscribe(MqttSubscription[] subscriptions, @Nullable Object userContext,
			@Nullable MqttActionListener callback, IMqttMessageListener[] messageListeners,
			MqttProperties subscriptionProperties) {
		if (messageListeners.length != subscriptions.length) {
			throw new IllegalArgumentException(subscriptions.length
					+ " subscriptions need as many listeners, but there are " + messageListeners.length);
		}
		return subscribe(List.of(subscriptions), Arrays.asList(messageListeners), userContext, callback);
	}

	@Override
	public final IMqttToken subscribe(MqttSubscription[] subscriptions, @Nullable Object userContext,
			@Nullable MqttActionListener callback, IMqttMessageListener messageListener,
			MqttProperties subscriptionProperties) {
		return all(subscriptions, messageListener, userContext, callback);
	}

	@Override
	public final IMqttToken unsubscribe(String topicFilter, @Nullable Object userContext,
			@Nullable MqttActionListener callback) {
		return unsubscribe(List.of(topicFilter), userContext, callback);
	}

	@Override
	public final IMqttToken unsubscribe(String topicFilter) {
		return unsubscribe(List.of(topicFilter), null, null);
	}

	@Override
	public final IMqttToken unsubscribe(String[] topicFilters) {
		return unsubscribe(List.of(topicFilters), null, null);
	}

	@Override
	public final IMqttToken unsubscribe(String[] topicFilters, @Nullable Object userContext,
			@Nullable MqttActionListener callback, MqttProperties unsubscribeProperties) {
		return unsubscribe(List.of(topicFilters), userContext, callback);
	}

	@Override
	public final IMqttToken publish(String topic, byte[] payload, int qos, boolean retained,
			@Nullable Object userContext, @Nullable MqttActionListener callback) {
		return publish(topic, new MqttMessage(payload, qos, retained, new MqttProperties()), userContext, callback);
	}

	@Override
	public final IMqttToken publish(String topic, byte[] payload, int qos, boolean retained) {
		return publish(topic, payload, qos, retained, null, null);
	}

	@Override
	public final IMqttToken publish(String topic, MqttMessage message) {
		return publish(topic, message, null, null);
	}

	@Override
	public abstract IMqttToken publish(String topic, MqttMessage message, @Nullable Object userContext,
			@Nullable MqttActionListener callback);

}
