package io.github.mqttspringboot.autoconfigure.observation;

import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The application's registry, from when all beans are there. Until then nothing is
 * observed: clients and templates do not need the registry to be created, so that what
 * makes it up may need them, such as a meter registry that publishes by MQTT.
 */
final class DeferredObservationRegistry implements SmartInitializingSingleton {

	private final Supplier<ObservationRegistry> source;

	private final Delegate delegate = new Delegate();

	DeferredObservationRegistry(Supplier<ObservationRegistry> source) {
		this.source = source;
	}

	/**
	 * Return the registry. Not a bean: the application has one.
	 * @return the registry, a no-op until all beans are there
	 */
	ObservationRegistry registry() {
		return this.delegate;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.delegate.registry = this.source.get();
	}

	/** Passes all on. */
	private static final class Delegate implements ObservationRegistry {

		private volatile ObservationRegistry registry = ObservationRegistry.NOOP;

		@Override
		public @Nullable Observation getCurrentObservation() {
			return this.registry.getCurrentObservation();
		}

		@Override
		public Observation.@Nullable Scope getCurrentObservationScope() {
			return this.registry.getCurrentObservationScope();
		}

		@Override
		public void setCurrentObservationScope(Observation.@Nullable Scope current) {
			this.registry.setCurrentObservationScope(current);
		}

		@Override
		public ObservationConfig observationConfig() {
			return this.registry.observationConfig();
		}

		@Override
		public boolean isNoop() {
			return this.registry.isNoop();
		}

	}

}
