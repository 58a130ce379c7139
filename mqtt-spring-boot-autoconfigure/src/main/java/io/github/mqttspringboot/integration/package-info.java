/**
 * Spring Integration's MQTT adapters on the shared connection.
 */
@NullMarked
package io.github.mqttspringboot.integration;

import org.jspecify.annotations.NullMarked;
