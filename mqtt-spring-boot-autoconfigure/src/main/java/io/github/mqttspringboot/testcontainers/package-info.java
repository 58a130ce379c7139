/**
 * Service connections to MQTT servers that Testcontainers runs.
 */
@NullMarked
package io.github.mqttspringboot.testcontainers;

import org.jspecify.annotations.NullMarked;
