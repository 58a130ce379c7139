package io.github.mqttspringboot.testcontainers;

import org.testcontainers.hivemq.HiveMQContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A HiveMQ that needs no Docker, and is always there.
 */
final class StubHiveMqContainer extends HiveMQContainer {

	private final String image;

	StubHiveMqContainer(String image) {
		super(DockerImageName.parse(image).asCompatibleSubstituteFor("hivemq/hivemq-ce"));
		this.image = image;
	}

	@Override
	public String getDockerImageName() {
		return this.image;
	}

	@Override
	public String getHost() {
		return "127.0.0.1";
	}

	@Override
	public Integer getMappedPort(int originalPort) {
		return 40_000 + originalPort;
	}

	@Override
	public boolean isRunning() {
		return true;
	}

	@Override
	public void stop() {
		// Nothing runs
	}

}
