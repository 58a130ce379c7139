package io.github.mqttspringboot.metrics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The meters of a client in one registry. Thread-safe: some come while it is in use.
 */
final class BoundMeters {

	private final MeterRegistry registry;

	private final Set<Meter> meters = new LinkedHashSet<>();

	private final List<Runnable> whenRemoved = new ArrayList<>();

	private boolean removed;

	BoundMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	synchronized void add(Function<MeterRegistry, Meter> registration) {
		if (this.removed) {
			return;
		}
		List<Meter> before = this.registry.getMeters();
		Meter meter = registration.apply(this.registry);
		// Of a client of the same name, whose application has the same registry
		if (!before.contains(meter)) {
			this.meters.add(meter);
		}
	}

	synchronized void whenRemoved(Runnable action) {
		this.whenRemoved.add(action);
	}

	/** Take the meters out of the registry; none comes after that. */
	synchronized void remove() {
		this.removed = true;
		this.whenRemoved.forEach(Runnable::run);
		this.meters.forEach(this.registry::remove);
		this.meters.clear();
	}

}
