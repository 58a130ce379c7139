package io.github.mqttspringboot.integration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.error.Printable;

/**
 * One call that subscribes: with one SUBSCRIBE, or with one a filter if some of them are
 * suspected of ending the connection. It succeeds if all filters were granted, and ends
 * with the connection: who called does it again on the next.
 */
final class Subscribing {

	private final ManagedMqttClient client;

	private final FilterGuard guard;

	private final List<SubscribeRequest> requests;

	private final ClientToken token;

	private final Set<Subscribing> open;

	private final Deque<List<SubscribeRequest>> rounds = new ArrayDeque<>();

	private final Map<String, Integer> codes = new HashMap<>();

	private @Nullable ClientOperationException failure;

	private @Nullable CompletableFuture<SubscribeResult> current;

	private List<String> unanswered = List.of();

	private boolean over;

	/**
	 * Create the call.
	 * @param client the client
	 * @param guard knows the filters that end connections
	 * @param requests the filters
	 * @param token told of the outcome
	 * @param open where the call is as long as it has not ended
	 */
	Subscribing(ManagedMqttClient client, FilterGuard guard, List<SubscribeRequest> requests, ClientToken token,
			Set<Subscribing> open) {
		this.client = client;
		this.guard = guard;
		this.requests = requests;
		this.token = token;
		this.open = open;
	}

	void start() {
		this.open.add(this);
		List<SubscribeRequest> allowed = new ArrayList<>();
		for (SubscribeRequest request : this.requests) {
			if (this.guard.isBarred(request.filter())) {
				this.failure = barred(request.filter());
			}
			else {
				allowed.add(request);
			}
		}
		if (allowed.stream().anyMatch((request) -> this.guard.isSuspect(request.filter()))) {
			allowed.forEach((request) -> this.rounds.add(List.of(request)));
		}
		else if (!allowed.isEmpty() || this.requests.isEmpty()) {
			this.rounds.add(allowed);
		}
		next();
	}

	private ClientOperationException barred(String filter) {
		return new ClientOperationException(MqttClientException.REASON_CODE_SUBSCRIBE_FAILED, "The topic filter '"
				+ Printable.escape(filter) + "' is not subscribed: " + FilterGuard.MAX_STRIKES
				+ " connections in a row were lost before the server had answered its SUBSCRIBE. Correct the filter, or"
				+ " the server, and restart the adapter to try again", null);
	}

	private void next() {
		CompletableFuture<SubscribeResult> sent = send();
		if (sent == null) {
			return;
		}
		sent.whenComplete((result, thrown) -> {
			if (ended(result, thrown)) {
				next();
			}
		});
	}

	private @Nullable CompletableFuture<SubscribeResult> send() {
		synchronized (this) {
			if (this.over) {
				return null;
			}
			List<SubscribeRequest> round = this.rounds.poll();
			if (round != null) {
				this.unanswered = round.stream().map(SubscribeRequest::filter).toList();
				this.guard.sent(this.unanswered);
				this.current = this.client.subscribe(round.toArray(SubscribeRequest[]::new));
				return this.current;
			}
			this.over = true;
		}
		end();
		return null;
	}

	private synchronized boolean ended(@Nullable SubscribeResult result, @Nullable Throwable thrown) {
		if (this.over) {
			return false;
		}
		List<String> filters = this.unanswered;
		this.unanswered = List.of();
		SubscribeResult entries = result;
		if (thrown != null) {
			ClientOperationException ex = ClientOperationException.of(thrown);
			this.failure = (this.failure != null) ? this.failure : ex;
			entries = (ex.getCause() instanceof MqttSubscribeRejectedException rejected) ? rejected.getResult() : null;
		}
		this.guard.ended(filters, entries != null);
		if (entries != null) {
			entries.entries().forEach((entry) -> this.codes.put(entry.filter(), entry.code()));
		}
		return true;
	}

	/**
	 * The connection was lost. What the server has not answered is given up, so that the
	 * client does not restore it.
	 * @param cause why
	 * @return the filters given up, none if the call had ended
	 */
	List<String> connectionLost(ClientOperationException cause) {
		List<String> filters;
		synchronized (this) {
			if (this.over) {
				return List.of();
			}
			this.over = true;
			filters = this.unanswered;
			this.failure = cause;
			if (this.current != null) {
				this.current.cancel(false);
			}
		}
		this.guard.ended(filters, false);
		end();
		return filters;
	}

	private void end() {
		this.open.remove(this);
		int[] answers = new int[this.requests.size()];
		for (int i = 0; i < answers.length; i++) {
			int code = this.codes.getOrDefault(this.requests.get(i).filter(), -1);
			answers[i] = (code >= 0) ? code : MqttClientException.REASON_CODE_SUBSCRIBE_FAILED;
		}
		if (this.failure != null) {
			this.token.fail(this.failure, answers);
		}
		else {
			this.token.succeed(answers);
		}
	}

}
