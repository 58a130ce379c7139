/**
 * Annotations for listeners, and what looks for them.
 */
@NullMarked
package io.github.mqttspringboot.annotation;

import org.jspecify.annotations.NullMarked;
