package io.github.mqttspringboot.testing;

import java.util.function.Predicate;

import io.github.mqttspringboot.error.PacketType;

/**
 * Which packets a rule of a {@link ScriptedBroker} is about.
 */
public final class When {

	private final String description;

	private final Predicate<ReceivedPacket> condition;

	private When(String description, Predicate<ReceivedPacket> condition) {
		this.description = description;
		this.condition = condition;
	}

	public static When connect() {
		return packet(PacketType.CONNECT);
	}

	public static When publish() {
		return packet(PacketType.PUBLISH);
	}

	/**
	 * Match a PUBLISH by its topic.
	 * @param filter a topic filter, wildcards allowed
	 * @return the condition
	 */
	public static When publish(String filter) {
		return publish().and("to " + filter, (packet) -> matches(filter, packet.topic()));
	}

	public static When puback() {
		return packet(PacketType.PUBACK);
	}

	public static When pubrec() {
		return packet(PacketType.PUBREC);
	}

	public static When pubrel() {
		return packet(PacketType.PUBREL);
	}

	public static When pubcomp() {
		return packet(PacketType.PUBCOMP);
	}

	public static When subscribe() {
		return packet(PacketType.SUBSCRIBE);
	}

	/**
	 * Match a SUBSCRIBE that names a filter.
	 * @param filter the filter, to the letter
	 * @return the condition
	 */
	public static When subscribe(String filter) {
		return subscribe().and("with " + filter, (packet) -> packet.filterNames().contains(filter));
	}

	public static When unsubscribe() {
		return packet(PacketType.UNSUBSCRIBE);
	}

	/**
	 * Match an UNSUBSCRIBE that names a filter.
	 * @param filter the filter, to the letter
	 * @return the condition
	 */
	public static When unsubscribe(String filter) {
		return unsubscribe().and("with " + filter, (packet) -> packet.filterNames().contains(filter));
	}

	public static When pingreq() {
		return packet(PacketType.PINGREQ);
	}

	public static When disconnect() {
		return packet(PacketType.DISCONNECT);
	}

	public static When packet(PacketType type) {
		return new When(type.name(), (packet) -> packet.type() == type);
	}

	/**
	 * Narrow to the packets of one network connection.
	 * @param connection the index of the network connection, from 0
	 * @return the condition
	 */
	public When onConnection(int connection) {
		return and("on link " + connection, (packet) -> packet.connection() == connection);
	}

	/**
	 * Narrow by a condition of the test's own.
	 * @param further the further condition
	 * @return the condition
	 */
	public When and(Predicate<ReceivedPacket> further) {
		return and("with a condition", further);
	}

	private When and(String words, Predicate<ReceivedPacket> further) {
		return new When(this.description + " " + words, this.condition.and(further));
	}

	boolean matches(ReceivedPacket packet) {
		return this.condition.test(packet);
	}

	@Override
	public String toString() {
		return this.description;
	}

	/**
	 * Match a topic name against a filter (MQTT 5 §4.7).
	 * @param filter the filter
	 * @param topic the topic name
	 * @return whether it matches
	 */
	static boolean matches(String filter, String topic) {
		String[] pattern = filter.split("/", -1);
		String[] levels = topic.split("/", -1);
		if (topic.startsWith("$") && (pattern[0].equals("#") || pattern[0].equals("+"))) {
			return false;
		}
		for (int i = 0; i < pattern.length; i++) {
			if (pattern[i].equals("#")) {
				return true;
			}
			if (i == levels.length || !(pattern[i].equals("+") || pattern[i].equals(levels[i]))) {
				return false;
			}
		}
		return pattern.length == levels.length;
	}

}
