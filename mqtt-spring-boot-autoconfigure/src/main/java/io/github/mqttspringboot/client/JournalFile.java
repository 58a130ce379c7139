package io.github.mqttspringboot.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file that is appended to.
 */
interface JournalFile extends Closeable {

	/**
	 * Write all of a buffer at the end.
	 * @param bytes the bytes
	 * @throws IOException if not all could be written
	 */
	void write(ByteBuffer bytes) throws IOException;

	/**
	 * Wait until everything written is on the disk.
	 * @throws IOException if it may not be
	 */
	void force() throws IOException;

	/**
	 * Cut off the end.
	 * @param size how many bytes to leave
	 * @throws IOException if that is not possible
	 */
	void truncate(long size) throws IOException;

	static JournalFile of(FileChannel channel) {
		return new JournalFile() {

			@Override
			public void write(ByteBuffer bytes) throws IOException {
				while (bytes.hasRemaining()) {
					channel.write(bytes);
				}
			}

			@Override
			public void force() throws IOException {
				channel.force(false);
			}

			@Override
			public void truncate(long size) throws IOException {
				channel.truncate(size);
				channel.position(size);
			}

			@Override
			public void close() throws IOException {
				channel.close();
			}

		};
	}

	/**
	 * Makes new files.
	 */
	@FunctionalInterface
	interface Opener {

		/**
		 * Make a new and empty file, which only its owner may read.
		 * @param path its path, where there is none
		 * @return the file
		 * @throws IOException if that is not possible
		 */
		JournalFile create(Path path) throws IOException;

	}

}
