/**
 * The template and its message conversion.
 */
@NullMarked
package io.github.mqttspringboot.core;

import org.jspecify.annotations.NullMarked;
