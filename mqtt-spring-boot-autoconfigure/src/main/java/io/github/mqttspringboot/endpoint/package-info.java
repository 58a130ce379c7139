/**
 * The Actuator endpoint that explains every drop.
 */
@NullMarked
package io.github.mqttspringboot.endpoint;

import org.jspecify.annotations.NullMarked;
