package io.github.mqttspringboot.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * The lanes of one container: a topic always has the same, so that its messages keep
 * their order. Thread-safe.
 */
final class Lanes {

	private final Lane[] lanes;

	/** Came while nothing was to begin any more. */
	private final List<Delivery> parked = new ArrayList<>();

	/** Waits for the end of what is under way. */
	private final List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();

	private boolean parking;

	private int underway;

	/**
	 * Create lanes.
	 * @param count how many
	 * @param executor runs the deliveries
	 * @param capacity how many deliveries each accepts before they are processed
	 */
	Lanes(int count, Executor executor, int capacity) {
		this.lanes = new Lane[count];
		for (int i = 0; i < count; i++) {
			this.lanes[i] = new Lane(executor, capacity);
		}
	}

	/**
	 * Take a delivery. Calls come one after the other.
	 * @param delivery the delivery
	 */
	void add(Delivery delivery) {
		synchronized (this.parked) {
			if (this.parking) {
				this.parked.add(delivery);
				return;
			}
			this.underway++;
		}
		begin(delivery);
	}

	private void begin(Delivery delivery) {
		this.lanes[index(delivery.message().topic())].add(delivery);
	}

	private int index(String topic) {
		int hash = topic.hashCode() * 0x9E3779B9;
		return Math.floorMod(hash ^ (hash >>> 16), this.lanes.length);
	}

	void ended() {
		List<CompletableFuture<@Nullable Void>> idle = List.of();
		synchronized (this.parked) {
			this.underway--;
			if (this.underway == 0) {
				idle = List.copyOf(this.waiting);
				this.waiting.clear();
			}
		}
		idle.forEach((future) -> future.complete(null));
	}

	int underway() {
		synchronized (this.parked) {
			return this.underway;
		}
	}

	/** Put aside what comes from now on. */
	void park() {
		synchronized (this.parked) {
			this.parking = true;
		}
	}

	/**
	 * Return when what was taken is processed.
	 * @return a new stage; who completes it does not wait any more
	 */
	CompletableFuture<@Nullable Void> idle() {
		CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
		synchronized (this.parked) {
			if (this.underway > 0) {
				this.waiting.add(future);
				future.whenComplete((result, ex) -> forget(future));
				return future;
			}
		}
		future.complete(null);
		return future;
	}

	private void forget(CompletableFuture<@Nullable Void> future) {
		synchronized (this.parked) {
			this.waiting.remove(future);
		}
	}

	/** Begin nothing any more, not even what was taken. */
	void pause() {
		for (Lane lane : this.lanes) {
			lane.pause();
		}
	}

	/** Go on with what was taken, then with what was put aside. */
	void resume() {
		for (Lane lane : this.lanes) {
			lane.resume();
		}
		synchronized (this.parked) {
			// Under the lock: what comes now comes after it
			this.parking = false;
			this.underway += this.parked.size();
			this.parked.forEach(this::begin);
			this.parked.clear();
		}
	}

}
