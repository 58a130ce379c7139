package io.github.mqttspringboot.integration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.eclipse.paho.mqttv5.client.IMqttMessageListener;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.integration.mqtt.inbound.AbstractMqttMessageDrivenChannelAdapter;

import io.github.mqttspringboot.client.ClientLogs;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MessageHandler;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeRequest.RetainHandling;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.Printable;

/**
 * The shared connection in the form of a Paho client: the operations are those of the
 * {@link ManagedMqttClient}, so that a token ends with the true outcome. Thread-safe.
 */
final class SharedMqttClient extends OverloadedMqttClient {

	private static final Logger logger = LoggerFactory.getLogger(MqttClientManager.class);

	private static final int MAX_MESSAGE_ID = 65_535;

	/** How long adapters may take until all have subscribed on a new connection. */
	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final Supplier<Collection<?>> adapters;

	private final IMqttMessageListener defaultListener;

	private final Holdings holdings;

	private final FilterGuard guard;

	private final Turns turns;

	private final Map<Object, Backlog> backlogs = new ConcurrentHashMap<>();

	/** The adapters that were destroyed while the client was stopped. */
	private final Set<Object> left = ConcurrentHashMap.newKeySet();

	private final Acknowledgements acknowledgements = new Acknowledgements();

	private final Set<ClientToken> publishing = ConcurrentHashMap.newKeySet();

	private final Set<Subscribing> subscribing = ConcurrentHashMap.newKeySet();

	private final AtomicInteger messageIds = new AtomicInteger();

	private volatile boolean manualAcks;

	/**
	 * Create the client.
	 * @param client whose connection it is
	 * @param url the first server
	 * @param adapters those that may call
	 * @param defaultListener receives what was subscribed without a listener
	 * @param guard knows the filters that end connections
	 */
	SharedMqttClient(ManagedMqttClient client, String url, Supplier<Collection<?>> adapters,
			IMqttMessageListener defaultListener, FilterGuard guard) {
		super(client, url);
		this.adapters = adapters;
		this.defaultListener = defaultListener;
		this.holdings = new Holdings(client);
		this.guard = guard;
		this.turns = new Turns(guard, CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
	}

	Holdings holdings() {
		return this.holdings;
	}

	@Override
	public IMqttToken publish(String topic, MqttMessage message, @Nullable Object userContext,
			@Nullable MqttActionListener callback) {
		int messageId = this.messageIds.updateAndGet((last) -> (last % MAX_MESSAGE_ID) + 1);
		ClientToken token = new ClientToken(this, "the publish to " + Printable.escape(topic), new String[] { topic },
				messageId, message, userContext, callback);
		this.publishing.add(token);
		try {
			client().publish(PahoMessages.request(topic, message)).whenComplete((result, failure) -> {
				this.publishing.remove(token);
				if (result != null) {
					token.succeed(result.code());
				}
				else {
					ClientOperationException ex = ClientOperationException.of(failure);
					token.fail(ex, ex.getReasonCode());
				}
			});
		}
		catch (IllegalArgumentException ex) {
			this.publishing.remove(token);
			token.fail(new ClientOperationException(MqttClientException.REASON_CODE_INVALID_MESSAGE,
					"The message for " + Printable.escape(topic) + " was not sent: " + ex.getMessage(), ex));
		}
		return token;
	}

	@Override
	IMqttToken subscribe(List<MqttSubscription> subscriptions, List<? extends @Nullable IMqttMessageListener> listeners,
			@Nullable Object userContext, @Nullable MqttActionListener callback) {
		List<String> filters = subscriptions.stream().map(MqttSubscription::getTopic).toList();
		ClientToken token = token("the subscription to ", filters, userContext, callback);
		if (!isConnected()) {
			token.fail(notConnected());
			return token;
		}
		Object caller = caller();
		Holdings.Holding holding = this.holdings.of(caller);
		List<SubscribeRequest> requests = new ArrayList<>();
		for (int i = 0; i < subscriptions.size(); i++) {
			MqttSubscription subscription = subscriptions.get(i);
			IMqttMessageListener listener = listeners.get(i);
			requests.add(SubscribeRequest.to(subscription.getTopic())
				.qos(subscription.getQos())
				.noLocal(subscription.isNoLocal())
				.retainAsPublished(subscription.isRetainAsPublished())
				.retainHandling(RetainHandling.values()[subscription.getRetainHandling()])
				.holder(holding.holder())
				.messageHandler(handler((listener != null) ? listener : this.defaultListener))
				.build());
		}
		holding.add(filters);
		handOverBacklog(caller, requests);
		new Subscribing(client(), this.guard, this.turns, requests, token, this.subscribing).start();
		return token;
	}

	@Override
	IMqttToken unsubscribe(List<String> filters, @Nullable Object userContext, @Nullable MqttActionListener callback) {
		ClientToken token = token("the unsubscription from ", filters, userContext, callback);
		Holdings.Holding holding = this.holdings.of(caller());
		holding.remove(filters);
		this.guard.forgive(filters);
		client().unsubscribe(holding.holder(), filters.toArray(String[]::new)).whenComplete((result, failure) -> {
			if (result != null) {
				token.succeed(result.entries().stream().mapToInt(UnsubscribeResult.Entry::code).toArray());
			}
			else {
				token.fail(ClientOperationException.of(failure));
			}
		});
		return token;
	}

	private ClientToken token(String what, List<String> filters, @Nullable Object userContext,
			@Nullable MqttActionListener callback) {
		return new ClientToken(this, what + filters.stream().map(Printable::escape).toList(),
				filters.toArray(String[]::new), 0, null, userContext, callback);
	}

	private @Nullable Object caller() {
		return CallingAdapter.find(this.adapters.get());
	}

	/**
	 * Subscribe for an adapter before the client starts, as it will itself once it has
	 * started: a session that is resumed may have messages for it by then.
	 * @param adapter the adapter
	 */
	void subscribeEarly(AbstractMqttMessageDrivenChannelAdapter<?, ?> adapter) {
		String[] filters = adapter.getTopic();
		int[] qos = adapter.getQos();
		Backlog backlog = new Backlog();
		Holdings.Holding holding = this.holdings.of(adapter);
		SubscribeRequest[] requests = new SubscribeRequest[filters.length];
		Arrays.setAll(requests,
				(index) -> SubscribeRequest.to(filters[index])
					.qos(qos[index])
					.holder(holding.holder())
					.messageHandler(backlog)
					.build());
		if (requests.length > 0) {
			holding.add(List.of(filters));
			this.backlogs.put(adapter, backlog);
			client().subscribe(requests).whenComplete((result, failure) -> {
				if (failure != null) {
					logger.debug("{} will subscribe itself", holding.holder(), failure);
				}
			});
		}
	}

	private void handOverBacklog(@Nullable Object adapter, List<SubscribeRequest> requests) {
		Backlog backlog = (adapter != null) ? this.backlogs.remove(adapter) : null;
		MessageHandler handler = requests.isEmpty() ? null : requests.get(0).handler();
		if (backlog != null && handler != null) {
			backlog.handOver(handler);
		}
	}

	/**
	 * An adapter is no more.
	 * @param adapter the adapter
	 * @param now whether it lets go what it holds now, else on the next connection if
	 * there is one
	 */
	void left(Object adapter, boolean now) {
		if (!now) {
			this.left.add(adapter);
			return;
		}
		this.holdings.retain(adapter, Set.of());
		this.holdings.forget(adapter);
		if (adapter instanceof AbstractMqttMessageDrivenChannelAdapter<?, ?> inbound) {
			this.guard.forgive(List.of(inbound.getTopic()));
		}
		Backlog backlog = this.backlogs.remove(adapter);
		if (backlog != null) {
			backlog.handOver((message) -> null);
		}
	}

	void returned(Object adapter) {
		this.left.remove(adapter);
	}

	void letGoOfThoseThatLeft() {
		for (Object adapter : this.left) {
			this.left.remove(adapter);
			left(adapter, true);
		}
	}

	/**
	 * The connection was lost: calls that subscribe end, and filters that have lost too
	 * many connections are let go.
	 * @param cause why
	 * @param failure how
	 * @param time when, in milliseconds since the epoch
	 * @return the filters that are barred from now on
	 */
	List<String> connectionLost(ClientOperationException cause, MqttFailure failure, long time) {
		List<String> barred = this.guard.connectionLost(failure, time);
		List<Subscribing> calls = List.copyOf(this.subscribing);
		Set<String> rejected = rejected();
		calls.forEach((call) -> this.holdings
			.letGo(call.connectionLost(cause).stream().filter((filter) -> !rejected.contains(filter)).toList()));
		calls.forEach(this.turns::leave);
		for (String filter : barred) {
			ClientLogs.write(logger, Level.ERROR, client(), "'" + Printable.escape(filter)
					+ "' not subscribed any more: " + FilterGuard.REASON + ". " + this.guard.advice(), null);
		}
		return barred;
	}

	// The client does not subscribe them again by itself, and would if they were let go
	private Set<String> rejected() {
		return client().subscriptions()
			.stream()
			.filter((subscription) -> subscription.state() == SubscriptionStatus.State.REJECTED)
			.map(SubscriptionStatus::filter)
			.collect(Collectors.toSet());
	}

	private MessageHandler handler(IMqttMessageListener listener) {
		return (received) -> {
			int id = (received.qos() > 0) ? this.acknowledgements.next() : 0;
			MqttMessage message = PahoMessages.message(received, id);
			if (!this.manualAcks || id == 0) {
				listener.messageArrived(received.topic(), message);
				return null;
			}
			CompletableFuture<Void> acknowledged = this.acknowledgements.await(id);
			try {
				listener.messageArrived(received.topic(), message);
			}
			catch (Throwable ex) {
				// Nobody is left who would acknowledge it
				this.acknowledgements.complete(id);
				throw ex;
			}
			return acknowledged;
		};
	}

	@Override
	public void setManualAcks(boolean manualAcks) {
		this.manualAcks = manualAcks;
	}

	/**
	 * Acknowledge a message.
	 * @param messageId the number that the message has, not its packet identifier
	 * @param qos is known already
	 */
	@Override
	public void messageArrivedComplete(int messageId, int qos) {
		this.acknowledgements.complete(messageId);
	}

	@Override
	public IMqttToken[] getPendingTokens() {
		return this.publishing.toArray(IMqttToken[]::new);
	}

	@Override
	public int getInFlightMessageCount() {
		return this.publishing.size();
	}

}
