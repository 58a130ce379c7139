package io.github.mqttspringboot.sample;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the sample itself. What an application would configure is under
 * {@code mqtt}.
 *
 * @param broker the embedded broker
 * @param reading what is published all the time
 * @since 0.1.0
 */
@ConfigurationProperties("sample")
public record SampleProperties(@DefaultValue Broker broker, @DefaultValue Reading reading) {

	/**
	 * The embedded broker.
	 *
	 * @param port the port on 127.0.0.1, 0 for a free one
	 * @param username the only user it knows
	 * @param password the password of that user
	 */
	public record Broker(@DefaultValue("18830") int port, @DefaultValue("sample") String username,
			@DefaultValue("sample") String password) {

		public Broker {
			if (port < 0 || port > 65_535) {
				throw new IllegalArgumentException("sample.broker.port must be 0 to 65535, but is " + port);
			}
		}

		@Override
		public String toString() {
			return "Broker[port=" + this.port + ", username=" + this.username + "]";
		}

	}

	/**
	 * What is published all the time.
	 *
	 * @param interval the time between two readings
	 */
	public record Reading(@DefaultValue("1s") Duration interval) {

	}

}
