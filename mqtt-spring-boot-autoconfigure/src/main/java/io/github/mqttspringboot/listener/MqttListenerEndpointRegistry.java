package io.github.mqttspringboot.listener;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

import io.github.mqttspringboot.client.ClientLogs;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.Printable;

/**
 * The listeners of an application by their ids. Starts them after the clients and stops
 * them before. Thread-safe.
 *
 * @since 0.1.0
 */
public class MqttListenerEndpointRegistry implements SmartLifecycle, BeanFactoryAware, DisposableBean {

	/**
	 * The phase of listeners: behind the clients and most of what listeners use.
	 */
	public static final int PHASE = Integer.MAX_VALUE - 100;

	private static final Logger logger = LoggerFactory.getLogger(MqttListenerEndpointRegistry.class);

	private final Map<String, MqttListenerContainer> containers = new LinkedHashMap<>();

	private final Map<String, MqttListenerEndpoint> endpoints = new LinkedHashMap<>();

	private @Nullable BeanFactory beanFactory;

	private boolean running;

	private boolean startedOnce;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Make the container of a listener and keep it. It is started if the registry is, and
	 * the listener starts by itself. Before the first start of the registry it is
	 * prepared.
	 * @param endpoint the listener
	 * @param factory makes the container
	 * @throws InvalidMqttListenerException if the listener cannot be set up, or its id is
	 * taken
	 */
	public void registerListenerContainer(MqttListenerEndpoint endpoint, MqttListenerContainerFactory factory) {
		Assert.notNull(endpoint, "'endpoint' must not be null");
		Assert.notNull(factory, "'factory' must not be null");
		MqttListenerContainer container;
		boolean prepare;
		synchronized (this.containers) {
			MqttListenerEndpoint other = this.endpoints.get(endpoint.id());
			if (other != null) {
				throw endpoint.invalid(
						"Its id '" + Printable.escape(endpoint.id()) + "' is also that of " + other + ".",
						"Give each listener an id of its own.");
			}
			container = factory.createContainer(endpoint);
			this.endpoints.put(endpoint.id(), endpoint);
			this.containers.put(endpoint.id(), container);
			if (this.startedOnce && (!this.running || !container.isAutoStartup())) {
				return;
			}
			prepare = !this.startedOnce;
		}
		if (prepare) {
			container.prepare();
		}
		else {
			container.start();
		}
	}

	/**
	 * Return the container of a listener.
	 * @param id the id of the listener
	 * @return the container, {@code null} if there is none
	 */
	public @Nullable MqttListenerContainer getListenerContainer(String id) {
		synchronized (this.containers) {
			return this.containers.get(id);
		}
	}

	/**
	 * Return the ids of all listeners.
	 * @return a snapshot, in the order of registration
	 */
	public Set<String> getListenerContainerIds() {
		synchronized (this.containers) {
			return new LinkedHashSet<>(this.containers.keySet());
		}
	}

	/**
	 * Return the containers of all listeners.
	 * @return a snapshot, in the order of registration
	 */
	public List<MqttListenerContainer> getListenerContainers() {
		synchronized (this.containers) {
			return new ArrayList<>(this.containers.values());
		}
	}

	/**
	 * Start the listeners that start by themselves, and those that {@link #stop()} has
	 * stopped.
	 */
	@Override
	public void start() {
		synchronized (this.containers) {
			this.running = true;
			this.startedOnce = true;
		}
		getListenerContainers().stream()
			.filter((container) -> container.isAutoStartup() || container.isSuspended())
			.forEach(MqttListenerContainer::start);
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	/**
	 * Stop all listeners as the application stops: their topic filters stay subscribed,
	 * and what comes is not acknowledged. Those whose client is of a parent context, and
	 * goes on, unsubscribe. To stop listeners while the client goes on, stop their
	 * containers.
	 */
	@Override
	public void stop(Runnable callback) {
		List<MqttListenerContainer> stopping;
		synchronized (this.containers) {
			this.running = false;
			stopping = new ArrayList<>(this.containers.values());
		}
		// One more than containers, for the loop itself
		AtomicInteger open = new AtomicInteger(stopping.size() + 1);
		Runnable ended = () -> {
			if (open.decrementAndGet() == 0) {
				callback.run();
			}
		};
		for (MqttListenerContainer container : stopping) {
			if (isOfParent(container.getClient())) {
				container.stop(ended);
			}
			else {
				container.suspend(ended);
			}
		}
		ended.run();
	}

	private boolean isOfParent(ManagedMqttClient client) {
		return this.beanFactory instanceof HierarchicalBeanFactory factory
				&& factory.getParentBeanFactory() instanceof ListableBeanFactory parent
				&& BeanFactoryUtils.beansOfTypeIncludingAncestors(parent, ManagedMqttClient.class, false, false)
					.containsValue(client);
	}

	@Override
	public boolean isRunning() {
		synchronized (this.containers) {
			return this.running;
		}
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public void destroy() {
		for (MqttListenerContainer container : getListenerContainers()) {
			if (container instanceof DisposableBean disposable) {
				try {
					disposable.destroy();
				}
				catch (Exception ex) {
					ClientLogs.write(logger, Level.WARN, container.getClient(),
							"listener '" + container.getId() + "' has not ended cleanly", ex);
				}
			}
		}
	}

}
