package io.github.mqttspringboot.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.JournalRecord.Completed;
import io.github.mqttspringboot.client.JournalRecord.Ended;
import io.github.mqttspringboot.client.JournalRecord.NewSession;
import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.client.JournalRecord.Received;
import io.github.mqttspringboot.client.JournalRecord.Released;
import io.github.mqttspringboot.client.JournalRecord.Wiped;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.PacketException;
import io.github.mqttspringboot.packet.Publish;

/**
 * Records of a journal as bytes: a mark, the length of the body, the CRC32C of length and
 * body, the body. The first record of a file is its header, with the version of the
 * format and the client identifier whose session it is.
 */
final class JournalCodec {

	/** Begins each record, so that a reader finds the next one behind a damaged one. */
	static final int MARK = 0x4D513572;

	/** Bytes before the body. */
	static final int FRAME = 12;

	/** The longest body: the largest packet of MQTT and what the record adds. */
	static final int MAX_BODY = (int) Link.PROTOCOL_MAXIMUM_PACKET_SIZE + 32;

	private static final byte VERSION = 1;

	private static final byte HEADER = 0;

	private static final byte PUBLISHED = 1;

	private static final byte RELEASED = 2;

	private static final byte ENDED = 3;

	private static final byte RECEIVED = 4;

	private static final byte COMPLETED = 5;

	private static final byte NEW_SESSION = 6;

	private static final int FLAG_RELEASED = 1;

	private static final int FLAG_LOST = 2;

	private JournalCodec() {
	}

	static ByteBuffer header(String clientId) {
		byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
		ByteBuffer target = ByteBuffer.allocate(FRAME + 2 + id.length);
		int start = begin(target);
		target.put(HEADER).put(VERSION).put(id);
		end(target, start);
		return target.flip();
	}

	static boolean isHeaderOf(ByteBuffer body, String clientId) {
		return body.equals(header(clientId).position(FRAME));
	}

	/**
	 * Return how many bytes a record takes.
	 * @param record the record, not {@link Wiped}
	 * @return the size in bytes
	 */
	static int size(JournalRecord record) {
		if (record instanceof Published published) {
			return FRAME + 18 + PacketCodec.size(published.packet());
		}
		return FRAME + ((record instanceof Released || record instanceof Ended) ? 9
				: (record instanceof NewSession) ? 1 : 3);
	}

	/**
	 * Encode a record.
	 * @param record the record, not {@link Wiped}
	 * @param target where to put exactly {@link #size(JournalRecord)} bytes
	 */
	static void encode(JournalRecord record, ByteBuffer target) {
		int start = begin(target);
		if (record instanceof Published published) {
			int flags = ((published.released()) ? FLAG_RELEASED : 0) | ((published.lost()) ? FLAG_LOST : 0);
			target.put(PUBLISHED).putLong(published.key()).putLong(published.expiresAt()).put((byte) flags);
			PacketCodec.encode(published.packet(), target);
		}
		else if (record instanceof Released released) {
			target.put(RELEASED).putLong(released.key());
		}
		else if (record instanceof Ended ended) {
			target.put(ENDED).putLong(ended.key());
		}
		else if (record instanceof Received received) {
			target.put(RECEIVED).putShort((short) received.packetId());
		}
		else if (record instanceof Completed completed) {
			target.put(COMPLETED).putShort((short) completed.packetId());
		}
		else if (record instanceof NewSession) {
			target.put(NEW_SESSION);
		}
		else {
			throw new IllegalArgumentException(record + " has no bytes");
		}
		end(target, start);
	}

	private static int begin(ByteBuffer target) {
		int start = target.position();
		target.position(start + FRAME);
		return start;
	}

	private static void end(ByteBuffer target, int start) {
		int length = target.position() - start - FRAME;
		target.putInt(start, MARK).putInt(start + 4, length);
		target.putInt(start + 8, checksum(length, target.duplicate().flip().position(start + FRAME)));
	}

	/**
	 * Return the checksum of a record.
	 * @param length the length as the record has it
	 * @param body the body, of which the position is moved to its limit
	 * @return the CRC32C
	 */
	static int checksum(int length, ByteBuffer body) {
		CRC32C crc = new CRC32C();
		crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
		crc.update(body);
		return (int) crc.getValue();
	}

	/**
	 * Decode the body of a record.
	 * @param body the body, whose checksum is right
	 * @return the record, {@code null} if it makes no sense
	 */
	static @Nullable JournalRecord decode(ByteBuffer body) {
		if (!body.hasRemaining()) {
			return null;
		}
		byte type = body.get();
		return switch (type) {
			case PUBLISHED -> published(body);
			case RELEASED -> (body.remaining() == Long.BYTES) ? new Released(body.getLong()) : null;
			case ENDED -> (body.remaining() == Long.BYTES) ? new Ended(body.getLong()) : null;
			case RECEIVED -> (body.remaining() == Short.BYTES) ? new Received(packetId(body)) : null;
			case COMPLETED -> (body.remaining() == Short.BYTES) ? new Completed(packetId(body)) : null;
			case NEW_SESSION -> (!body.hasRemaining()) ? new NewSession() : null;
			default -> null;
		};
	}

	private static int packetId(ByteBuffer body) {
		return Short.toUnsignedInt(body.getShort());
	}

	private static @Nullable JournalRecord published(ByteBuffer body) {
		if (body.remaining() < 2 * Long.BYTES + 3) {
			return null;
		}
		long key = body.getLong();
		long expiresAt = body.getLong();
		int flags = body.get();
		int header = Byte.toUnsignedInt(body.get());
		// The remaining length: up to four bytes with seven bits each
		byte more = body.get();
		while (more < 0 && body.hasRemaining()) {
			more = body.get();
		}
		try {
			if (PacketCodec.decode(header, body.slice()) instanceof Publish publish && publish.qos() > 0) {
				return new Published(key, publish, expiresAt, (flags & FLAG_RELEASED) != 0, (flags & FLAG_LOST) != 0);
			}
			return null;
		}
		catch (PacketException ex) {
			return null;
		}
	}

}
