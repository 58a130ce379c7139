/**
 * Application events about rejections and the network connection.
 */
@NullMarked
package io.github.mqttspringboot.event;

import org.jspecify.annotations.NullMarked;
