/**
 * Measures the client side by side with raw Paho and the HiveMQ client.
 */
@NullMarked
package io.github.mqttspringboot.benchmarks;

import org.jspecify.annotations.NullMarked;
