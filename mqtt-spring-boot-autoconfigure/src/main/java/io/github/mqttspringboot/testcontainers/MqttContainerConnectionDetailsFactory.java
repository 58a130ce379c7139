package io.github.mqttspringboot.testcontainers;

import java.util.List;

import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.util.ClassUtils;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;

import io.github.mqttspringboot.autoconfigure.MqttConnectionDetails;

/**
 * {@link ContainerConnectionDetailsFactory} to create {@link MqttConnectionDetails} from
 * a {@link ServiceConnection @ServiceConnection}-annotated {@link GenericContainer} using
 * the {@code "eclipse-mosquitto"}, {@code "emqx/emqx"} or {@code "hivemq/hivemq-ce"}
 * image.
 */
class MqttContainerConnectionDetailsFactory extends AbstractMqttContainerConnectionDetailsFactory<Container<?>> {

	private static final List<String> CONNECTION_NAMES = List.of("eclipse-mosquitto", "library/eclipse-mosquitto",
			"emqx/emqx", "hivemq/hivemq-ce");

	MqttContainerConnectionDetailsFactory() {
		super(CONNECTION_NAMES);
	}

	@Override
	protected boolean sourceAccepts(ContainerConnectionSource<Container<?>> source, Class<?> requiredContainerType,
			Class<?> requiredConnectionDetailsType) {
		return super.sourceAccepts(source, requiredContainerType, requiredConnectionDetailsType)
				&& !isOfTheHiveMqModule(source, requiredConnectionDetailsType);
	}

	// It has a factory of its own, and two for one container are an error
	private static boolean isOfTheHiveMqModule(ContainerConnectionSource<Container<?>> source,
			Class<?> requiredConnectionDetailsType) {
		String type = HiveMqContainerConnectionDetailsFactory.CONTAINER;
		return ClassUtils.isPresent(type, null) && source.accepts(ANY_CONNECTION_NAME,
				ClassUtils.resolveClassName(type, null), requiredConnectionDetailsType);
	}

}
