/**
 * Auto-configuration of the health of MQTT clients.
 */
@NullMarked
package io.github.mqttspringboot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
