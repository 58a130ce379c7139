/**
 * Tests of the sample application.
 */
@NullMarked
package io.github.mqttspringboot.sample;

import org.jspecify.annotations.NullMarked;
