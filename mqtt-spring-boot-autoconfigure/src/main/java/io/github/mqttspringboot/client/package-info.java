/**
 * The managed MQTT 5 client.
 */
@NullMarked
package io.github.mqttspringboot.client;

import org.jspecify.annotations.NullMarked;
