package io.github.mqttspringboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A client's connection to a {@link TcpProxy}, and the one from there to the target.
 */
final class ProxyLink {

	private static final int BUFFER_SIZE = 16 * 1024;

	private final int number;

	private final Socket client;

	private final Socket target;

	private final Passage passage;

	private final TcpProxy.Tap tap;

	private final Consumer<ProxyLink> whenEnded;

	private final Object lock = new Object();

	private final AtomicLong answered = new AtomicLong();

	private int openDirections = 2;

	/** Bytes that are passed before the cut. */
	private long budget = Long.MAX_VALUE;

	private TcpProxy.@Nullable Ending ending;

	private volatile boolean ended;

	/** Whether one direction is closed, and the other one leads nowhere. */
	private volatile boolean halfClosed;

	ProxyLink(int number, Socket client, Socket target, Passage passage, TcpProxy.Tap tap,
			Consumer<ProxyLink> whenEnded) {
		this.number = number;
		this.client = client;
		this.target = target;
		this.passage = passage;
		this.tap = tap;
		this.whenEnded = whenEnded;
	}

	long answered() {
		return this.answered.get();
	}

	void cutAfter(long bytes, TcpProxy.Ending ending) {
		synchronized (this.lock) {
			this.budget = bytes;
			this.ending = ending;
		}
	}

	void pumpToTarget() {
		pump(this.client, this.target);
	}

	void pumpToClient() {
		pump(this.target, this.client);
	}

	private void pump(Socket from, Socket to) {
		byte[] buffer = new byte[BUFFER_SIZE];
		boolean toClient = to == this.client;
		try {
			InputStream input = from.getInputStream();
			int length = input.read(buffer);
			while (length >= 0 && this.passage.await(toClient, () -> this.ended)) {
				if (!this.halfClosed) {
					pass(buffer, length, to);
				}
				length = input.read(buffer);
			}
			if (this.passage.await(toClient, () -> this.ended)) {
				directionClosed(to);
			}
		}
		catch (IOException ex) {
			if (this.passage.await(toClient, () -> this.ended)) {
				end(true);
			}
		}
	}

	private void pass(byte[] buffer, int length, Socket to) throws IOException {
		int passed;
		TcpProxy.Ending cut = null;
		synchronized (this.lock) {
			passed = (int) Math.min(length, this.budget);
			if (this.ending != null) {
				this.budget -= passed;
				if (this.budget == 0) {
					cut = this.ending;
					this.ending = null;
				}
			}
		}
		this.tap.passing(this.number, to == this.client, buffer, passed);
		to.getOutputStream().write(buffer, 0, passed);
		if (to == this.client) {
			this.answered.addAndGet(passed);
		}
		if (cut != null) {
			end(cut);
		}
	}

	private void end(TcpProxy.Ending cut) throws IOException {
		switch (cut) {
			case RESET -> end(true);
			case CLOSE -> end(false);
			case HALF_CLOSE_TO_CLIENT -> halfClose(this.client);
			case HALF_CLOSE_TO_TARGET -> halfClose(this.target);
		}
	}

	private void halfClose(Socket to) throws IOException {
		this.halfClosed = true;
		to.shutdownOutput();
	}

	private void directionClosed(Socket to) throws IOException {
		boolean last;
		synchronized (this.lock) {
			this.openDirections--;
			last = this.openDirections == 0 || this.halfClosed;
		}
		if (last) {
			end(false);
		}
		else {
			to.shutdownOutput();
		}
	}

	/**
	 * End both connections.
	 * @param reset with RST, otherwise with FIN
	 */
	void end(boolean reset) {
		synchronized (this.passage) {
			if (this.ended) {
				return;
			}
			this.ended = true;
			this.passage.changed();
		}
		this.whenEnded.accept(this);
		if (reset) {
			TcpProxy.reset(this.client);
			TcpProxy.reset(this.target);
		}
		else {
			TcpProxy.closeQuietly(this.client);
			TcpProxy.closeQuietly(this.target);
		}
	}

}
