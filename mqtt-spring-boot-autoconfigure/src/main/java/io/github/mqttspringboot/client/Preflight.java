package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.Subscribe.Subscription;
import io.github.mqttspringboot.packet.Topics;

/**
 * Refuses what the server would refuse, before it takes a packet identifier.
 */
final class Preflight {

	/** What became of a message that is refused. */
	static final String NOT_SENT = "nothing was sent";

	/** What became of a message that is refused when it is to be sent again. */
	static final String SENT_BEFORE = "it was sent on an earlier connection, its outcome is unknown";

	private Preflight() {
	}

	/**
	 * Check what holds with any server.
	 * @param publish the message
	 * @return the failure, {@code null} if it may be sent
	 */
	static @Nullable MqttFailure check(Publish publish) {
		String problem = Topics.checkName(publish.topic());
		if (problem != null) {
			return invalidTopic(publish.topic(), problem);
		}
		String responseTopic = publish.properties().responseTopic();
		problem = (responseTopic != null) ? Topics.checkName(responseTopic) : null;
		if (problem != null) {
			return invalidTopic(publish.topic(), "response topic: " + problem);
		}
		return checkSizes(publish);
	}

	private static @Nullable MqttFailure checkSizes(Publish publish) {
		try {
			size(publish);
			return null;
		}
		catch (IllegalArgumentException ex) {
			// All text has been checked before, so that only a size is left
			return failure(LocalError.PACKET_TOO_LARGE, publish.topic(), "larger than MQTT allows: " + ex.getMessage());
		}
	}

	/**
	 * Check against the limits of a connection.
	 * @param publish the message
	 * @param size its size on the wire, in bytes
	 * @param link the connection
	 * @param fate what becomes of it, for the failure
	 * @return the failure, {@code null} if it may be sent
	 */
	static @Nullable MqttFailure check(Publish publish, long size, Link link, String fate) {
		ConnAck limits = link.connAck();
		if (publish.qos() > limits.maximumQos()) {
			return failure(LocalError.QOS_NOT_SUPPORTED, publish.topic(),
					"QoS " + publish.qos() + " is above the server's Maximum QoS of " + limits.maximumQos(), fate);
		}
		if (publish.retain() && !limits.retainAvailable()) {
			return failure(LocalError.RETAIN_NOT_SUPPORTED, publish.topic(),
					"the server has no retained messages (Retain Available 0)", fate);
		}
		return checkSize(size, publish.topic(), link, fate);
	}

	private static @Nullable MqttFailure checkSize(long size, String topic, Link link, String fate) {
		if (size > link.maximumPacketSize()) {
			return failure(LocalError.PACKET_TOO_LARGE, topic,
					"the packet has " + size + " bytes, the Maximum Packet Size is " + link.maximumPacketSize(), fate);
		}
		return null;
	}

	/**
	 * Check the size of a packet against the limits of a connection.
	 * @param packet the packet
	 * @param topic what it is about
	 * @param link the connection
	 * @return the failure, {@code null} if it may be sent
	 */
	static @Nullable MqttFailure checkSize(MqttPacket packet, String topic, Link link) {
		try {
			return checkSize(PacketCodec.size(packet), topic, link, NOT_SENT);
		}
		catch (IllegalArgumentException ex) {
			return failure(LocalError.PACKET_TOO_LARGE, topic, String.valueOf(ex.getMessage()), NOT_SENT);
		}
	}

	/**
	 * Return the size of a message on the wire.
	 * @param publish the message, whose packet identifier may still be to come
	 * @return the size in bytes
	 */
	static long size(Publish publish) {
		return PacketCodec.size((publish.qos() > 0 && publish.packetId() == 0) ? publish.with(1, false) : publish);
	}

	/**
	 * Check a topic filter against what holds with any server.
	 * @param filter the topic filter
	 * @param noLocal the No Local option
	 * @return the failure, {@code null} if it may be sent
	 */
	static @Nullable MqttFailure checkFilter(String filter, boolean noLocal) {
		String problem = Topics.checkFilter(filter);
		if (problem != null) {
			return invalidTopic(filter, problem);
		}
		if (noLocal && Topics.isShared(filter)) {
			return failure(LocalError.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, filter,
					"No Local on a shared subscription is a protocol error [MQTT-3.8.3-4]");
		}
		return null;
	}

	/**
	 * Check a subscription against the limits of a connection.
	 * @param subscription the subscription
	 * @param link the connection
	 * @return the failure, {@code null} if it may be sent
	 */
	static @Nullable MqttFailure check(Subscription subscription, Link link) {
		String filter = subscription.filter();
		if (Topics.isShared(filter) && !link.connAck().sharedSubscriptionAvailable()) {
			return failure(LocalError.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, filter,
					"the server has no shared subscriptions (Shared Subscription Available 0)");
		}
		if (Topics.hasWildcard(Topics.matchingPart(filter)) && !link.connAck().wildcardSubscriptionAvailable()) {
			return failure(LocalError.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, filter,
					"the server has no wildcard subscriptions (Wildcard Subscription Available 0)");
		}
		return null;
	}

	private static MqttFailure invalidTopic(String topic, String problem) {
		return failure(LocalError.INVALID_TOPIC, topic, problem);
	}

	private static MqttFailure failure(LocalError error, String topic, String detail) {
		return failure(error, topic, detail, NOT_SENT);
	}

	private static MqttFailure failure(LocalError error, String topic, String detail, String fate) {
		return MqttFailure.local(error).topic(topic).detail(detail + "; " + fate).build();
	}

}
