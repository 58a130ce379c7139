/**
 * Servers, a proxy and watchers to test against: real brokers, and one that does what a
 * script says.
 */
@NullMarked
package io.github.mqttspringboot.testing;

import org.jspecify.annotations.NullMarked;
