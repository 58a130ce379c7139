package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.client.SessionStore.Recovered;
import io.github.mqttspringboot.packet.Publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JournalLog}: when a file is written anew, and what is where if that
 * fails.
 */
class JournalLogTests {

	private final VirtualScheduler writer = new VirtualScheduler();

	private final FailingDisk disk = new FailingDisk();

	@TempDir
	Path directory;

	@Test
	void aNewFileTakesThePlaceOfTheOldOnlyOnceItIsOnTheDisk() throws Exception {
		FileSessionStore store = store();
		open(store);
		long kept = store.published(packet(1, 10), 0);
		store.ended(store.published(packet(2, 10), 0));
		store.close();
		byte[] before = Files.readAllBytes(Journals.only(this.directory));
		List<Path> files = files();
		this.disk.failsToSync = true;
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> open(store()));
		assertThat(Files.readAllBytes(Journals.only(this.directory))).isEqualTo(before);
		assertThat(files()).isEqualTo(files);
		this.disk.failsToSync = false;
		FileSessionStore again = store();
		assertThat(open(again).outbound()).extracting(Published::key).containsExactly(kept);
		assertThat(Files.readAllBytes(Journals.only(this.directory))).hasSizeLessThan(before.length);
		again.close();
	}

	/** The application was told that it was not sent. */
	@Test
	void whatWasWrittenAndCouldNotBeSyncedIsNotFoundAfterACrash(@TempDir Path crashed) throws Exception {
		FileSessionStore store = store();
		open(store);
		long good = store.published(packet(1, 10), 0);
		this.writer.run();
		this.disk.failsToSync = true;
		store.published(packet(2, 10), 0);
		this.writer.run();
		Path copy = Journals.copy(this.directory, crashed.resolve("copy"));
		FileSessionStore other = new FileSessionStore(copy, "me", this.writer);
		assertThat(open(other).outbound()).extracting(Published::key).containsExactly(good);
		other.close();
		this.disk.failsToSync = false;
		store.close();
	}

	@Test
	void recordsLargerThanTheBufferAreFoundAgainInTheirOrder() throws Exception {
		Integer[] sizes = { 10, 300_000, 10, 200_000, 100_000, 262_144, 1 };
		FileSessionStore store = store();
		open(store);
		for (int i = 0; i < sizes.length; i++) {
			store.published(packet(i + 1, sizes[i]), 0);
		}
		store.close();
		for (int i = 0; i < 2; i++) {
			FileSessionStore again = store();
			assertThat(open(again).outbound()).extracting((published) -> published.packet().payload().length)
				.containsExactly(sizes);
			again.close();
		}
	}

	@Test
	void aLargeJournalOfWhatIsNotOverIsNotWrittenAnewEachTime() throws Exception {
		FileSessionStore store = store();
		open(store);
		for (int i = 0; i < 60; i++) {
			store.published(packet(i + 1, 100_000), 0);
			this.writer.run();
		}
		int created = this.disk.created;
		for (int i = 0; i < 20; i++) {
			store.published(packet(i + 100, 10), 0);
			this.writer.run();
		}
		assertThat(this.disk.created).isEqualTo(created);
		store.close();
	}

	private FileSessionStore store() {
		return new FileSessionStore(this.directory, "me", this.writer, this.disk::create);
	}

	private static Recovered open(FileSessionStore store) throws SessionStoreException {
		return store.open(new SessionStore.Listener() {

			@Override
			public void synced(long position) {
			}

			@Override
			public void failed(long first, long last, Throwable cause) {
			}

			@Override
			public void repaired(String problem, boolean lost) {
			}

		});
	}

	private List<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.sorted().toList();
		}
	}

	private static Publish packet(int id, int size) {
		return Journals.published(id, 1, new byte[size]).packet();
	}

}
