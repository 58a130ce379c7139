/**
 * The network behind the port: Eclipse Paho opens and closes the connection, the gate
 * carries the packets.
 */
@NullMarked
package io.github.mqttspringboot.paho;

import org.jspecify.annotations.NullMarked;
