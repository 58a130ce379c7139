package io.github.mqttspringboot.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A valid packet taken apart into what comes before, in and after its properties, without
 * the code under test.
 * <p>
 * There is one canonical encoding of each packet, and the codec writes no other. A packet
 * that the codec accepts is encoded otherwise only in that
 * <ul>
 * <li>its properties are in another order. User properties, and subscription identifiers,
 * keep their order among themselves;</li>
 * <li>a CONNACK has a property with the value that its absence means (Receive Maximum
 * 65,535, Topic Alias Maximum 0, "available" 1);</li>
 * <li>a CONNACK has Authentication Method, Authentication Data or Response Information,
 * which are read past;</li>
 * <li>a PUBACK, PUBREC, PUBREL, PUBCOMP or DISCONNECT has a Property Length of 0, or
 * Reason Code 0x00 and no properties, all of which may be left out.</li>
 * </ul>
 * Lengths that are longer than needed are malformed and never accepted.
 */
final class PropertyLayout {

	private static final int CONNACK = 2;

	private static final int PUBLISH = 3;

	private static final int DISCONNECT = 14;

	// The order of the codec, by packet type
	private static final Map<Integer, List<Integer>> ORDER = Map.ofEntries(
			Map.entry(CONNACK,
					List.of(0x11, 0x21, 0x24, 0x25, 0x27, 0x12, 0x22, 0x1F, 0x26, 0x28, 0x29, 0x2A, 0x13, 0x1C)),
			Map.entry(PUBLISH, List.of(0x01, 0x02, 0x23, 0x08, 0x09, 0x26, 0x0B, 0x03)),
			Map.entry(4, List.of(0x1F, 0x26)), Map.entry(5, List.of(0x1F, 0x26)), Map.entry(6, List.of(0x1F, 0x26)),
			Map.entry(7, List.of(0x1F, 0x26)), Map.entry(8, List.of(0x0B, 0x26)), Map.entry(9, List.of(0x1F, 0x26)),
			Map.entry(10, List.of(0x26)), Map.entry(11, List.of(0x1F, 0x26)),
			Map.entry(DISCONNECT, List.of(0x11, 0x1F, 0x26, 0x1C)));

	private static final Map<Integer, byte[]> CONNACK_DEFAULTS = Map.of(0x21, new byte[] { (byte) 0xFF, (byte) 0xFF },
			0x22, new byte[2], 0x25, new byte[] { 1 }, 0x28, new byte[] { 1 }, 0x29, new byte[] { 1 }, 0x2A,
			new byte[] { 1 });

	private static final List<Integer> CONNACK_IGNORED = List.of(0x15, 0x16, 0x1A);

	private final Frame frame;

	private final byte[] before;

	private final List<Property> properties;

	private final byte[] after;

	private PropertyLayout(Frame frame, byte[] before, List<Property> properties, byte[] after) {
		this.frame = frame;
		this.before = before;
		this.properties = properties;
		this.after = after;
	}

	/**
	 * Take a packet apart.
	 * @param frame a valid packet
	 * @return its parts
	 */
	static PropertyLayout of(Frame frame) {
		ByteBuffer source = ByteBuffer.wrap(frame.body());
		byte[] before = take(source, Math.min(beforeProperties(frame), source.remaining()));
		List<Property> properties = new ArrayList<>();
		if (ORDER.containsKey(frame.type()) && source.hasRemaining()) {
			int length = variable(source);
			int end = source.position() + length;
			while (source.position() < end) {
				properties.add(property(source));
			}
		}
		return new PropertyLayout(frame, before, properties, take(source, source.remaining()));
	}

	private static int beforeProperties(Frame frame) {
		return switch (frame.type()) {
			case PUBLISH -> 2 + ByteBuffer.wrap(frame.body()).getChar() + (((frame.header() & 6) != 0) ? 2 : 0);
			case 4, 5, 6, 7 -> 3;
			case DISCONNECT -> 1;
			default -> 2;
		};
	}

	private static Property property(ByteBuffer source) {
		int identifier = variable(source);
		int start = source.position();
		switch (identifier) {
			case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A -> source.position(start + 1);
			case 0x13, 0x21, 0x22, 0x23 -> source.position(start + 2);
			case 0x02, 0x11, 0x18, 0x27 -> source.position(start + 4);
			case 0x0B -> variable(source);
			case 0x26 -> {
				take(source, source.getChar());
				take(source, source.getChar());
			}
			default -> take(source, source.getChar());
		}
		return new Property(identifier, Arrays.copyOfRange(source.array(), start, source.position()));
	}

	/**
	 * Return the canonical encoding of the packet.
	 * @return the bytes, fixed header included
	 */
	byte[] canonical() {
		List<Property> kept = new ArrayList<>(this.properties);
		if (this.frame.type() == CONNACK) {
			kept.removeIf((property) -> CONNACK_IGNORED.contains(property.identifier())
					|| Arrays.equals(CONNACK_DEFAULTS.get(property.identifier()), property.value()));
		}
		List<Integer> order = ORDER.getOrDefault(this.frame.type(), List.of());
		// The sort is stable: repeated properties keep their order
		kept.sort(Comparator.comparing((property) -> order.indexOf(property.identifier())));
		if (mayEndEarly() && kept.isEmpty()) {
			int length = this.before.length;
			int codeAt = (this.frame.type() == DISCONNECT) ? 0 : 2;
			boolean success = length > codeAt && this.before[codeAt] == 0;
			return new Frame(this.frame.header(), Arrays.copyOf(this.before, (success) ? codeAt : length)).bytes();
		}
		return assemble(kept);
	}

	/**
	 * Return another encoding of the same packet.
	 * @param random decides how
	 * @return the bytes, fixed header included
	 */
	byte[] another(Random random) {
		List<Property> changed = new ArrayList<>(this.properties);
		Collections.shuffle(changed, random);
		// Repeated ones are shuffled too: then it is another packet, which is as good
		if (this.frame.type() == CONNACK) {
			CONNACK_DEFAULTS.forEach((identifier, value) -> {
				boolean absent = changed.stream().noneMatch((property) -> property.identifier() == identifier);
				if (absent && random.nextBoolean()) {
					changed.add(random.nextInt(changed.size() + 1), new Property(identifier, value));
				}
			});
			if (random.nextBoolean()) {
				changed.add(new Property(CONNACK_IGNORED.get(random.nextInt(3)), new byte[] { 0, 1, 'x' }));
			}
		}
		if (!ORDER.containsKey(this.frame.type()) || this.before.length < beforeProperties(this.frame)) {
			return this.frame.bytes();
		}
		return assemble(changed);
	}

	private boolean mayEndEarly() {
		return switch (this.frame.type()) {
			case 4, 5, 6, 7, DISCONNECT -> true;
			default -> false;
		};
	}

	private byte[] assemble(List<Property> sequence) {
		if (!ORDER.containsKey(this.frame.type())) {
			return this.frame.bytes();
		}
		ByteArrayOutputStream encoded = new ByteArrayOutputStream();
		for (Property property : sequence) {
			Frame.writeVariable(encoded, property.identifier());
			encoded.writeBytes(property.value());
		}
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		body.writeBytes(this.before);
		Frame.writeVariable(body, encoded.size());
		body.writeBytes(encoded.toByteArray());
		body.writeBytes(this.after);
		return new Frame(this.frame.header(), body.toByteArray()).bytes();
	}

	private static byte[] take(ByteBuffer source, int length) {
		byte[] bytes = new byte[length];
		source.get(bytes);
		return bytes;
	}

	private static int variable(ByteBuffer source) {
		int value = 0;
		for (int shift = 0;; shift += 7) {
			int octet = source.get();
			value |= (octet & 0x7F) << shift;
			if (octet >= 0) {
				return value;
			}
		}
	}

	@SuppressWarnings("ArrayRecordComponent")
	private record Property(int identifier, byte[] value) {

	}

}
