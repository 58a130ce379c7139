package io.github.mqttspringboot.packet;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.packet.Subscribe.Subscription;

/**
 * Valid packets of every type with random content.
 */
public final class RandomPackets {

	private static final String[] CHARACTERS = { "a", "Z", "7", " ", "-", "/", "\u0001", "\u007f", "\u0080", "ß",
			"\u07ff", "\u0800", "€", "\ud7ff", "\ue000", "\ufeff", "\uffff", "\ud800\udc00", "😀", "\udbff\udfff" };

	private final Random random;

	public RandomPackets(Random random) {
		this.random = random;
	}

	public MqttPacket next() {
		return switch (this.random.nextInt(13)) {
			case 0, 1, 2 -> publish();
			case 3 -> ack(PacketType.PUBACK);
			case 4 -> ack(PacketType.PUBREC);
			case 5 -> ack(PacketType.PUBREL);
			case 6 -> ack(PacketType.PUBCOMP);
			case 7 -> new Subscribe(packetId(), list(1, this::subscription),
					maybe(() -> between(1, VariableByteInteger.MAX)), userProperties());
			case 8 -> subscribeAck(PacketType.SUBACK);
			case 9 -> subscribeAck(PacketType.UNSUBACK);
			case 10 -> new Unsubscribe(packetId(), list(1, this::name), userProperties());
			case 11 -> connAck();
			default -> (this.random.nextInt(5) == 0) ? Ping.values()[this.random.nextInt(2)] : disconnect();
		};
	}

	private Publish publish() {
		int qos = this.random.nextInt(3);
		byte[] payload = bytes(this.random.nextInt(400));
		return new Publish((qos > 0) ? packetId() : 0, name(), qos, this.random.nextBoolean(),
				qos > 0 && this.random.nextBoolean(), publishProperties(), payload);
	}

	private PublishProperties publishProperties() {
		return new PublishProperties(maybe(() -> this.random.nextInt(2)), maybe(this::fourBytes), null,
				maybe(this::name), maybe(() -> bytes(this.random.nextInt(30))), userProperties(),
				list(0, () -> between(1, VariableByteInteger.MAX)), maybe(this::text));
	}

	private PublishAck ack(PacketType type) {
		return new PublishAck(type, packetId(), code(), maybe(this::text), userProperties());
	}

	private SubscribeAck subscribeAck(PacketType type) {
		return new SubscribeAck(type, packetId(), list(1, this::code), maybe(this::text), userProperties());
	}

	private Subscription subscription() {
		return new Subscription(name(), this.random.nextInt(3), this.random.nextBoolean(), this.random.nextBoolean(),
				this.random.nextInt(3));
	}

	private ConnAck connAck() {
		return new ConnAck(this.random.nextBoolean(), code(), maybe(this::fourBytes), packetId(),
				this.random.nextInt(3), this.random.nextBoolean(), maybe(() -> 1 + this.random.nextInt(1 << 30) * 3L),
				maybe(this::text), this.random.nextInt(65536), this.random.nextBoolean(), this.random.nextBoolean(),
				this.random.nextBoolean(), maybe(() -> this.random.nextInt(65536)), maybe(this::text),
				maybe(this::text), userProperties());
	}

	private Disconnect disconnect() {
		return new Disconnect(code(), maybe(this::fourBytes), maybe(this::text), maybe(this::text), userProperties());
	}

	private List<UserProperty> userProperties() {
		return list(0, () -> new UserProperty(text(), text()));
	}

	private int packetId() {
		return between(1, 65535);
	}

	private int code() {
		return (this.random.nextBoolean()) ? 0 : this.random.nextInt(256);
	}

	private long fourBytes() {
		return this.random.nextInt() & 0xFFFF_FFFFL;
	}

	private int between(int min, int max) {
		return min + this.random.nextInt(max - min + 1);
	}

	private String name() {
		return "t" + text();
	}

	private String text() {
		StringBuilder text = new StringBuilder();
		int length = this.random.nextInt(12);
		int known = (this.random.nextBoolean()) ? 6 : CHARACTERS.length;
		for (int i = 0; i < length; i++) {
			text.append(CHARACTERS[this.random.nextInt(known)]);
		}
		return text.toString();
	}

	private byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		this.random.nextBytes(bytes);
		return bytes;
	}

	private <T> @Nullable T maybe(Supplier<T> value) {
		return (this.random.nextBoolean()) ? value.get() : null;
	}

	private <T> List<T> list(int min, Supplier<T> element) {
		List<T> list = new ArrayList<>();
		int size = min + ((this.random.nextBoolean()) ? 0 : this.random.nextInt(4));
		for (int i = 0; i < size; i++) {
			list.add(element.get());
		}
		return list;
	}

}
