/**
 * Auto-configuration of the client, the template and what watches them.
 */
@NullMarked
package io.github.mqttspringboot.autoconfigure;

import org.jspecify.annotations.NullMarked;
