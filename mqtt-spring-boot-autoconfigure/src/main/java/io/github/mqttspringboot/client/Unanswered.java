package io.github.mqttspringboot.client;

import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

/**
 * An operation that had left when the connection ended, and was not acknowledged.
 *
 * @param key what it is: an {@link OutboundPublish}, a topic filter, or {@link Leaving}
 * @param type the packet that was sent last for it
 * @param order the place of that packet on the connection
 * @param size the size of that packet in bytes, 0 if it is not known
 * @param qos the QoS of a publish
 * @param retained whether a publish is to be retained
 * @param text whether a publish claims to be text
 * @param recent whether the packet was written within the suspect window
 */
record Unanswered(Object key, PacketType type, long order, long size, int qos, boolean retained, boolean text,
		boolean recent) {

	private static final Set<ReasonCode> ABOUT_PUBLISHES = Set.of(ReasonCode.TOPIC_NAME_INVALID,
			ReasonCode.PAYLOAD_FORMAT_INVALID, ReasonCode.RETAIN_NOT_SUPPORTED, ReasonCode.QOS_NOT_SUPPORTED);

	private static final Set<ReasonCode> ABOUT_SUBSCRIPTIONS = Set.of(ReasonCode.TOPIC_FILTER_INVALID,
			ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
			ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);

	static Unanswered publish(OutboundPublish publish, boolean recent) {
		boolean released = publish.released;
		return new Unanswered(publish, (released) ? PacketType.PUBREL : PacketType.PUBLISH, publish.order,
				(released) ? 0 : publish.size, publish.qos(), publish.packet.retain(),
				Objects.equals(publish.packet.properties().payloadFormatIndicator(), 1), recent);
	}

	static Unanswered filter(Object key, PacketType type, long order, boolean recent) {
		return new Unanswered(key, type, order, 0, 0, false, false, recent);
	}

	/**
	 * Return whether a reason code says that an operation like this is to blame.
	 * @param code the reason code of the DISCONNECT, {@code null} if there is none
	 * @return {@code true} if it leaves little doubt
	 */
	boolean isBlamedBy(@Nullable ReasonCode code) {
		if (code == null || this.type == PacketType.PUBREL) {
			return false;
		}
		if (code == ReasonCode.PACKET_TOO_LARGE || code == ReasonCode.NOT_AUTHORIZED) {
			return true;
		}
		boolean publish = this.type == PacketType.PUBLISH;
		return switch (code) {
			case RETAIN_NOT_SUPPORTED -> publish && this.retained;
			case TOPIC_FILTER_INVALID -> !publish;
			default -> (publish) ? ABOUT_PUBLISHES.contains(code)
					: this.type == PacketType.SUBSCRIBE && ABOUT_SUBSCRIPTIONS.contains(code);
		};
	}

	/**
	 * Return who may have made the server end the connection.
	 * @param failure how it ended
	 * @param all what was unanswered
	 * @return those that the reason code blames; without one, or if it blames none, all
	 * that it may mean
	 */
	static List<Unanswered> suspects(MqttFailure failure, List<Unanswered> all) {
		ReasonCode code = failure.reasonCode();
		List<Unanswered> out = (failure.localError() == null) ? all : all.stream().filter(Unanswered::recent).toList();
		List<Unanswered> blamed = out.stream().filter((each) -> each.isBlamedBy(code)).toList();
		if (blamed.isEmpty()) {
			return out;
		}
		if (code == ReasonCode.PACKET_TOO_LARGE) {
			long largest = blamed.stream().mapToLong(Unanswered::size).max().orElse(0);
			return blamed.stream().filter((each) -> each.size == largest).toList();
		}
		if (code == ReasonCode.PAYLOAD_FORMAT_INVALID && blamed.stream().anyMatch(Unanswered::text)) {
			return blamed.stream().filter(Unanswered::text).toList();
		}
		return blamed;
	}

	/**
	 * Return what it is, for people.
	 * @return for example {@code the publish to 'a/b'}
	 */
	String describe() {
		return describe(this.key);
	}

	static String describe(Object key) {
		if (key instanceof OutboundPublish publish) {
			return "the publish to '" + publish.topic() + "'";
		}
		return (key instanceof Leaving leaving) ? "the unsubscribe from " + leaving.filters()
				: "the subscription to '" + key + "'";
	}

	/**
	 * An UNSUBSCRIBE, whose filters are sent together.
	 *
	 * @param filters the topic filters
	 */
	record Leaving(List<String> filters) {

		Leaving {
			filters = List.copyOf(filters);
		}

	}

}
