package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.event.MqttEvent;

/**
 * A disk that can be full.
 */
public final class FailingDisk {

	/** Whether writes end in the middle of their bytes. */
	volatile boolean full;

	/** Whether syncs fail, after which nobody knows what is on the disk. */
	volatile boolean failsToSync;

	/** Whether files can be made. */
	volatile boolean noNewFiles;

	/** What syncs wait for. */
	volatile CountDownLatch busy = new CountDownLatch(0);

	private volatile boolean waiting;

	volatile int forced;

	volatile int created;

	/**
	 * Fill the disk, or make room on it.
	 * @param full whether it is full
	 */
	public void full(boolean full) {
		this.full = full;
	}

	/**
	 * Create a client whose journal is on this disk.
	 * @param settings the settings, with a directory
	 * @param wire the network
	 * @param policy what failures mean
	 * @param events receives the events
	 * @return the client
	 */
	public DefaultManagedMqttClient client(ClientSettings settings, Wire wire, ErrorClassificationPolicy policy,
			Consumer<MqttEvent> events) {
		String threads = "mqtt-" + settings.name() + "-";
		return new DefaultManagedMqttClient(settings, wire, policy, null, events,
				new ThreadScheduler(threads + "engine"), UserExecutors.threads(threads), new Random(),
				new FileSessionStore(settings.persistence().directory(), settings.clientId(),
						new ThreadScheduler(threads + "journal"), this::create));
	}

	boolean isWaitedFor() {
		return this.waiting;
	}

	private void await(CountDownLatch latch) {
		this.waiting = latch.getCount() > 0;
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	JournalFile create(Path path) throws IOException {
		if (this.noNewFiles) {
			throw new IOException("No space left on device");
		}
		this.created++;
		Files.deleteIfExists(path);
		JournalFile file = JournalFile
			.of(FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
		return new JournalFile() {

			@Override
			public void write(ByteBuffer bytes) throws IOException {
				if (FailingDisk.this.full) {
					file.write(bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2));
					throw new IOException("No space left on device");
				}
				file.write(bytes);
			}

			@Override
			public void force() throws IOException {
				await(FailingDisk.this.busy);
				if (FailingDisk.this.failsToSync) {
					throw new IOException("Input/output error");
				}
				FailingDisk.this.forced++;
				file.force();
			}

			@Override
			public void truncate(long size) throws IOException {
				file.truncate(size);
			}

			@Override
			public void close() throws IOException {
				file.close();
			}

		};
	}

}
