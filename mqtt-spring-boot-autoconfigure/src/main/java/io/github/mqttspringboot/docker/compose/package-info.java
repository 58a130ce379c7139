/**
 * Service connections to MQTT servers that Docker Compose runs.
 */
@NullMarked
package io.github.mqttspringboot.docker.compose;

import org.jspecify.annotations.NullMarked;
