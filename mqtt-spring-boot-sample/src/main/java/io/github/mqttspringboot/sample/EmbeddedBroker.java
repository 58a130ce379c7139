package io.github.mqttspringboot.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.SmartLifecycle;

/**
 * An ActiveMQ Artemis in this process: MQTT on 127.0.0.1 and nothing else, in memory, so
 * that a stop forgets sessions and messages. It starts before the MQTT client and stops
 * after it, and keeps its port over restarts. Thread-safe: one thread starts and stops
 * the broker, so that requests that meet wait for each other instead of getting in each
 * other's way.
 */
class EmbeddedBroker implements SmartLifecycle, InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedBroker.class);

	private static final String HOST = "127.0.0.1";

	private static final String ACCEPTOR = "mqtt";

	private static final long MAX_ADDRESS_BYTES = 16 * 1024 * 1024;

	private final SampleProperties.Broker properties;

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "sample-broker");
		thread.setDaemon(true);
		return thread;
	});

	private volatile int port;

	private volatile @Nullable EmbeddedActiveMQ server;

	EmbeddedBroker(SampleProperties.Broker properties) {
		this.properties = properties;
		this.port = properties.port();
	}

	/**
	 * Start with the bean, not with the context: whoever needs the port needs it while
	 * the other beans are made.
	 */
	@Override
	public void afterPropertiesSet() {
		start();
	}

	@Override
	public void start() {
		startBroker().join();
	}

	@Override
	public void stop() {
		stopBroker().join();
	}

	@Override
	public void destroy() {
		try {
			stop();
		}
		finally {
			this.executor.shutdown();
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	@Override
	public int getPhase() {
		return -1000;
	}

	/**
	 * Return where the broker listens.
	 * @return the URI with the real port
	 */
	URI uri() {
		return URI.create("mqtt://" + HOST + ":" + this.port);
	}

	/**
	 * Return the port.
	 * @return the real port once the broker has been started
	 */
	int port() {
		return this.port;
	}

	/**
	 * Start the broker.
	 * @return whether it was stopped before; fails if it cannot start
	 */
	CompletableFuture<Boolean> startBroker() {
		return CompletableFuture.supplyAsync(this::doStart, this.executor);
	}

	/**
	 * Stop the broker.
	 * @return whether it was running before; fails if it cannot stop
	 */
	CompletableFuture<Boolean> stopBroker() {
		return CompletableFuture.supplyAsync(this::doStop, this.executor);
	}

	/**
	 * Stop the broker, if it is running, and start it.
	 * @return whether it was running before; fails if it cannot stop or start
	 */
	CompletableFuture<Boolean> restartBroker() {
		return CompletableFuture.supplyAsync(() -> {
			boolean stopped = doStop();
			doStart();
			return stopped;
		}, this.executor);
	}

	private boolean doStart() {
		if (this.server != null) {
			return false;
		}
		EmbeddedActiveMQ server = new EmbeddedActiveMQ();
		try {
			checkPort();
			server.setConfiguration(configuration());
			server.setSecurityManager(new BrokerSecurity(this.properties.username(), this.properties.password()));
			server.start();
			this.port = actualPort(server.getActiveMQServer());
		}
		catch (Exception ex) {
			stopQuietly(server);
			throw new BrokerStartException(HOST + ":" + this.port, ex);
		}
		this.server = server;
		logger.info("Embedded broker listens on {}", uri());
		return true;
	}

	private boolean doStop() {
		EmbeddedActiveMQ server = this.server;
		if (server == null) {
			return false;
		}
		this.server = null;
		try {
			server.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The embedded broker on " + uri() + " did not stop cleanly", ex);
		}
		logger.info("Embedded broker on {} has stopped", uri());
		return true;
	}

	// The broker would log the stack trace of its failure before anybody could explain it
	private void checkPort() throws IOException {
		new ServerSocket(this.port, 1, InetAddress.getByName(HOST)).close();
	}

	private static int actualPort(ActiveMQServer server) {
		int port = server.getRemotingService().getAcceptor(ACCEPTOR).getActualPort();
		if (port <= 0) {
			throw new IllegalStateException("The broker does not listen");
		}
		return port;
	}

	private static void stopQuietly(EmbeddedActiveMQ server) {
		try {
			server.stop();
		}
		catch (Exception ex) {
			logger.debug("Cannot stop a broker that did not start", ex);
		}
	}

	private Configuration configuration() {
		AddressSettings settings = new AddressSettings();
		// Nothing may ever be paged to disk, and a full broker refuses instead of waiting
		settings.setAddressFullMessagePolicy(AddressFullMessagePolicy.FAIL);
		settings.setMaxSizeBytes(MAX_ADDRESS_BYTES);
		return new ConfigurationImpl().setName("sample")
			.setPersistenceEnabled(false)
			.setSecurityEnabled(true)
			.setJMXManagementEnabled(false)
			.setCriticalAnalyzer(false)
			// It writes nothing: a full disk is none of its business
			.setMaxDiskUsage(-1)
			.addAddressSetting("#", settings)
			.addAcceptorConfiguration(new TransportConfiguration(NettyAcceptorFactory.class.getName(),
					Map.of(TransportConstants.HOST_PROP_NAME, HOST, TransportConstants.PORT_PROP_NAME, this.port,
							TransportConstants.PROTOCOLS_PROP_NAME, "MQTT", TransportConstants.USE_EPOLL_PROP_NAME,
							false, TransportConstants.USE_KQUEUE_PROP_NAME, false),
					ACCEPTOR));
	}

}
