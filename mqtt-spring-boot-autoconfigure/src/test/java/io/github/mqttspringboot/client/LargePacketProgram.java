package io.github.mqttspringboot.client;

import java.lang.ref.Reference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import io.github.mqttspringboot.error.LocalError;

/**
 * What {@link LargePacketTests} runs in a JVM with little memory.
 */
public final class LargePacketProgram {

	private static final long PATIENCE_SECONDS = 60;

	private LargePacketProgram() {
	}

	/**
	 * Run.
	 * @param args what to do, and the Remaining Length of the PUBLISH
	 * @throws Exception if it goes wrong
	 */
	public static void main(String[] args) throws Exception {
		int remainingLength = Integer.parseInt(args[1]);
		try (LargePacketPeer peer = new LargePacketPeer(remainingLength);
				LiveClient live = new LiveClient(peer.uri()).connect()) {
			switch (args[0]) {
				case "publish" -> publish(remainingLength, peer, live);
				case "receive" -> receive(remainingLength, peer, live);
				case "refuse" -> refuse(remainingLength, peer, live);
				default -> throw new IllegalArgumentException(args[0]);
			}
			require(live.client.statistics().connections() == 1, "one connection");
		}
		System.out.println("done");
	}

	private static void publish(int remainingLength, LargePacketPeer peer, LiveClient live) throws Exception {
		byte[] payload = LargePacketPeer.payload(remainingLength - LargePacketPeer.HEAD);
		start(payload, live).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		Reference.reachabilityFence(payload);
		String expected = remainingLength + " " + LargePacketPeer.checksum(remainingLength - LargePacketPeer.HEAD);
		String actual = peer.published.poll();
		require(expected.equals(actual), "the server has read " + actual);
	}

	private static void receive(int remainingLength, LargePacketPeer peer, LiveClient live) throws Exception {
		CompletableFuture<Long> received = new CompletableFuture<>();
		live.client.subscribe(SubscribeRequest.to("large").qos(1).handler((message) -> {
			CRC32 checksum = new CRC32();
			checksum.update(message.payload());
			received.complete(checksum.getValue());
		}).build());
		long expected = LargePacketPeer.checksum(remainingLength - LargePacketPeer.HEAD);
		require(received.get(PATIENCE_SECONDS, TimeUnit.SECONDS) == expected, "the same payload");
		require(Integer.valueOf(7).equals(peer.acknowledged.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)), "PUBACK");
	}

	private static void refuse(int remainingLength, LargePacketPeer peer, LiveClient live) throws Exception {
		Throwable cause = start(LargePacketPeer.payload(remainingLength - LargePacketPeer.HEAD), live)
			.handle((result, ex) -> ex)
			.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		require(cause instanceof MqttPublishRejectedException rejected
				&& rejected.getFailure().localError() == LocalError.PACKET_TOO_LARGE, "refused, not " + cause);
		System.out.println(cause.getMessage());
		start(LargePacketPeer.payload(100), live).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		require(peer.published.size() == 1, "nothing of it sent");
	}

	private static CompletableFuture<PublishResult> start(byte[] payload, LiveClient live) {
		return live.client.publish(PublishRequest.to("large").payload(payload).qos(1).build());
	}

	private static void require(boolean condition, String what) {
		if (!condition) {
			throw new IllegalStateException("Expected: " + what);
		}
	}

}
