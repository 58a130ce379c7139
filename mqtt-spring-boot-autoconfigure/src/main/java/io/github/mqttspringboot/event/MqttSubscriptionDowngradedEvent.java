package io.github.mqttspringboot.event;

/**
 * The server granted a subscription with a lower QoS than asked for.
 *
 * @since 0.1.0
 */
public class MqttSubscriptionDowngradedEvent extends MqttEvent {

	private final String filter;

	private final int requestedQos;

	private final int grantedQos;

	/**
	 * Create the event.
	 * @param source the client
	 * @param clientName the name of the client
	 * @param filter the topic filter
	 * @param requestedQos the QoS asked for
	 * @param grantedQos the QoS granted
	 */
	public MqttSubscriptionDowngradedEvent(Object source, String clientName, String filter, int requestedQos,
			int grantedQos) {
		super(source, clientName, null, null);
		this.filter = filter;
		this.requestedQos = requestedQos;
		this.grantedQos = grantedQos;
	}

	/**
	 * Return the topic filter.
	 * @return the topic filter
	 */
	public String getFilter() {
		return this.filter;
	}

	/**
	 * Return the QoS asked for.
	 * @return 1 or 2
	 */
	public int getRequestedQos() {
		return this.requestedQos;
	}

	/**
	 * Return the QoS granted.
	 * @return 0 or 1
	 */
	public int getGrantedQos() {
		return this.grantedQos;
	}

}
