package io.github.mqttspringboot.fuzz;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.PacketCodec;
import io.github.mqttspringboot.packet.PacketException;
import io.github.mqttspringboot.paho.GateProbe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * The gate and the codec against generated streams of bytes. A stream is a function of
 * its seed: {@code -Dfuzz.seed=<seed> -Dfuzz.streams=1} repeats it.
 */
class GateFuzzTests {

	private static final int WORKERS = 2;

	private static final int PATIENCE_SECONDS = 30;

	private static final long MAXIMUM_PACKET_SIZE = 200;

	// Twice the framer's first chunk, and exceptions with their traces
	private static final long ALLOCATION_BASE = 256 * 1024;

	private static final long ALLOCATION_PER_BYTE = 200;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final AtomicLong nextSeed = new AtomicLong(FuzzSettings.SEED);

	private final AtomicLong accepted = new AtomicLong();

	private final AtomicLong rewritten = new AtomicLong();

	private final AtomicLong refused = new AtomicLong();

	private final AtomicLong unfinished = new AtomicLong();

	@Test
	void noStreamOfBytesHangsBreaksOrBloatsTheGateAndWhatDecodesEncodesBack() throws Exception {
		long start = System.nanoTime();
		ExecutorService executor = Executors.newFixedThreadPool(WORKERS, (task) -> {
			Thread thread = new Thread(task, "gate-fuzz");
			thread.setDaemon(true);
			return thread;
		});
		try {
			List<Worker> workers = new ArrayList<>();
			for (int i = 0; i < WORKERS; i++) {
				Worker worker = new Worker();
				worker.result = executor.submit(worker);
				workers.add(worker);
			}
			for (Worker worker : workers) {
				await(worker);
			}
		}
		finally {
			executor.shutdownNow();
		}
		System.out.printf(
				"%nFuzz of the gate: %d streams from seed %d in %.1f s: %d packets decoded (%d encoded "
						+ "otherwise), %d malformed, %d streams cut off%n",
				FuzzSettings.STREAMS, FuzzSettings.SEED, (System.nanoTime() - start) / 1e9, this.accepted.get(),
				this.rewritten.get(), this.refused.get(), this.unfinished.get());
		if (FuzzSettings.STREAMS >= 1000) {
			// Else the generator has lost its variety, and the test its worth
			assertThat(this.accepted).hasValueGreaterThan(FuzzSettings.STREAMS / 2L);
			assertThat(this.rewritten).hasValueGreaterThan(FuzzSettings.STREAMS / 100L);
			assertThat(this.refused).hasValueGreaterThan(FuzzSettings.STREAMS / 10L);
			assertThat(this.unfinished).hasValueGreaterThan(FuzzSettings.STREAMS / 50L);
		}
	}

	private static void await(Worker worker) throws Exception {
		while (true) {
			long seed = worker.seed;
			try {
				worker.result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
				return;
			}
			catch (TimeoutException ex) {
				if (worker.seed == seed) {
					fail("Hangs: -Dfuzz.seed=" + seed + " -Dfuzz.streams=1");
				}
			}
			catch (ExecutionException ex) {
				throw new AssertionError("Fails: -Dfuzz.seed=" + worker.seed + " -Dfuzz.streams=1", ex.getCause());
			}
		}
	}

	private void check(long seed) throws PacketException {
		Random random = new Random(FuzzSettings.mix(seed, 0));
		byte[] stream = new RandomStreams(random).next();
		Long limit = (random.nextInt(10) == 0) ? MAXIMUM_PACKET_SIZE : null;
		long before = THREADS.getCurrentThreadAllocatedBytes();
		GateProbe whole = feed(stream, limit, null);
		GateProbe split = feed(stream, limit, random);
		long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
		if (allocated > 2 * (ALLOCATION_BASE + ALLOCATION_PER_BYTE * stream.length)) {
			fail(allocated + " bytes allocated for " + hex(stream));
		}
		if (!split.verdict().equals(whole.verdict()) || !Arrays.deepEquals(encoded(split), encoded(whole))) {
			fail("Split, it is '" + split.verdict() + "' after " + split.packets() + ", whole '" + whole.verdict()
					+ "' after " + whole.packets() + ": " + hex(stream));
		}
		checkPackets(stream, whole);
		if (whole.verdict().contains("closed the connection")) {
			this.unfinished.incrementAndGet();
		}
	}

	private static GateProbe feed(byte[] stream, @Nullable Long limit, @Nullable Random random) {
		GateProbe gate = new GateProbe(limit);
		int most = (random != null) ? most(random) : stream.length;
		// As the connection does it: one buffer, overwritten by each read
		byte[] buffer = new byte[Math.max(1, most)];
		boolean open = true;
		int position = 0;
		while (open && position < stream.length) {
			int count = (random != null) ? 1 + random.nextInt(most) : most;
			count = Math.min(count, stream.length - position);
			System.arraycopy(stream, position, buffer, 0, count);
			open = gate.consume(ByteBuffer.wrap(buffer, 0, count));
			position += count;
		}
		gate.end();
		return gate;
	}

	private static int most(Random random) {
		return (random.nextInt(3) != 0) ? 1 + random.nextInt(40) : 1;
	}

	private static byte[][] encoded(GateProbe gate) {
		return gate.packets().stream().map(RandomStreams::encode).toArray(byte[][]::new);
	}

	// The gate gives the packets of the stream in order, and each packet is what its
	// bytes say
	private void checkPackets(byte[] stream, GateProbe gate) throws PacketException {
		List<Frame> frames = Frame.cut(stream);
		List<MqttPacket> delivered = gate.packets();
		if (delivered.size() > frames.size()) {
			fail("More packets than there are: " + hex(stream));
		}
		for (int i = 0; i < frames.size(); i++) {
			byte[] encoded = recode(frames.get(i));
			if (i < delivered.size() && !Arrays.equals(RandomStreams.encode(delivered.get(i)), encoded)) {
				fail("Packet " + i + " is not in its place: " + hex(stream));
			}
		}
	}

	private byte @Nullable [] recode(Frame frame) throws PacketException {
		MqttPacket packet;
		try {
			packet = PacketCodec.decode(frame.header(), ByteBuffer.wrap(frame.body()));
		}
		catch (PacketException ex) {
			this.refused.incrementAndGet();
			return null;
		}
		byte[] original = frame.bytes();
		byte[] encoded = RandomStreams.encode(packet);
		byte[] canonical = PropertyLayout.of(frame).canonical();
		if (!Arrays.equals(encoded, canonical)) {
			fail(hex(original) + " was decoded to " + packet + " and encoded to " + hex(encoded) + " instead of "
					+ hex(canonical));
		}
		this.accepted.incrementAndGet();
		if (!Arrays.equals(encoded, original)) {
			this.rewritten.incrementAndGet();
			Frame again = Frame.cut(encoded).get(0);
			MqttPacket same = PacketCodec.decode(again.header(), ByteBuffer.wrap(again.body()));
			assertThat(RandomStreams.encode(same)).isEqualTo(encoded);
		}
		return encoded;
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

	private final class Worker implements Runnable {

		private volatile long seed;

		private Future<?> result;

		@Override
		public void run() {
			long seed = GateFuzzTests.this.nextSeed.getAndIncrement();
			while (seed < FuzzSettings.SEED + FuzzSettings.STREAMS) {
				this.seed = seed;
				try {
					check(seed);
				}
				catch (PacketException ex) {
					throw new AssertionError("What was encoded does not decode", ex);
				}
				seed = GateFuzzTests.this.nextSeed.getAndIncrement();
			}
		}

	}

}
