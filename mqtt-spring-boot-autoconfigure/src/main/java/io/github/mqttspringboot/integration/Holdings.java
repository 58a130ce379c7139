package io.github.mqttspringboot.integration;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.support.context.NamedComponent;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.SubscriptionHolder;

/**
 * Which topic filters each adapter holds, and those of whoever else calls, together.
 * Thread-safe.
 */
final class Holdings {

	private static final Logger logger = LoggerFactory.getLogger(MqttClientManager.class);

	private final ManagedMqttClient client;

	private final Holding others = new Holding("Spring Integration");

	private final Map<Object, Holding> adapters = new ConcurrentHashMap<>();

	Holdings(ManagedMqttClient client) {
		this.client = client;
	}

	Holding of(@Nullable Object adapter) {
		return (adapter != null) ? this.adapters.computeIfAbsent(adapter, (key) -> new Holding(describe(key)))
				: this.others;
	}

	private static String describe(Object adapter) {
		String name = (adapter instanceof NamedComponent component) ? component.getComponentName() : null;
		return "Spring Integration adapter" + ((name != null) ? " '" + name + "'" : "");
	}

	/**
	 * Let what an adapter holds go, but for some filters.
	 * @param adapter the adapter
	 * @param wanted the filters to keep
	 */
	void retain(Object adapter, Collection<String> wanted) {
		Holding holding = this.adapters.get(adapter);
		if (holding != null) {
			letGo(holding, holding.filters.stream().filter((filter) -> !wanted.contains(filter)).toList());
		}
	}

	/**
	 * Let filters go, whoever holds them.
	 * @param filters the filters
	 */
	void letGo(Collection<String> filters) {
		letGo(this.others, this.others.filters.stream().filter(filters::contains).toList());
		this.adapters.values()
			.forEach((holding) -> letGo(holding, holding.filters.stream().filter(filters::contains).toList()));
	}

	void forget(Object adapter) {
		this.adapters.remove(adapter);
	}

	// Nobody waits for the outcome: a failure has been reported by the client
	void letGo(Holding holding, List<String> filters) {
		if (!filters.isEmpty()) {
			holding.filters.removeAll(Set.copyOf(filters));
			this.client.unsubscribe(holding.holder, filters.toArray(String[]::new)).whenComplete((result, failure) -> {
				if (failure != null) {
					logger.debug("{} has let {} go", holding.holder, filters, failure);
				}
			});
		}
	}

	/**
	 * What one of them holds.
	 */
	static final class Holding {

		private final SubscriptionHolder holder;

		private final Set<String> filters = ConcurrentHashMap.newKeySet();

		Holding(String name) {
			this.holder = SubscriptionHolder.named(name);
		}

		SubscriptionHolder holder() {
			return this.holder;
		}

		void add(Collection<String> filters) {
			this.filters.addAll(filters);
		}

		void remove(Collection<String> filters) {
			filters.forEach(this.filters::remove);
		}

	}

}
