package io.github.mqttspringboot.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * An MQTT 5 client that outlives network connections. Operations never block, and each
 * future completes exactly once with the final outcome, on the client's own executor.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public interface ManagedMqttClient {

	/**
	 * Return the name of the client.
	 * @return {@code default}, or the name under {@code mqtt.clients}
	 */
	String name();

	/**
	 * Return the state of the client.
	 * @return the state
	 */
	ClientState state();

	/**
	 * Return what is known of the network connection.
	 * @return the current connection, or one without server and time if there is none
	 */
	ConnectionInfo connection();

	/**
	 * Publish a message (MQTT 5 §3.3). The future fails with a
	 * {@link MqttOperationException}: {@link MqttPublishRejectedException} if the server
	 * or a check before sending refused it, {@link MqttNotConnectedException},
	 * {@link MqttOperationTimeoutException}, {@link MqttSessionLostException}, or
	 * {@link MqttPoisonMessageException} if the server ends the connection each time it
	 * is sent.
	 * @param request the message
	 * @return the outcome: with QoS 0 once written, with QoS 1 and 2 once acknowledged
	 */
	CompletableFuture<PublishResult> publish(PublishRequest request);

	/**
	 * Subscribe to topic filters with one SUBSCRIBE (MQTT 5 §3.8), or several, one after
	 * the other, if they overlap: the server then says of each message which of them it
	 * is for. The future completes normally only if all were granted, else it fails with
	 * {@link MqttSubscribeRejectedException}; filters that were granted are active either
	 * way. Granted and pending subscriptions are restored after a reconnect. A filter
	 * that makes the server end the connection each time is refused from then on, until
	 * {@link #reconnect()}, {@link #start()}, other credentials, or an unsubscribe.
	 * @param requests the topic filters with their options
	 * @return the outcome, one entry a filter
	 */
	CompletableFuture<SubscribeResult> subscribe(SubscribeRequest... requests);

	/**
	 * Unsubscribe from topic filters with one UNSUBSCRIBE (MQTT 5 §3.10), but for those
	 * that a {@link SubscriptionHolder} holds, which stay. The future completes normally
	 * if no filter was answered with a reason code of 0x80 or above, else it fails with
	 * {@link MqttUnsubscribeRejectedException}.
	 * @param filters the topic filters
	 * @return the outcome, one entry a filter: {@code 0x00} for one that others hold
	 */
	CompletableFuture<UnsubscribeResult> unsubscribe(String... filters);

	/**
	 * Let topic filters go that a holder has subscribed. An UNSUBSCRIBE is sent for those
	 * that nobody else holds.
	 * @param holder who lets them go
	 * @param filters the topic filters
	 * @return the outcome, one entry a filter: {@code 0x00} for one that others hold
	 */
	default CompletableFuture<UnsubscribeResult> unsubscribe(SubscriptionHolder holder, String... filters) {
		return unsubscribe(filters);
	}

	/**
	 * Report that a listener failed at a message whose handling had ended before, because
	 * it was acknowledged on receipt, for example. What a handler throws, or its stage
	 * ends with, needs no report.
	 * @param topic the topic name of the message
	 * @param cause why the listener failed
	 */
	default void listenerFailed(String topic, Throwable cause) {
	}

	/**
	 * Return the subscriptions that the client holds.
	 * @return a snapshot in the order of subscribing
	 */
	List<SubscriptionStatus> subscriptions();

	/**
	 * Return the last incidents and rejections.
	 * @return a snapshot, newest first, at most {@code mqtt.incident-history}
	 */
	List<MqttIncident> incidents();

	/**
	 * Return the counts of this client.
	 * @return live, exact counts
	 */
	default ClientStatistics statistics() {
		return new ClientStatistics(new ClientLog(name(), connection().clientId()));
	}

	/**
	 * Return where the client stands while it has no connection.
	 * @return a snapshot
	 */
	default ReconnectStatus reconnectStatus() {
		return new ReconnectStatus(0, null, null, null, null);
	}

	/**
	 * Return the executor on which the client completes futures, for what is built on it.
	 * @return the executor; it takes tasks that block, and runs them on the calling
	 * thread once the client is destroyed
	 */
	default Executor futureExecutor() {
		return ForkJoinPool.commonPool();
	}

	/**
	 * Return whether the calling thread is the one on which the client calls message
	 * handlers, one after the other: who waits on it for a message waits for ever.
	 * @return {@code true} in a message handler, before it returns
	 */
	default boolean isHandlerThread() {
		return false;
	}

	/**
	 * Start to connect, if not started. Returns at once.
	 */
	void start();

	/**
	 * Disconnect and stop reconnecting, at once. Wins over whatever the client is doing.
	 */
	void stop();

	/**
	 * End the connection or attempt, if there is one, and connect at once. Starts a
	 * client that has failed or stopped; one that is stopping starts once it has stopped.
	 */
	void reconnect();

}
