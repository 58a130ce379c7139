/**
 * MQTT 5 control packets with their codec, and topic names and filters with their
 * grammar.
 */
@NullMarked
package io.github.mqttspringboot.packet;

import org.jspecify.annotations.NullMarked;
