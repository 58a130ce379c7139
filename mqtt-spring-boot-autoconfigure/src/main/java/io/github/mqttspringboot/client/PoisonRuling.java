package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

/**
 * What follows from the end of a connection.
 *
 * @param note what is to be said of it, {@code null} for nothing
 * @param hopeless whether there is no use in another connection
 */
record PoisonRuling(@Nullable String note, boolean hopeless) {

	static final PoisonRuling NOTHING = new PoisonRuling(null, false);

}
