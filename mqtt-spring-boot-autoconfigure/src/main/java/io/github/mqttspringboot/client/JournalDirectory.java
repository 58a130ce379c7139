package io.github.mqttspringboot.client;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The files of one session's journal. Their names are made of a hash, so that no client
 * identifier leads out of the directory or to the files of another.
 */
final class JournalDirectory implements AutoCloseable {

	private static final String CLAIM = ".claim";

	private final Path directory;

	private final Path journal;

	private final boolean posix;

	/**
	 * The file that says that this JVM uses the others. The lock of a file belongs to the
	 * JVM, which loses it when it closes the file anywhere, so that within the JVM the
	 * locked file must not even be opened twice.
	 */
	private @Nullable Path claim;

	private @Nullable FileChannel lock;

	private JournalDirectory(Path directory, String clientId) throws IOException {
		this.posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
		Files.createDirectories(directory, attributes("rwx------"));
		this.directory = directory.toRealPath();
		this.journal = this.directory.resolve(hash(clientId) + ".journal");
	}

	/**
	 * Take the files of a session, so that nobody else does.
	 * @param directory the directory, which is made if there is none
	 * @param clientId the client identifier
	 * @return the files
	 * @throws IOException if that is not possible
	 */
	static JournalDirectory lock(Path directory, String clientId) throws IOException {
		JournalDirectory files = new JournalDirectory(directory, clientId);
		files.lock();
		return files;
	}

	private void lock() throws IOException {
		try {
			claim();
			Path file = sibling(".lock");
			createPrivately(file);
			FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
			this.lock = channel;
			FileLock held = channel.tryLock();
			if (held == null) {
				throw inUse("another process");
			}
			discardClaimsOfTheDead();
		}
		catch (OverlappingFileLockException ex) {
			close();
			throw inUse("another client of this application");
		}
		catch (Throwable ex) {
			close();
			throw ex;
		}
	}

	private void claim() throws IOException {
		RuntimeMXBean jvm = ManagementFactory.getRuntimeMXBean();
		Path file = sibling("." + jvm.getPid() + "-" + jvm.getStartTime() + CLAIM);
		try {
			Files.createFile(file, attributes("rw-------"));
		}
		catch (FileAlreadyExistsException ex) {
			throw inUse("another client of this application");
		}
		this.claim = file;
	}

	// Who holds the lock is the only one alive
	private void discardClaimsOfTheDead() throws IOException {
		String name = this.journal.getFileName().toString().replace(".journal", ".");
		try (Stream<Path> files = Files.list(this.directory)) {
			for (Path file : files.toList()) {
				String other = file.getFileName().toString();
				if (other.startsWith(name) && other.endsWith(CLAIM) && !file.equals(this.claim)) {
					Files.deleteIfExists(file);
				}
			}
		}
	}

	private IOException inUse(String whom) {
		return new IOException("the files of this client identifier are in use by " + whom);
	}

	Path journal() {
		return this.journal;
	}

	Path draft() {
		return sibling(".draft");
	}

	private Path sibling(String suffix) {
		return this.directory.resolve(this.journal.getFileName().toString().replace(".journal", suffix));
	}

	JournalFile create(Path path) throws IOException {
		Files.deleteIfExists(path);
		Files.createFile(path, attributes("rw-------"));
		return JournalFile.of(FileChannel.open(path, StandardOpenOption.WRITE));
	}

	/**
	 * Make the draft the journal, in one step.
	 * @throws IOException if that is not possible
	 */
	void replace() throws IOException {
		Files.move(draft(), this.journal, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	void discardDraft() {
		try {
			Files.deleteIfExists(draft());
		}
		catch (IOException ex) {
			// It is overwritten by the next
		}
	}

	/**
	 * Wait until the names of the files are on the disk.
	 * @throws IOException if they may not be
	 */
	void force() throws IOException {
		if (!this.posix) {
			return; // elsewhere a directory cannot be opened
		}
		try (FileChannel channel = FileChannel.open(this.directory, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

	/**
	 * Keep a copy of the journal for whoever looks into what has become of it.
	 * @return the copy
	 * @throws IOException if that is not possible
	 */
	Path putAside() throws IOException {
		for (int i = 1;; i++) {
			Path aside = sibling(".damaged-" + i);
			try {
				return Files.copy(this.journal, aside, StandardCopyOption.COPY_ATTRIBUTES);
			}
			catch (FileAlreadyExistsException ex) {
				// The next number may be free
			}
		}
	}

	private void createPrivately(Path file) throws IOException {
		try {
			Files.createFile(file, attributes("rw-------"));
		}
		catch (FileAlreadyExistsException ex) {
			// Of an earlier run
		}
	}

	private FileAttribute<?>[] attributes(String permissions) {
		return (this.posix)
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) }
				: new FileAttribute<?>[0];
	}

	static String hash(String clientId) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			return HexFormat.of().formatHex(digest.digest(clientId.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@Override
	public void close() {
		try {
			if (this.lock != null) {
				this.lock.close();
				this.lock = null;
			}
		}
		catch (IOException ex) {
			// The lock goes with the JVM at the latest
		}
		try {
			if (this.claim != null) {
				Files.deleteIfExists(this.claim);
				this.claim = null;
			}
		}
		catch (IOException ex) {
			// It goes when another JVM uses the files
		}
	}

}
