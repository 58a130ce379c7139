/**
 * Observations of what is published and processed, for timers and traces.
 */
@NullMarked
package io.github.mqttspringboot.observation;

import org.jspecify.annotations.NullMarked;
