package io.github.mqttspringboot.endpoint;

import java.util.Map;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of all clients.
 *
 * @param clients the clients by name
 * @since 0.1.0
 */
public record MqttClientsDescriptor(Map<String, MqttClientDescriptor> clients) implements OperationResponseBody {

}
