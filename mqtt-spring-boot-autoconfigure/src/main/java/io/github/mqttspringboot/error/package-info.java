/**
 * Failures and their classification: what went wrong, and what it means for the network
 * connection.
 */
@NullMarked
package io.github.mqttspringboot.error;

import org.jspecify.annotations.NullMarked;
