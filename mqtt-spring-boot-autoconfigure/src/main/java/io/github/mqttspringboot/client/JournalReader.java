package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.jspecify.annotations.Nullable;

/**
 * Reads a journal up to the first record that is not whole.
 */
final class JournalReader implements AutoCloseable {

	private static final int WINDOW = 64 * 1024;

	/**
	 * How many records behind a bad one are looked at before the file counts as damaged.
	 */
	private static final int MAX_CANDIDATES = 1000;

	private final FileChannel channel;

	private final long size;

	private final JournalImage image = new JournalImage();

	private JournalReader(FileChannel channel) throws IOException {
		this.channel = channel;
		this.size = channel.size();
	}

	/**
	 * Read a journal.
	 * @param file the file
	 * @param clientId whose session it should be
	 * @return what it amounts to, and how well it was
	 * @throws IOException if it cannot be read
	 */
	static Result read(Path file, String clientId) throws IOException {
		try (JournalReader reader = new JournalReader(FileChannel.open(file, StandardOpenOption.READ))) {
			return reader.read(clientId);
		}
	}

	private Result read(String clientId) throws IOException {
		if (this.size == 0) {
			return new Result(this.image, 0, 0, Condition.GOOD);
		}
		ByteBuffer header = body(0);
		if (header == null || !JournalCodec.isHeaderOf(header, clientId)) {
			// A torn header has nothing behind it
			Condition condition = (header == null && !isFollowed(1)) ? Condition.TORN : Condition.DAMAGED;
			return new Result(this.image, 0, this.size, condition);
		}
		long position = JournalCodec.FRAME + header.limit();
		while (position < this.size) {
			ByteBuffer body = body(position);
			JournalRecord record = (body != null) ? JournalCodec.decode(body) : null;
			if (body == null || record == null) {
				// A whole record that makes no sense was not torn
				Condition condition = (body == null && !isFollowed(position + 1)) ? Condition.TORN : Condition.DAMAGED;
				return new Result(this.image, position, this.size, condition);
			}
			this.image.apply(record);
			position += JournalCodec.FRAME + body.limit();
		}
		return new Result(this.image, position, this.size, Condition.GOOD);
	}

	private @Nullable ByteBuffer body(long position) throws IOException {
		ByteBuffer frame = bytes(position, JournalCodec.FRAME);
		if (frame == null || frame.getInt() != JournalCodec.MARK) {
			return null;
		}
		int length = frame.getInt();
		if (length < 0 || length > JournalCodec.MAX_BODY) {
			return null;
		}
		ByteBuffer body = bytes(position + JournalCodec.FRAME, length);
		if (body == null || JournalCodec.checksum(length, body.duplicate()) != frame.getInt()) {
			return null;
		}
		return body;
	}

	private @Nullable ByteBuffer bytes(long position, int length) throws IOException {
		if (length > this.size - position) {
			return null;
		}
		ByteBuffer bytes = ByteBuffer.allocate(length);
		while (bytes.hasRemaining()) {
			if (this.channel.read(bytes, position + bytes.position()) < 0) {
				return null;
			}
		}
		return bytes.flip();
	}

	/**
	 * Return whether there is a whole record somewhere behind a bad one.
	 * @param from where to look from
	 * @return {@code true} if what is bad is not the end of the file
	 */
	private boolean isFollowed(long from) throws IOException {
		int candidates = 0;
		for (long start = from; start < this.size; start += WINDOW) {
			int length = (int) Math.min(WINDOW + Integer.BYTES - 1L, this.size - start);
			ByteBuffer window = bytes(start, length);
			for (int i = 0; window != null && i + Integer.BYTES <= length; i++) {
				if (window.getInt(i) == JournalCodec.MARK) {
					if (++candidates > MAX_CANDIDATES || body(start + i) != null) {
						return true;
					}
				}
			}
		}
		return false;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

	/**
	 * How well a journal was.
	 */
	enum Condition {

		/** Whole. */
		GOOD,

		/** The last write did not come to its end. */
		TORN,

		/** A record in the middle is damaged, or the file is not what it should be. */
		DAMAGED

	}

	/**
	 * What was read.
	 *
	 * @param image what the good records amount to
	 * @param good how many bytes are good
	 * @param size how many bytes there are
	 * @param condition how well it was
	 */
	record Result(JournalImage image, long good, long size, Condition condition) {

	}

}
