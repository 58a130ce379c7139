package io.github.mqttspringboot.testcontainers;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Import;
import org.testcontainers.containers.Container;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for
 * {@link ServiceConnection @ServiceConnection} annotated containers of further clients.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass({ Container.class, ServiceConnection.class })
@Import(ServiceConnectionQualifiers.class)
public final class MqttTestcontainersAutoConfiguration {

}
