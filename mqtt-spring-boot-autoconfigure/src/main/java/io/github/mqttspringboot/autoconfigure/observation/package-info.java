/**
 * Auto-configuration of observations.
 */
@NullMarked
package io.github.mqttspringboot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
