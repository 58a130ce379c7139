/**
 * Every row of the error matrix, end to end.
 */
@NullMarked
package io.github.mqttspringboot.matrix;

import org.jspecify.annotations.NullMarked;
