package io.github.mqttspringboot.testcontainers;

import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.hivemq.HiveMQContainer;

import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;

/**
 * {@link ContainerConnectionDetailsFactory} to create {@link MqttConnectionDetails} from
 * a {@link ServiceConnection @ServiceConnection}-annotated {@link HiveMQContainer}.
 */
class HiveMqContainerConnectionDetailsFactory extends AbstractMqttContainerConnectionDetailsFactory<HiveMQContainer> {

	static final String CONTAINER = "org.testcontainers.hivemq.HiveMQContainer";

	HiveMqContainerConnectionDetailsFactory() {
		super(CONTAINER);
	}

}
