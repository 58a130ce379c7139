package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * What the parts of an engine share.
 *
 * @param settings how the client is set up
 * @param scheduler the engine's thread and clock
 * @param reporter makes failures visible
 * @param statistics counts what happens
 * @param outcome ends futures
 * @param ids the packet identifiers of the session
 * @param store the journal of the session
 * @param control ends the connection
 * @param guard finds what ends connections
 * @param poison receives messages that do
 */
record EngineContext(ClientSettings settings, Scheduler scheduler, FailureReporter reporter,
		ClientStatistics statistics, Outcome outcome, PacketIds ids, SessionStore store, Control control,
		PoisonGuard guard, PoisonMessages poison) {

	/**
	 * Return what is to be said of the connection when an operation fails.
	 * @return that it is kept, empty if there is none
	 */
	String kept() {
		return this.control.isConnected() ? "connection kept, " : "";
	}

	/**
	 * Return the same as a sentence for the caller of the operation.
	 * @return that the connection to the server is kept, {@code null} if there is none
	 */
	@Nullable String keptConnection() {
		String server = this.control.server();
		return (this.control.isConnected() && server != null) ? "The connection to " + server + " is kept" : null;
	}

	/**
	 * Knows of the connection, and ends it, on behalf of a part.
	 */
	interface Control {

		boolean isConnected();

		/**
		 * Return the server of the connection.
		 * @return the server, {@code null} if there is no connection
		 */
		@Nullable String server();

		/**
		 * End the connection because of a failure.
		 * @param failure the failure, already classified as ending the connection
		 * @param classification the verdict
		 */
		void endConnection(MqttFailure failure, Classification classification);

	}

}
