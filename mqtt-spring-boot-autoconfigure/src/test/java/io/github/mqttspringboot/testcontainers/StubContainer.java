package io.github.mqttspringboot.testcontainers;

import java.util.concurrent.atomic.AtomicInteger;

import org.testcontainers.containers.GenericContainer;

/**
 * A container that needs no Docker: it is the server that listens on one port of
 * 127.0.0.1.
 */
final class StubContainer extends GenericContainer<StubContainer> {

	private final String image;

	private final int port;

	private final AtomicInteger starts = new AtomicInteger();

	StubContainer(String image, int port, Integer... exposedPorts) {
		super(image);
		this.image = image;
		this.port = port;
		withExposedPorts(exposedPorts);
	}

	int starts() {
		return this.starts.get();
	}

	@Override
	public String getDockerImageName() {
		return this.image;
	}

	@Override
	public String getHost() {
		return "127.0.0.1";
	}

	/** One port inside is the server's, any other is one more. */
	@Override
	public Integer getMappedPort(int originalPort) {
		if (this.starts.get() == 0) {
			throw new IllegalStateException("Mapped port can only be obtained after the container is started");
		}
		return (originalPort == getExposedPorts().get(0)) ? this.port : this.port + 1;
	}

	@Override
	public boolean isRunning() {
		return this.starts.get() > 0;
	}

	@Override
	public void start() {
		this.starts.incrementAndGet();
	}

	@Override
	public void stop() {
		// Nothing runs
	}

}
