package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.JournalRecord.Completed;
import io.github.mqttspringboot.client.JournalRecord.Ended;
import io.github.mqttspringboot.client.JournalRecord.NewSession;
import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.client.JournalRecord.Received;
import io.github.mqttspringboot.client.JournalRecord.Released;
import io.github.mqttspringboot.client.JournalRecord.Wiped;
import io.github.mqttspringboot.packet.Publish;

/**
 * Keeps the journal of a session in files. Notes are written behind by one thread, which
 * syncs all that have come while it synced the ones before.
 */
final class FileSessionStore implements SessionStore {

	/** How often what could not be written is tried again, if nothing new comes. */
	static final Duration RETRY = Duration.ofSeconds(1);

	private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

	private final Path directory;

	private final String clientId;

	private final Scheduler writer;

	private final Starter starter;

	private final JournalFile.@Nullable Opener opener;

	private final Object monitor = new Object();

	/** Noted and not yet taken by the writer. Guarded by the monitor. */
	private List<JournalRecord> pending = new ArrayList<>();

	/** The position of the last note. Guarded by the monitor. */
	private long position;

	/** Whether the writer knows that there is work. Guarded by the monitor. */
	private boolean scheduled;

	/** Whether notes are taken. Guarded by the monitor. */
	private boolean open;

	/** Whether another attempt is to come after a failure. */
	private boolean retrying;

	/** Whether the files are to be closed by the next to let go of them. */
	private volatile boolean closing;

	/** Held while files are used. */
	private final ReentrantLock files = new ReentrantLock();

	private @Nullable JournalDirectory locked;

	private @Nullable JournalLog log;

	private @Nullable Listener listener;

	FileSessionStore(Path directory, String clientId, Scheduler writer) {
		this(directory, clientId, writer, null);
	}

	FileSessionStore(Path directory, String clientId, Scheduler writer, JournalFile.@Nullable Opener opener) {
		this(directory, clientId, writer, opener, Starter.LATER);
	}

	/**
	 * Create the store.
	 * @param directory the directory of the files
	 * @param clientId whose session it is
	 * @param writer the thread that writes
	 * @param opener makes files, {@code null} for those of the directory
	 * @param later tries again, after a pause, what the writer could not be told
	 */
	FileSessionStore(Path directory, String clientId, Scheduler writer, JournalFile.@Nullable Opener opener,
			Executor later) {
		this.directory = directory;
		this.clientId = clientId;
		this.writer = writer;
		this.opener = opener;
		this.starter = new Starter(writer::execute, later, this::write, this::refused, this::again);
	}

	@Override
	public Recovered open(Listener listener) throws SessionStoreException {
		this.files.lock();
		try {
			if (this.log != null) {
				return Recovered.NOTHING;
			}
			JournalDirectory files = JournalDirectory.lock(this.directory, this.clientId);
			try {
				JournalImage image = recover(files, listener);
				this.log = new JournalLog(files, (this.opener != null) ? this.opener : files::create, this.clientId,
						image);
				this.locked = files;
				this.listener = listener;
				synchronized (this.monitor) {
					this.position = Math.max(this.position + 1, image.lastKey());
					this.open = true;
					return new Recovered(image.outbound(), image.inbound(), this.position);
				}
			}
			catch (Throwable ex) {
				files.close();
				throw ex;
			}
		}
		catch (IOException ex) {
			throw new SessionStoreException(Texts.describe(ex), ex);
		}
		finally {
			unlock();
		}
	}

	private JournalImage recover(JournalDirectory files, Listener listener) throws IOException {
		if (!Files.exists(files.journal())) {
			return new JournalImage();
		}
		JournalReader.Result result = JournalReader.read(files.journal(), this.clientId);
		String what = "the journal " + files.journal();
		switch (result.condition()) {
			case GOOD -> {
			}
			case TORN -> listener.repaired(
					what + " ends in a write that did not come to its end: its last " + (result.size() - result.good())
							+ " of " + result.size() + " bytes are dropped, nothing that depended on them was sent",
					false);
			case DAMAGED ->
				listener.repaired(what + " is damaged: what is before byte " + result.good() + " of " + result.size()
						+ " counts, the rest is lost. Messages may be lost or come twice. The damaged file is"
						+ " kept as " + putAside(files), true);
		}
		return result.image();
	}

	private static String putAside(JournalDirectory files) {
		try {
			return files.putAside().toString();
		}
		catch (IOException ex) {
			return "nothing, because it could not be copied (" + Texts.describe(ex) + ")";
		}
	}

	@Override
	public long published(Publish publish, long expiresAt) {
		synchronized (this.monitor) {
			return note(new Published(this.position + 1, publish, expiresAt, false, false));
		}
	}

	@Override
	public long released(long key) {
		return note(new Released(key));
	}

	@Override
	public void ended(long key) {
		note(new Ended(key));
	}

	@Override
	public long received(int packetId) {
		return note(new Received(packetId));
	}

	@Override
	public long completed(int packetId) {
		return note(new Completed(packetId));
	}

	@Override
	public long newSession() {
		return note(new NewSession());
	}

	@Override
	public void wipe() {
		note(new Wiped());
	}

	private long note(JournalRecord record) {
		synchronized (this.monitor) {
			if (!this.open) {
				return ++this.position;
			}
			this.pending.add(record);
			if (!this.scheduled) {
				this.scheduled = true;
				this.starter.start();
			}
			return ++this.position;
		}
	}

	private void refused() {
		synchronized (this.monitor) {
			this.scheduled = false;
		}
	}

	private void again() {
		synchronized (this.monitor) {
			if (this.open && !this.scheduled && !this.pending.isEmpty()) {
				this.scheduled = true;
				this.starter.start();
			}
		}
	}

	private void write() {
		this.files.lock();
		try {
			writePending();
		}
		finally {
			unlock();
		}
	}

	private void retry() {
		this.files.lock();
		try {
			this.retrying = false;
			writePending();
		}
		finally {
			unlock();
		}
	}

	/**
	 * Let go of the files, for good if somebody wanted to close them and did not wait.
	 */
	private void unlock() {
		try {
			if (this.closing) {
				closeFiles();
			}
		}
		finally {
			this.files.unlock();
		}
	}

	private void writePending() {
		List<JournalRecord> records;
		long last;
		synchronized (this.monitor) {
			this.scheduled = false;
			records = this.pending;
			last = this.position;
			this.pending = new ArrayList<>();
		}
		JournalLog target = this.log;
		Listener told = this.listener;
		if (target == null || told == null || (records.isEmpty() && !target.isDirty())) {
			return;
		}
		try {
			target.write(records);
			told.synced(last);
		}
		catch (Throwable ex) {
			told.failed(last - records.size() + 1, last, ex);
			if (!this.retrying) {
				this.retrying = true;
				this.writer.schedule(RETRY, this::retry);
			}
		}
	}

	@Override
	public void close() {
		// An interrupt would close the file before the last notes are in it
		boolean interrupted = Thread.interrupted();
		this.closing = true;
		try {
			if (this.files.tryLock(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				unlock();
			}
			// Else whoever waits for the disk closes them
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		finally {
			this.writer.close();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void closeFiles() {
		synchronized (this.monitor) {
			this.open = false;
		}
		writePending();
		if (this.log != null) {
			this.log.close();
			this.log = null;
		}
		if (this.locked != null) {
			this.locked.close();
			this.locked = null;
		}
		this.closing = false;
	}

}
