package io.github.mqttspringboot.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscriptionHolder;

/**
 * The {@link MqttListenerContainer} of {@link DefaultMqttListenerContainerFactory}.
 */
final class DefaultMqttListenerContainer implements MqttListenerContainer, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(MqttListenerContainer.class);

	private final ListenerWork work;

	private final SubscriptionHolder holder;

	private final List<SubscribeRequest> subscriptions;

	private final boolean autoStartup;

	private final Lanes lanes;

	private final Runnable closing;

	/** Whether this thread runs the listener. */
	private final ThreadLocal<Boolean> working = ThreadLocal.withInitial(() -> false);

	private boolean running;

	private boolean suspended;

	DefaultMqttListenerContainer(ListenerWork work, MqttListenerEndpoint endpoint, boolean autoStartup, int concurrency,
			Executor executor, Runnable closing) {
		this.work = work;
		this.holder = SubscriptionHolder.named("listener '" + work.id() + "'");
		this.autoStartup = autoStartup;
		this.closing = closing;
		this.lanes = new Lanes(concurrency, (task) -> executor.execute(() -> work(task)),
				(work.ackMode() == AckMode.ON_RECEIPT) ? work.settings().receiptCapacity() : Integer.MAX_VALUE);
		this.subscriptions = endpoint.topics()
			.stream()
			.map(ListenerTopic::filter)
			.distinct()
			.map((filter) -> subscription(endpoint, filter))
			.toList();
	}

	private SubscribeRequest subscription(MqttListenerEndpoint endpoint, String filter) {
		SubscribeRequest.Builder builder = SubscribeRequest.to(filter)
			.noLocal(endpoint.noLocal())
			.retainAsPublished(endpoint.retainAsPublished())
			.retainHandling(endpoint.retainHandling())
			.holder(this.holder)
			.messageHandler(this::receive);
		if (endpoint.qos() != null) {
			builder.qos(endpoint.qos());
		}
		return builder.build();
	}

	private CompletionStage<@Nullable Void> receive(ReceivedMessage message) {
		Delivery delivery = new Delivery(this.work, message, this.lanes::ended);
		this.lanes.add(delivery);
		return delivery.acknowledged();
	}

	private void work(Runnable task) {
		this.working.set(true);
		try {
			task.run();
		}
		finally {
			this.working.remove();
		}
	}

	@Override
	public String getId() {
		return this.work.id();
	}

	@Override
	public ManagedMqttClient getClient() {
		return this.work.client();
	}

	@Override
	public List<String> getFilters() {
		return this.subscriptions.stream().map(SubscribeRequest::filter).toList();
	}

	@Override
	public void start() {
		synchronized (this.lanes) {
			if (this.running) {
				return;
			}
			this.running = true;
			if (this.suspended) {
				this.suspended = false;
				this.lanes.resume();
				return;
			}
		}
		// The client reports what the server refuses, and restores the rest itself
		getClient().subscribe(this.subscriptions.toArray(SubscribeRequest[]::new)).exceptionally(this::notSubscribed);
	}

	private <T> @Nullable T notSubscribed(Throwable ex) {
		logger.debug("Listener '{}' is not subscribed, or only in part", getId(), ex);
		return null;
	}

	@Override
	public void stop() {
		CountDownLatch stopped = new CountDownLatch(1);
		stop(stopped::countDown);
		if (this.working.get()) {
			return;
		}
		try {
			// The callback comes by itself
			stopped.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void stop(Runnable callback) {
		boolean unsubscribe;
		synchronized (this.lanes) {
			unsubscribe = this.running;
			this.running = false;
		}
		if (!unsubscribe) {
			callback.run();
			return;
		}
		getClient().unsubscribe(this.holder, getFilters().toArray(String[]::new))
			.handle((result, ex) -> (ex != null) ? this.<Object>notUnsubscribed(ex) : result)
			.thenCompose((result) -> this.lanes.idle())
			.completeOnTimeout(null, patience().toNanos(), TimeUnit.NANOSECONDS)
			.whenComplete((result, ex) -> callback.run());
	}

	private <T> @Nullable T notUnsubscribed(Throwable ex) {
		logger.debug("Listener '{}' has not unsubscribed", getId(), ex);
		return null;
	}

	@Override
	public void suspend(Runnable callback) {
		boolean suspend;
		synchronized (this.lanes) {
			suspend = this.running;
			this.running = false;
			if (suspend) {
				this.suspended = true;
				this.lanes.park();
			}
		}
		if (!suspend) {
			callback.run();
			return;
		}
		CompletableFuture<@Nullable Void> idle = this.lanes.idle();
		idle.completeOnTimeout(null, patience().toNanos(), TimeUnit.NANOSECONDS).whenComplete((result, ex) -> {
			this.lanes.pause();
			int underway = this.lanes.underway();
			if (underway > 0) {
				logger.warn("Listener '{}' has stopped with {} messages not processed within {} ms"
						+ " ('mqtt.listener.shutdown-timeout'); they are not acknowledged, and stay with the server"
						+ " as long as it keeps the session", getId(), underway, patience().toMillis());
			}
			callback.run();
		});
	}

	private Duration patience() {
		return this.work.settings().shutdownTimeout();
	}

	@Override
	public boolean isRunning() {
		synchronized (this.lanes) {
			return this.running;
		}
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	@Override
	public int getPhase() {
		return MqttListenerEndpointRegistry.PHASE;
	}

	@Override
	public void destroy() {
		this.lanes.park();
		this.lanes.pause();
		this.closing.run();
	}

	@Override
	public String toString() {
		return this.holder.toString();
	}

}
