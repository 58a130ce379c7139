package io.github.mqttspringboot.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What holds up the data on the links of a {@link TcpProxy}.
 */
final class Passage {

	private boolean stalled;

	private boolean answersStalled;

	private long delay;

	synchronized void stall(boolean all) {
		this.stalled |= all;
		this.answersStalled |= !all;
	}

	synchronized void resume() {
		this.stalled = false;
		this.answersStalled = false;
		notifyAll();
	}

	synchronized void delay(Duration delay) {
		this.delay = delay.toNanos();
		notifyAll();
	}

	/** A link has ended: who waits for it goes on. */
	synchronized void changed() {
		notifyAll();
	}

	/**
	 * Wait as long as the network is slow or stalled.
	 * @param toClient whether the data is for the client
	 * @param ended whether the link is gone
	 * @return whether the link is still there
	 */
	synchronized boolean await(boolean toClient, BooleanSupplier ended) {
		long from = System.nanoTime();
		try {
			while (!ended.getAsBoolean()) {
				long rest = this.delay - (System.nanoTime() - from);
				if (this.stalled || (this.answersStalled && toClient)) {
					wait();
				}
				else if (this.delay > 0 && rest > 0) {
					TimeUnit.NANOSECONDS.timedWait(this, rest);
				}
				else {
					return true;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return false;
	}

}
