/**
 * Auto-configuration of the meters of MQTT clients.
 */
@NullMarked
package io.github.mqttspringboot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
