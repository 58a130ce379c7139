package io.github.mqttspringboot.benchmarks;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * An MQTT client library under measurement.
 */
interface Contender {

	/**
	 * Return the name for the report.
	 * @return the name
	 */
	String name();

	/**
	 * Create a client that is not yet connected.
	 * @param port the port of the broker on 127.0.0.1
	 * @return the client
	 * @throws Exception if it cannot be created
	 */
	Client create(int port) throws Exception;

	/**
	 * One client. Its callbacks come on whatever thread the library calls back on.
	 */
	interface Client extends AutoCloseable {

		/**
		 * Connect and wait for the CONNACK.
		 * @throws Exception if that fails
		 */
		void connect() throws Exception;

		/**
		 * Subscribe and wait for the SUBACK.
		 * @param filter the topic filter
		 * @param qos the QoS
		 * @param handler receives the payloads
		 * @throws Exception if that fails
		 */
		void subscribe(String filter, int qos, Consumer<byte[]> handler) throws Exception;

		/**
		 * Publish without waiting.
		 * @param topic the topic
		 * @param payload the payload
		 * @param qos the QoS
		 * @param done told when the library says that the publish has ended, with the
		 * error or {@code null}
		 * @throws Exception if the library takes no more
		 */
		void publish(String topic, byte[] payload, int qos, Consumer<@Nullable Throwable> done) throws Exception;

	}

}
