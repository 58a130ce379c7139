/**
 * The port between the client and the network.
 */
@NullMarked
package io.github.mqttspringboot.client.wire;

import org.jspecify.annotations.NullMarked;
