package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.JournalRecord.Ended;
import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.client.JournalRecord.Wiped;

/**
 * The journal on disk. It is appended to, and written anew when most of it is about what
 * is over. After a failure it is always written anew: what a disk has of a file whose
 * write failed, nobody knows. Not thread-safe.
 */
final class JournalLog {

	/** Below this size a file is not written anew, in bytes. */
	static final long MIN_COMPACT = 4 * 1024 * 1024;

	private static final int BUFFER = 256 * 1024;

	private final JournalDirectory directory;

	private final JournalFile.Opener opener;

	private final ByteBuffer header;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

	private final JournalImage image;

	private @Nullable JournalFile file;

	/** How much of the file is good. */
	private long length;

	private long compactAt;

	/** Whether the file is not what the image is. */
	private boolean dirty;

	/**
	 * Take over a journal.
	 * @param directory where it is
	 * @param opener makes the files
	 * @param clientId whose session it is
	 * @param image what it amounts to
	 * @throws IOException if it cannot be written
	 */
	JournalLog(JournalDirectory directory, JournalFile.Opener opener, String clientId, JournalImage image)
			throws IOException {
		this.directory = directory;
		this.opener = opener;
		this.header = JournalCodec.header(clientId);
		this.image = image;
		rewrite();
	}

	/**
	 * Write records and wait until they are on the disk.
	 * @param records the records in their order
	 * @throws IOException if they may not be there. Publishes among them are forgotten,
	 * everything else is still to be written: with the next records, or with none
	 */
	void write(List<JournalRecord> records) throws IOException {
		records.forEach(this.image::apply);
		try {
			if (this.dirty || records.stream().anyMatch(Wiped.class::isInstance)) {
				rewrite();
			}
			else {
				append(records);
				compact();
			}
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			this.dirty = true;
			for (JournalRecord record : records) {
				if (record instanceof Published published) {
					this.image.apply(new Ended(published.key()));
				}
			}
			cutOff();
			throw ex;
		}
	}

	private void append(List<JournalRecord> records) throws IOException {
		JournalFile target = this.file;
		if (target == null) {
			throw new IOException("the journal is closed");
		}
		long written = write(records, target);
		target.force();
		this.length += written;
	}

	private long write(Iterable<JournalRecord> records, JournalFile target) throws IOException {
		long written = 0;
		this.buffer.clear();
		for (JournalRecord record : records) {
			int size = JournalCodec.size(record);
			written += size;
			if (size > this.buffer.remaining()) {
				target.write(this.buffer.flip());
				this.buffer.clear();
			}
			if (size <= this.buffer.remaining()) {
				JournalCodec.encode(record, this.buffer);
			}
			else {
				ByteBuffer large = ByteBuffer.allocate(size);
				JournalCodec.encode(record, large);
				target.write(large.flip());
			}
		}
		target.write(this.buffer.flip());
		return written;
	}

	private void compact() {
		if (this.length < this.compactAt) {
			return;
		}
		try {
			rewrite();
		}
		catch (IOException ex) {
			if (!this.dirty) {
				// There is no room for two files: what there is goes on
				this.compactAt = 2 * this.length;
			}
		}
	}

	private void rewrite() throws IOException {
		JournalFile draft = this.opener.create(this.directory.draft());
		long size;
		try {
			draft.write(this.header.duplicate());
			size = this.header.limit() + write(this.image.records(), draft);
			draft.force();
			this.directory.replace();
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			closeQuietly(draft);
			this.directory.discardDraft();
			throw ex;
		}
		closeQuietly(this.file);
		this.file = draft;
		this.length = size;
		this.compactAt = Math.max(MIN_COMPACT, 2 * size);
		// From here on the old file is gone, whatever becomes of the new one's name
		this.dirty = true;
		this.directory.force();
		this.dirty = false;
	}

	private void cutOff() {
		try {
			if (this.file != null) {
				this.file.truncate(this.length);
			}
		}
		catch (IOException ex) {
			// Then a reader does it, or the next write, which writes all anew
		}
	}

	boolean isDirty() {
		return this.dirty;
	}

	JournalImage image() {
		return this.image;
	}

	void close() {
		closeQuietly(this.file);
		this.file = null;
	}

	private static void closeQuietly(@Nullable JournalFile file) {
		try {
			if (file != null) {
				file.close();
			}
		}
		catch (IOException ex) {
			// What was to be on the disk was forced there
		}
	}

}
