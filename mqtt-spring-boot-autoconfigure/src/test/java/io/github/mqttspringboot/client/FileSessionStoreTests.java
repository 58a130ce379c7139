package io.github.mqttspringboot.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.client.SessionStore.Recovered;
import io.github.mqttspringboot.packet.Publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FileSessionStore} and {@link JournalLog}, with real files.
 */
class FileSessionStoreTests {

	private final VirtualScheduler writer = new VirtualScheduler();

	private final FailingDisk disk = new FailingDisk();

	private final Heard heard = new Heard();

	@TempDir
	Path directory;

	@Test
	void whatIsNotOverIsFoundAgain() throws Exception {
		FileSessionStore store = open("me");
		long first = store.published(packet(1), 0);
		long second = store.published(packet(2), 12345);
		long third = store.published(packet(3), 0);
		store.released(second);
		store.ended(first);
		store.received(9);
		store.received(10);
		store.completed(9);
		store.close();
		Recovered recovered = store("me").open(this.heard);
		assertThat(recovered.outbound()).extracting(Published::key).containsExactly(second, third);
		assertThat(recovered.outbound()).extracting(Published::released).containsExactly(true, false);
		assertThat(recovered.outbound()).extracting(Published::expiresAt).containsExactly(12345L, 0L);
		assertThat(recovered.inbound()).containsExactly(10);
	}

	@Test
	void allThatCameMeanwhileIsSyncedOnce() throws Exception {
		FileSessionStore store = open("me");
		int before = this.disk.forced;
		long last = 0;
		for (int i = 0; i < 500; i++) {
			last = store.published(packet(i + 1), 0);
		}
		assertThat(this.heard.synced).hasValue(0);
		this.writer.run();
		assertThat(this.disk.forced - before).isOne();
		assertThat(this.heard.synced).hasValue(last);
	}

	@Test
	void aJournalOfWhatIsOverIsWrittenAnew() throws Exception {
		FileSessionStore store = open("me");
		long kept = store.published(packet(1), 0);
		byte[] payload = new byte[100_000];
		for (int i = 0; i < 200; i++) {
			store.ended(store.published(Journals.published(i + 2, 1, payload).packet(), 0));
			this.writer.run();
			assertThat(Files.size(Journals.only(this.directory))).isLessThan(JournalLog.MIN_COMPACT + 200_000);
		}
		assertThat(this.disk.created).isGreaterThan(3);
		store.close();
		assertThat(store("me").open(this.heard).outbound()).extracting(Published::key).containsExactly(kept);
	}

	@Test
	void whereTwoFilesHaveNoRoomTheOneGoesOn() throws Exception {
		FileSessionStore store = open("me");
		this.disk.noNewFiles = true;
		long last = 0;
		for (int i = 0; i < 100; i++) {
			last = store.published(Journals.published(i + 2, 1, new byte[100_000]).packet(), 0);
			store.ended(last);
			this.writer.run();
		}
		assertThat(this.heard.failed).isEmpty();
		assertThat(this.heard.synced.get()).isGreaterThan(last);
	}

	@Test
	void aFullDiskFailsThePublishesAndKeepsTheRestForLater() throws Exception {
		FileSessionStore store = open("me");
		long inFlight = store.published(packet(1), 0);
		this.writer.run();
		this.disk.full = true;
		long released = store.released(inFlight);
		long refused = store.published(packet(2), 0);
		long received = store.received(9);
		this.writer.run();
		assertThat(this.heard.failed).containsExactly(released + "-" + received);
		assertThat(this.heard.synced.get()).isLessThan(released);
		this.disk.full = false;
		this.writer.advance(FileSessionStore.RETRY);
		assertThat(this.heard.synced).hasValue(received);
		store.close();
		Recovered recovered = store("me").open(this.heard);
		assertThat(recovered.outbound()).extracting(Published::key).containsExactly(inFlight).doesNotContain(refused);
		assertThat(recovered.outbound()).extracting(Published::released).containsExactly(true);
		assertThat(recovered.inbound()).containsExactly(9);
	}

	@Test
	void whatWasHalfWrittenToAFullDiskIsNotFoundAfterACrash(@TempDir Path crashed) throws Exception {
		FileSessionStore store = open("me");
		long good = store.published(packet(1), 0);
		this.writer.run();
		this.disk.full = true;
		store.published(packet(2), 0);
		this.writer.run();
		Journals.copy(this.directory, crashed.resolve("copy"));
		Recovered recovered = new FileSessionStore(crashed.resolve("copy"), "me", this.writer).open(this.heard);
		assertThat(recovered.outbound()).extracting(Published::key).containsExactly(good);
		store.close();
	}

	@Test
	void afterAFailedSyncEverythingIsWrittenAnew() throws Exception {
		FileSessionStore store = open("me");
		store.published(packet(1), 0);
		this.writer.run();
		this.disk.failsToSync = true;
		store.published(packet(2), 0);
		this.writer.run();
		assertThat(this.heard.failed).hasSize(1);
		this.disk.failsToSync = false;
		int created = this.disk.created;
		long next = store.published(packet(3), 0);
		this.writer.run();
		assertThat(this.disk.created).isEqualTo(created + 1);
		assertThat(this.heard.synced).hasValue(next);
		store.close();
	}

	@Test
	void aTornJournalIsUsedUpToThereWithAWarning() throws Exception {
		fill("me", 3);
		Path journal = Journals.only(this.directory);
		try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
			channel.truncate(channel.size() - 1);
		}
		FileSessionStore store = store("me");
		assertThat(store.open(this.heard).outbound()).hasSize(2);
		assertThat(this.heard.repaired).singleElement(InstanceOfAssertFactories.STRING)
			.startsWith("false the journal ")
			.contains("ends in a write that did not come to its end");
		store.close();
		assertThat(store("me").open(this.heard).outbound()).hasSize(2);
		assertThat(this.heard.repaired).hasSize(1);
	}

	@Test
	void aDamagedJournalIsUsedUpToThereAndPutAside() throws Exception {
		fill("me", 3);
		Path journal = Journals.only(this.directory);
		byte[] bytes = Files.readAllBytes(journal);
		bytes[bytes.length / 2] ^= 1;
		Files.write(journal, bytes);
		FileSessionStore store = store("me");
		assertThat(store.open(this.heard).outbound()).hasSize(1);
		assertThat(this.heard.repaired).singleElement(InstanceOfAssertFactories.STRING)
			.startsWith("true the journal ")
			.contains("is damaged");
		List<Path> aside = Journals.all(this.directory, ".damaged-");
		assertThat(aside).hasSize(1);
		assertThat(this.heard.repaired.get(0)).contains(aside.get(0).toString());
		assertThat(Files.readAllBytes(aside.get(0))).isEqualTo(bytes);
		store.close();
		FileSessionStore again = store("me");
		assertThat(again.open(this.heard).outbound()).hasSize(1);
		assertThat(Journals.all(this.directory, ".damaged-")).hasSize(1);
		again.close();
	}

	@Test
	void onlyTheOwnerMayRead() throws Exception {
		Path nested = this.directory.resolve("a/b");
		FileSessionStore store = new FileSessionStore(nested, "me", this.writer);
		store.open(this.heard);
		store.published(packet(1), 0);
		this.writer.run();
		assertThat(permissions(nested)).isEqualTo("rwx------");
		try (var files = Files.list(nested)) {
			assertThat(files.map(FileSessionStoreTests::permissions)).hasSize(3).containsOnly("rw-------");
		}
		store.close();
	}

	@Test
	void noClientIdLeadsOutOfTheDirectoryOrToTheFilesOfAnother() throws Exception {
		List<String> ids = List.of("../../x", "/etc/passwd", "..", "A", "a", "con", "a\\b", "x".repeat(65_535),
				"x".repeat(65_534), "\u00e4", "a\u0308", " ", "*?");
		Path inner = this.directory.resolve("inner");
		List<FileSessionStore> stores = new ArrayList<>();
		for (String id : ids) {
			FileSessionStore store = new FileSessionStore(inner, id, this.writer);
			assertThat(store.open(this.heard).outbound()).isEmpty();
			store.published(packet(1), 0);
			stores.add(store);
		}
		this.writer.run();
		assertThat(Journals.all(inner, ".journal")).hasSize(ids.size())
			.allMatch((file) -> file.getFileName().toString().matches("[0-9a-f]{64}\\.journal"));
		try (var files = Files.list(this.directory)) {
			assertThat(files).containsExactly(inner);
		}
		stores.forEach(FileSessionStore::close);
	}

	@Test
	void twoClientsOfOneJvmDoNotShareFiles() throws Exception {
		FileSessionStore first = open("me");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> store("me").open(this.heard))
			.withMessageContaining("another client of this application");
		first.close();
		FileSessionStore second = open("me");
		second.close();
	}

	@Test
	void aClientThatIsRefusedDoesNotCostTheOtherItsLock() throws Exception {
		FileSessionStore first = open("me");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> store("me").open(this.heard));
		assertThat(isLockedForOthers()).isTrue();
		first.close();
		assertThat(isLockedForOthers()).isFalse();
	}

	@Test
	void whatAKilledJvmHasClaimedIsFree() throws Exception {
		String name = JournalDirectory.hash("me");
		Path claim = Files.createFile(this.directory.resolve(name + ".1-1.claim"));
		Path other = Files.createFile(this.directory.resolve(JournalDirectory.hash("other") + ".1-1.claim"));
		FileSessionStore store = open("me");
		assertThat(claim).doesNotExist();
		assertThat(other).exists();
		store.close();
		try (var files = Files.list(this.directory)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactlyInAnyOrder(name + ".journal",
					name + ".lock", other.getFileName().toString());
		}
	}

	private boolean isLockedForOthers() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), LockProbe.class.getName(),
				this.directory.resolve(JournalDirectory.hash("me") + ".lock").toString())
			.inheritIO()
			.start();
		int exit = process.waitFor();
		assertThat(exit).isBetween(LockProbe.FREE, LockProbe.LOCKED);
		return exit == LockProbe.LOCKED;
	}

	@Test
	void filesLockedByAnotherProcessAreNotUsed() throws Exception {
		Path lock = this.directory.resolve(JournalDirectory.hash("me") + ".lock");
		// To the store this is what another class loader, or another process, looks like
		try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
				FileLock held = channel.lock()) {
			assertThat(held.isValid()).isTrue();
			assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> store("me").open(this.heard))
				.withMessageContaining("in use");
		}
		open("me").close();
	}

	@Test
	void aDirectoryThatIsNoneIsNamed() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThatExceptionOfType(SessionStoreException.class)
			.isThrownBy(() -> new FileSessionStore(file, "me", this.writer).open(this.heard))
			.withMessageContaining(file.toString())
			.withMessageContaining("FileAlreadyExistsException");
	}

	@Test
	void aDiskThatIsFullAtTheStartIsToldAndCanBeTriedAgain() throws Exception {
		fill("me", 2);
		this.disk.full = true;
		FileSessionStore store = store("me");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> store.open(this.heard))
			.withMessageContaining("No space left on device");
		this.disk.full = false;
		assertThat(store.open(this.heard).outbound()).hasSize(2);
		store.close();
	}

	@Test
	void nothingIsLeftOfAWipedSession() throws Exception {
		FileSessionStore store = open("me");
		store.published(Journals.published(1, "a secret").packet(), 0);
		store.received(4);
		this.writer.run();
		assertThat(Files.readString(Journals.only(this.directory), StandardCharsets.ISO_8859_1)).contains("a secret");
		store.wipe();
		this.writer.run();
		assertThat(Files.size(Journals.only(this.directory))).isEqualTo(JournalCodec.header("me").limit());
		store.close();
		assertThat(store("me").open(this.heard).isEmpty()).isTrue();
	}

	@Test
	void anInterruptedStopLosesNothing() throws Exception {
		FileSessionStore store = open("me");
		store.published(packet(1), 0);
		Thread.currentThread().interrupt();
		store.close();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(store("me").open(this.heard).outbound()).hasSize(1);
	}

	@Test
	void aStopThatDoesNotWaitForTheDiskLeavesTheFilesToTheWriter() throws Exception {
		FileSessionStore store = new FileSessionStore(this.directory, "me", new ThreadScheduler("journal-test"),
				this.disk::create);
		store.open(this.heard);
		CountDownLatch busy = new CountDownLatch(1);
		this.disk.busy = busy;
		store.published(packet(1), 0);
		Thread stop = new Thread(store::close);
		Awaitility.await().until(this.disk::isWaitedFor);
		store.published(packet(2), 0);
		stop.start();
		Awaitility.await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
		// Its patience is at an end when it is told so
		stop.interrupt();
		stop.join();
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> store("me").open(this.heard));
		busy.countDown();
		Awaitility.await().untilAsserted(() -> assertThat(Journals.all(this.directory, ".claim")).isEmpty());
		assertThat(OpenFiles.under(this.directory)).isEmpty();
		assertThat(isLockedForOthers()).isFalse();
		FileSessionStore next = store("me");
		assertThat(next.open(this.heard).outbound()).hasSize(2);
		next.close();
	}

	@Test
	void whatIsNotedWhileTheDiskIsBusyIsThereInItsOrder() throws Exception {
		ThreadScheduler thread = new ThreadScheduler("journal-test");
		FileSessionStore store = new FileSessionStore(this.directory, "me", thread, this.disk::create);
		store.open(this.heard);
		int before = this.disk.forced;
		CountDownLatch go = new CountDownLatch(1);
		Thread engine = new Thread(() -> {
			try {
				go.await();
			}
			catch (InterruptedException ex) {
				return;
			}
			for (int i = 0; i < 20_000; i++) {
				long key = store.published(packet(i % 60_000 + 1), 0);
				if (i % 100 != 0) {
					store.ended(key);
				}
			}
		});
		engine.start();
		go.countDown();
		engine.join();
		long last = store.received(1);
		Awaitility.await().untilAsserted(() -> assertThat(this.heard.synced).hasValue(last));
		assertThat(this.disk.forced - before).isBetween(1, 20_000);
		assertThat(this.heard.inOrder).isTrue();
		store.close();
		Recovered recovered = store("me").open(this.heard);
		assertThat(recovered.outbound()).hasSize(200).extracting(Published::key).isSorted();
	}

	private FileSessionStore store(String clientId) {
		return new FileSessionStore(this.directory, clientId, this.writer, this.disk::create);
	}

	private FileSessionStore open(String clientId) throws SessionStoreException {
		FileSessionStore store = store(clientId);
		store.open(this.heard);
		return store;
	}

	private void fill(String clientId, int publishes) throws SessionStoreException {
		FileSessionStore store = open(clientId);
		for (int i = 0; i < publishes; i++) {
			store.published(packet(i + 1), 0);
		}
		store.close();
	}

	private static Publish packet(int id) {
		return Journals.published(id, "x").packet();
	}

	private static String permissions(Path path) {
		try {
			return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class Heard implements SessionStore.Listener {

		final AtomicLong synced = new AtomicLong();

		final List<String> failed = new CopyOnWriteArrayList<>();

		final List<String> repaired = new CopyOnWriteArrayList<>();

		volatile boolean inOrder = true;

		@Override
		public void synced(long position) {
			this.inOrder &= this.synced.getAndSet(position) <= position;
		}

		@Override
		public void failed(long first, long last, Throwable cause) {
			this.failed.add(first + "-" + last);
		}

		@Override
		public void repaired(String problem, boolean lost) {
			this.repaired.add(lost + " " + problem);
		}

	}

}
