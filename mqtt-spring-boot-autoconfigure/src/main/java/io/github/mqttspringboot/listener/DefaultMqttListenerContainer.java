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
import org.slf4j.event.Level;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

import io.github.mqttspringboot.client.ClientLogs;
import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionHolder;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.error.Printable;

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

	private long received;

	/** How many messages had come when it stopped. */
	private long owed;

	/** Used by who brings the messages only. */
	private boolean dropping;

	private boolean running;

	/** Whether it is subscribed, and puts aside what comes. */
	private boolean suspended;

	/** Waits for what has come, after which nothing is to begin. */
	private @Nullable CompletableFuture<@Nullable Void> ending;

	private @Nullable CompletableFuture<SubscribeResult> subscribing;

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
		return SubscribeRequest.to(filter)
			.options(endpoint.options())
			.holder(this.holder)
			.observed(this.work.observed())
			.messageHandler(this::receive)
			.build();
	}

	private @Nullable CompletionStage<@Nullable Void> receive(ReceivedMessage message) {
		if (!isWanted()) {
			if (!this.dropping) {
				this.dropping = true;
				ClientLogs.write(logger, Level.WARN, getClient(),
						"listener '" + getId() + "' has stopped, but the server has not unsubscribed it yet: a message"
								+ " on topic " + Printable.escape(message.topic())
								+ " is acknowledged and dropped, as are those that follow",
						null);
			}
			return null;
		}
		this.dropping = false;
		Delivery delivery = new Delivery(this.work, message, this.lanes::ended);
		this.lanes.add(delivery);
		return delivery.acknowledged();
	}

	private boolean isWanted() {
		synchronized (this.lanes) {
			boolean stopped = !this.running && !this.suspended && this.ending == null;
			return ++this.received <= this.owed || !stopped;
		}
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
	public void prepare() {
		synchronized (this.lanes) {
			if (this.running || this.suspended || !this.autoStartup || !clientIsToStart()) {
				return;
			}
			this.suspended = true;
			this.lanes.park();
			subscribe(this.subscriptions);
		}
	}

	private boolean clientIsToStart() {
		return getClient() instanceof SmartLifecycle lifecycle && lifecycle.isAutoStartup()
				&& getClient().state() == ClientState.STOPPED;
	}

	@Override
	public void start() {
		CompletableFuture<@Nullable Void> overtaken;
		synchronized (this.lanes) {
			if (this.running) {
				return;
			}
			this.running = true;
			subscribe((this.suspended) ? lost() : this.subscriptions);
			overtaken = resume();
		}
		end(overtaken);
	}

	// Used under the lock
	private @Nullable CompletableFuture<@Nullable Void> resume() {
		CompletableFuture<@Nullable Void> overtaken = this.ending;
		this.ending = null;
		this.suspended = false;
		this.lanes.resume();
		return overtaken;
	}

	private static void end(@Nullable CompletableFuture<@Nullable Void> overtaken) {
		if (overtaken != null) {
			overtaken.complete(null);
		}
	}

	// What the client has given up since it was asked, and does not restore
	private List<SubscribeRequest> lost() {
		if (this.subscribing == null || !this.subscribing.isCompletedExceptionally()) {
			return List.of();
		}
		List<String> held = getClient().subscriptions().stream().map(SubscriptionStatus::filter).toList();
		return this.subscriptions.stream().filter((request) -> !held.contains(request.filter())).toList();
	}

	private void subscribe(List<SubscribeRequest> requests) {
		if (!requests.isEmpty()) {
			CompletableFuture<SubscribeResult> subscribing = getClient()
				.subscribe(requests.toArray(SubscribeRequest[]::new));
			this.subscribing = subscribing;
			// The client reports what the server refuses, and restores the rest itself; a
			// mock answers nothing
			if (subscribing != null) {
				subscribing.exceptionally(this::notSubscribed);
			}
		}
	}

	private <T> @Nullable T notSubscribed(Throwable ex) {
		ClientLogs.write(logger, Level.DEBUG, getClient(),
				"listener '" + getId() + "' is not subscribed, or only in part", ex);
		return null;
	}

	@Override
	public void stop() {
		CountDownLatch stopped = new CountDownLatch(1);
		stop(stopped::countDown);
		if (this.working.get() || getClient().isHandlerThread()) {
			// What it would wait for waits for this thread
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
		CompletableFuture<@Nullable Void> overtaken = null;
		CompletableFuture<@Nullable Void> ending;
		synchronized (this.lanes) {
			if (this.running || this.suspended) {
				this.running = false;
				// What is put aside for ever would hold up the connection
				overtaken = resume();
				// Under the lock: the subscribe of a start behind it has the last word
				CompletableFuture<UnsubscribeResult> unsubscribed = getClient().unsubscribe(this.holder,
						getFilters().toArray(String[]::new));
				this.ending = ending(
						answer(unsubscribed).handle((result, ex) -> (ex != null) ? notUnsubscribed(ex) : result)
							.thenCompose((result) -> this.holder.handedOver())
							.thenCompose((handedOver) -> this.lanes.idle()));
			}
			ending = this.ending;
		}
		end(overtaken);
		whenEnded(ending, callback);
	}

	// A mock answers nothing
	private static CompletableFuture<UnsubscribeResult> answer(@Nullable CompletableFuture<UnsubscribeResult> answer) {
		return (answer != null) ? answer : CompletableFuture.completedFuture(new UnsubscribeResult(List.of()));
	}

	private <T> @Nullable T notUnsubscribed(Throwable ex) {
		ClientLogs.write(logger, Level.DEBUG, getClient(), "listener '" + getId() + "' has not unsubscribed", ex);
		return null;
	}

	@Override
	public void suspend(Runnable callback) {
		CompletableFuture<@Nullable Void> ending;
		synchronized (this.lanes) {
			if (this.running) {
				this.running = false;
				this.suspended = true;
				this.lanes.park();
				this.ending = ending(this.lanes.idle());
			}
			ending = this.ending;
		}
		whenEnded(ending, callback);
	}

	private CompletableFuture<@Nullable Void> ending(CompletableFuture<@Nullable Void> idle) {
		CompletableFuture<@Nullable Void> ending = new CompletableFuture<>();
		idle.whenComplete((result, ex) -> ending.complete(null));
		return ending.completeOnTimeout(null, patience().toNanos(), TimeUnit.NANOSECONDS);
	}

	private void whenEnded(@Nullable CompletableFuture<@Nullable Void> ending, Runnable callback) {
		if (ending == null) {
			callback.run();
			return;
		}
		ending.whenComplete((result, ex) -> {
			ended(ending);
			callback.run();
		});
	}

	private void ended(CompletableFuture<@Nullable Void> ending) {
		boolean subscribed;
		long behind;
		synchronized (this.lanes) {
			if (this.ending != ending) {
				return; // started or stopped meanwhile, or told before
			}
			this.ending = null;
			subscribed = this.suspended;
			this.owed = this.holder.come();
			behind = Math.max(0, this.owed - this.received);
			this.lanes.park();
			this.lanes.pause();
		}
		long left = this.lanes.underway() + ((subscribed) ? 0 : behind);
		if (left > 0) {
			ClientLogs.write(logger, Level.WARN, getClient(), "listener '" + getId() + "' has stopped with " + left
					+ " messages not processed within " + patience().toMillis() + " ms ('"
					+ ClientSettings.property(getClient().name(), "listener.shutdown-timeout")
					+ "'); they are not acknowledged, and "
					+ ((subscribed) ? "stay with the server as long as it keeps the session"
							: "hold back the acknowledgements behind them, until the listener is started again and"
									+ " processes them"),
					null);
		}
	}

	@Override
	public boolean isSuspended() {
		synchronized (this.lanes) {
			return this.suspended;
		}
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
