/**
 * Auto-configuration of the endpoint about MQTT clients.
 */
@NullMarked
package io.github.mqttspringboot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
