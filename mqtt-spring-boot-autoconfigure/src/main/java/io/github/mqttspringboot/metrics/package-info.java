/**
 * Micrometer meters of the clients.
 */
@NullMarked
package io.github.mqttspringboot.metrics;

import org.jspecify.annotations.NullMarked;
