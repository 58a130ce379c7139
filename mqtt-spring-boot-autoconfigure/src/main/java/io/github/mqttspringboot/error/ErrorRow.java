package io.github.mqttspringboot.error;

import org.jspecify.annotations.Nullable;

/**
 * A row of the default table.
 *
 * @param errorClass what the failure means for the connection
 * @param kind why it is fatal, {@code null} if it is not
 * @param suspect whether an operation of the client may have provoked it
 */
record ErrorRow(ErrorClass errorClass, @Nullable FatalKind kind, boolean suspect) {

	ErrorRow withErrorClass(ErrorClass errorClass) {
		return new ErrorRow(errorClass, this.kind, this.suspect);
	}

}
