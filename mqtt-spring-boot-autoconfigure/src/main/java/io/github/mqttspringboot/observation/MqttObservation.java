package io.github.mqttspringboot.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations, and the keys that they have unless a convention of the application
 * says otherwise. Names are those of OpenTelemetry's semantic conventions for messaging,
 * where it has one.
 *
 * @since 0.1.0
 */
public enum MqttObservation implements ObservationDocumentation {

	/**
	 * A message that a client or a template sends, from the call to the end of the future
	 * that it returned.
	 */
	PUBLISH {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultMqttPublishObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return PublishLowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

	},

	/**
	 * One call of a listener or a handler with a message, until it returned, or the stage
	 * that it returned has ended, and its result is published. Each attempt of a listener
	 * is one of its own.
	 */
	PROCESS {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultMqttProcessObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return ProcessLowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

	};

	/**
	 * Keys of {@link #PUBLISH} with few values.
	 */
	public enum PublishLowCardinalityKeyNames implements KeyName {

		/** The name of the client. */
		CLIENT("client"),

		/** Always {@code mqtt}. */
		MESSAGING_SYSTEM("messaging.system"),

		/** Always {@code send}. */
		MESSAGING_OPERATION_TYPE("messaging.operation.type"),

		/** {@code publish}, or {@code request} for one that waits for its reply. */
		MESSAGING_OPERATION_NAME("messaging.operation.name"),

		/** The host of the server, {@code none} without a connection. */
		SERVER_ADDRESS("server.address"),

		/** The port of the server, {@code none} without a connection. */
		SERVER_PORT("server.port"),

		/**
		 * The reason of a failure of MQTT, such as {@code not-authorized}, the class name
		 * of another exception, or {@code none}.
		 */
		ERROR_TYPE("error.type");

		private final String name;

		PublishLowCardinalityKeyNames(String name) {
			this.name = name;
		}

		@Override
		public String asString() {
			return this.name;
		}

	}

	/**
	 * Keys of {@link #PROCESS} with few values.
	 */
	public enum ProcessLowCardinalityKeyNames implements KeyName {

		/** The name of the client. */
		CLIENT("client"),

		/**
		 * The id of the listener; of a handler the name of its holder, or
		 * {@code application}.
		 */
		LISTENER("listener"),

		/** Always {@code mqtt}. */
		MESSAGING_SYSTEM("messaging.system"),

		/** Always {@code process}. */
		MESSAGING_OPERATION_TYPE("messaging.operation.type"),

		/** Always {@code process}. */
		MESSAGING_OPERATION_NAME("messaging.operation.name"),

		/**
		 * The topic filter of the listener that matches, as it is subscribed,
		 * {@code none} of a handler: an application may subscribe to any number of them.
		 */
		MESSAGING_DESTINATION_TEMPLATE("messaging.destination.template"),

		/** The host of the server, {@code none} without a connection. */
		SERVER_ADDRESS("server.address"),

		/** The port of the server, {@code none} without a connection. */
		SERVER_PORT("server.port"),

		/**
		 * The reason of a failure of MQTT, such as {@code not-authorized}, the class name
		 * of another exception, or {@code none}.
		 */
		ERROR_TYPE("error.type");

		private final String name;

		ProcessLowCardinalityKeyNames(String name) {
			this.name = name;
		}

		@Override
		public String asString() {
			return this.name;
		}

	}

	/**
	 * Keys with any number of values, which are no tags of meters.
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/** The topic name. */
		MESSAGING_DESTINATION_NAME("messaging.destination.name"),

		/** The client identifier. */
		MESSAGING_CLIENT_ID("messaging.client.id");

		private final String name;

		HighCardinalityKeyNames(String name) {
			this.name = name;
		}

		@Override
		public String asString() {
			return this.name;
		}

	}

}
