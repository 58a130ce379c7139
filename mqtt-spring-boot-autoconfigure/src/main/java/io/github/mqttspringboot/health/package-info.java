/**
 * Health of the clients.
 */
@NullMarked
package io.github.mqttspringboot.health;

import org.jspecify.annotations.NullMarked;
