package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;

import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Subscribe;

/**
 * What one SUBSCRIBE of a {@link SubscribeCall} carries: filters that may share a
 * subscription identifier. Used on the engine's thread only.
 */
final class SubscribePart {

	private final SubscriptionIdentifiers identifiers;

	private List<SubscribeItem> items = List.of();

	/** Of the packet, 0 for none. */
	private int identifier;

	/** For filters that have none yet, 0 if there is none. */
	private int ownIdentifier;

	SubscribePart(SubscriptionIdentifiers identifiers) {
		this.identifiers = identifiers;
	}

	/**
	 * Choose what the next packet carries.
	 * @param open what is still to be sent
	 * @param link the connection
	 * @param guard keeps apart what may be poison
	 */
	void choose(List<SubscribeItem> open, Link link, PoisonGuard guard) {
		List<HeldSubscription> entries = new ArrayList<>();
		for (SubscribeItem item : open) {
			if (item.entry != null) {
				entries.add(item.entry);
			}
		}
		List<HeldSubscription> together = guard.together(this.identifiers.together(entries, entries.size(), link));
		this.items = open.stream().filter((item) -> item.entry != null && together.contains(item.entry)).toList();
		this.identifier = 0;
		if (!this.items.isEmpty() && this.identifiers.isAvailable(link)) {
			if (this.ownIdentifier == 0) {
				this.ownIdentifier = this.identifiers.next();
			}
			int known = together.get(0).identifier();
			this.identifier = (known != 0) ? known : this.ownIdentifier;
		}
	}

	boolean isEmpty() {
		return this.items.isEmpty();
	}

	boolean hasIdentifier() {
		return this.identifier != 0;
	}

	List<SubscribeItem> items() {
		return this.items;
	}

	MqttPacket packet(int packetId, List<SubscribeItem> carried) {
		return new Subscribe(packetId, carried.stream().map(SubscribeItem::toSend).toList(),
				(this.identifier != 0) ? this.identifier : null, List.of());
	}

	/** The packet is on its way. */
	void sent() {
		if (this.identifier == this.ownIdentifier) {
			this.ownIdentifier = 0;
		}
		for (SubscribeItem item : this.items) {
			item.asked = item.toSend();
			if (item.entry != null) {
				item.entry.sent(item.asked, this.identifier);
			}
		}
	}

	/**
	 * The packet is acknowledged.
	 * @return what it carried
	 */
	List<SubscribeItem> answered() {
		List<SubscribeItem> answered = this.items;
		this.items = List.of();
		return answered;
	}

}
