package io.github.mqttspringboot.integration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
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
 * One call that subscribes: with one SUBSCRIBE, and one for each filter that is suspected
 * of ending the connection. It succeeds if all filters were granted, and ends with the
 * connection: who called does it again on the next.
 */
final class Subscribing {

	private final ManagedMqttClient client;

	private final FilterGuard guard;

	private final Turns turns;

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
	 * @param turns when it may subscribe
	 * @param requests the filters
	 * @param token told of the outcome
	 * @param open where the call is as long as it has not ended
	 */
	Subscribing(ManagedMqttClient client, FilterGuard guard, Turns turns, List<SubscribeRequest> requests,
			ClientToken token, Set<Subscribing> open) {
		this.client = client;
		this.guard = guard;
		this.turns = turns;
		this.requests = requests;
		this.token = token;
		this.open = open;
	}

	void start() {
		this.open.add(this);
		List<SubscribeRequest> together = new ArrayList<>();
		List<SubscribeRequest> alone = new ArrayList<>();
		for (SubscribeRequest request : this.requests) {
			if (this.guard.isBarred(request.filter())) {
				this.failure = barred(request.filter());
			}
			else {
				((this.guard.strikes(request.filter()) < 0) ? together : alone).add(request);
			}
		}
		if (!together.isEmpty() || this.requests.isEmpty()) {
			this.rounds.add(together);
		}
		alone.sort(Comparator.comparingInt((request) -> this.guard.strikes(request.filter())));
		alone.forEach((request) -> this.rounds.add(List.of(request)));
		next();
	}

	private ClientOperationException barred(String filter) {
		return new ClientOperationException(MqttClientException.REASON_CODE_SUBSCRIBE_FAILED, "The topic filter '"
				+ Printable.escape(filter) + "' is not subscribed: " + FilterGuard.REASON + ". " + this.guard.advice(),
				null);
	}

	private void next() {
		List<SubscribeRequest> round;
		synchronized (this) {
			if (this.over) {
				return;
			}
			round = this.rounds.poll();
			this.over = round == null;
		}
		if (round == null) {
			end();
		}
		else {
			this.turns.take(this, filters(round), () -> send(round));
		}
	}

	private static List<String> filters(List<SubscribeRequest> round) {
		return round.stream().map(SubscribeRequest::filter).toList();
	}

	private void send(List<SubscribeRequest> round) {
		CompletableFuture<SubscribeResult> sent;
		synchronized (this) {
			if (this.over) {
				return;
			}
			this.unanswered = filters(round);
			this.guard.sent(this.unanswered);
			sent = this.client.subscribe(round.toArray(SubscribeRequest[]::new));
			this.current = sent;
		}
		sent.whenComplete((result, thrown) -> {
			if (ended(result, thrown)) {
				this.turns.leave(this);
				next();
			}
		});
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
	 * client does not restore it. The turn is to be left when all calls have been told.
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
