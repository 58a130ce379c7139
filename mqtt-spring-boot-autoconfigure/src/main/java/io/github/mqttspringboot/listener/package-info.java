/**
 * Listeners: their registry, containers and the way of a message through them.
 */
@NullMarked
package io.github.mqttspringboot.listener;

import org.jspecify.annotations.NullMarked;
