package io.github.mqttspringboot.packet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.mqttspringboot.packet.Subscribe.Subscription;

/**
 * SUBSCRIBE and UNSUBSCRIBE on the wire (MQTT 5 §3.8 and §3.10). The grammar of topic
 * filters is not checked here: a server answers a bad one with a reason code.
 */
final class SubscribeCodec {

	private static final String FILTER = "Topic Filter";

	private SubscribeCodec() {
	}

	static void write(Subscribe packet, PacketOutput output) {
		output.packetIdentifier(packet.packetId());
		output.properties((writer) -> {
			writer.number(Property.SUBSCRIPTION_IDENTIFIER, packet.subscriptionIdentifier());
			writer.user(packet.userProperties());
		});
		requireFilters(packet.subscriptions());
		for (Subscription subscription : packet.subscriptions()) {
			output.text(FILTER, subscription.filter());
			output.oneByte("Subscription Options", options(subscription));
		}
	}

	private static int options(Subscription subscription) {
		PacketOutput.requireRange("QoS", subscription.qos(), 0, 2);
		PacketOutput.requireRange("Retain Handling", subscription.retainHandling(), 0, 2);
		return subscription.qos() | ((subscription.noLocal()) ? 4 : 0) | ((subscription.retainAsPublished()) ? 8 : 0)
				| (subscription.retainHandling() << 4);
	}

	static Subscribe readSubscribe(PacketInput input) throws PacketException {
		int packetId = input.packetIdentifier();
		PropertyReader reader = PropertyReader.read(input);
		List<Subscription> subscriptions = new ArrayList<>();
		do {
			subscriptions.add(readSubscription(input));
		}
		while (input.hasRemaining());
		return new Subscribe(packetId, Collections.unmodifiableList(subscriptions),
				reader.integer(Property.SUBSCRIPTION_IDENTIFIER), reader.user());
	}

	private static Subscription readSubscription(PacketInput input) throws PacketException {
		String filter = readFilter(input);
		int options = input.oneByte("Subscription Options");
		if ((options & 0xC0) != 0) {
			throw input.malformed("a reserved bit of the Subscription Options is set [MQTT-3.8.3-5]");
		}
		int qos = options & 3;
		if (qos == 3) {
			throw input.protocolError("the Maximum QoS of a subscription is 3");
		}
		int retainHandling = options >> 4;
		if (retainHandling == 3) {
			throw input.protocolError("the Retain Handling of a subscription is 3");
		}
		boolean noLocal = (options & 4) != 0;
		if (noLocal && Topics.isShared(filter)) {
			throw input.protocolError("No Local is set on a shared subscription [MQTT-3.8.3-4]");
		}
		return new Subscription(filter, qos, noLocal, (options & 8) != 0, retainHandling);
	}

	static void write(Unsubscribe packet, PacketOutput output) {
		output.packetIdentifier(packet.packetId());
		output.properties((writer) -> writer.user(packet.userProperties()));
		requireFilters(packet.filters());
		for (String filter : packet.filters()) {
			output.text(FILTER, filter);
		}
	}

	static Unsubscribe readUnsubscribe(PacketInput input) throws PacketException {
		int packetId = input.packetIdentifier();
		PropertyReader reader = PropertyReader.read(input);
		List<String> filters = new ArrayList<>();
		do {
			filters.add(readFilter(input));
		}
		while (input.hasRemaining());
		return new Unsubscribe(packetId, Collections.unmodifiableList(filters), reader.user());
	}

	private static String readFilter(PacketInput input) throws PacketException {
		if (!input.hasRemaining()) {
			throw input.protocolError("has no topic filter");
		}
		return input.text(FILTER);
	}

	private static void requireFilters(List<?> filters) {
		if (filters.isEmpty()) {
			throw new IllegalArgumentException("There is no topic filter [MQTT-3.8.3-2] [MQTT-3.10.3-2]");
		}
	}

}
