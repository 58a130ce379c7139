package io.github.mqttspringboot.metrics;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

import io.github.mqttspringboot.client.ManagedMqttClient;

/**
 * Binds {@link MqttMetrics} of all clients, and takes those of a client away when that is
 * destroyed. Clients are not asked for before the first registry is there to bind to.
 *
 * @since 0.1.0
 */
public class MqttClientsMetrics implements MeterBinder, DestructionAwareBeanPostProcessor, DisposableBean {

	private final Supplier<Stream<ManagedMqttClient>> clients;

	private final Map<ManagedMqttClient, MqttMetrics> metrics = new IdentityHashMap<>();

	/**
	 * Create the binder.
	 * @param clients supplies the clients
	 */
	public MqttClientsMetrics(Supplier<Stream<ManagedMqttClient>> clients) {
		this.clients = clients;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		// A mock has nothing to measure
		List<ManagedMqttClient> all = this.clients.get().filter((client) -> client.statistics() != null).toList();
		synchronized (this.metrics) {
			all.forEach((client) -> this.metrics.computeIfAbsent(client, MqttMetrics::new).bindTo(registry));
		}
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		return bean instanceof ManagedMqttClient;
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		MqttMetrics gone;
		synchronized (this.metrics) {
			gone = (bean instanceof ManagedMqttClient client) ? this.metrics.remove(client) : null;
		}
		if (gone != null) {
			gone.close();
		}
	}

	@Override
	public void destroy() {
		List<MqttMetrics> all;
		synchronized (this.metrics) {
			all = new ArrayList<>(this.metrics.values());
			this.metrics.clear();
		}
		all.forEach(MqttMetrics::close);
	}

}
