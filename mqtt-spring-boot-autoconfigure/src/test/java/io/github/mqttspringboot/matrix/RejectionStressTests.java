package io.github.mqttspringboot.matrix;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.event.MqttEvent;
import io.github.mqttspringboot.paho.PahoWire;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A storm of rejections leaves the client as it was. There are more of them than packet
 * identifiers and far more than permits: what one of them kept would be missed.
 */
class RejectionStressTests {

	private static final int WARM_UP = 20_000;

	private static final int COUNT = 100_000;

	/** How many futures may be open at a time: the test's own memory is bounded, too. */
	private static final int OPEN = 2_000;

	private static final long HEAP_TOLERANCE = 4 * 1024 * 1024;

	private final AtomicInteger rejected = new AtomicInteger();

	private final AtomicInteger events = new AtomicInteger();

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	@Timeout(60)
	void aHundredThousandRejectionsLeaveTheClientAsItWas(int qos) throws Exception {
		try (RejectingPeer peer = new RejectingPeer()) {
			Setup setup = new Setup();
			setup.servers(peer.uri());
			DefaultManagedMqttClient client = new DefaultManagedMqttClient(setup.settings("storm"),
					new PahoWire(List.of()), new DefaultErrorClassificationPolicy(), null, this::count);
			try {
				client.start();
				Trial.eventually(() -> assertThat(client.state()).isEqualTo(ClientState.CONNECTED));
				reject(client, qos, WARM_UP);
				long before = heap();
				reject(client, qos, COUNT);
				int all = WARM_UP + COUNT;
				assertThat(this.rejected).hasValue(all);
				assertThat(peer.publishes()).isEqualTo(all);
				assertThat(peer.others()).as("answers to refusals").isZero();
				assertThat(client.statistics().errors().total()).isEqualTo(all);
				assertThat(client.statistics().errors().total(ErrorClass.RECOVERABLE)).isEqualTo(all);
				Trial.eventually(
						() -> assertThat(this.events.get() + client.statistics().droppedEvents()).isEqualTo(all + 1));
				assertThat(client.incidents()).hasSize(200);
				Trial.eventually(() -> assertThat(heap() - before).as("heap that stays").isLessThan(HEAP_TOLERANCE));
				theWindowIsFull(client, peer, qos);
				assertThat(client.statistics().reconnects().total()).isZero();
				assertThat(peer.connections()).isOne();
				assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
			}
			finally {
				client.destroy();
			}
		}
	}

	private void count(MqttEvent event) {
		if (!(event instanceof MqttClientStateChangedEvent)) {
			this.events.incrementAndGet();
		}
	}

	private void reject(DefaultManagedMqttClient client, int qos, int count) throws InterruptedException {
		PublishRequest request = PublishRequest.to("denied/storm").payload("x").qos(qos).build();
		Semaphore open = new Semaphore(OPEN);
		for (int i = 0; i < count; i++) {
			open.acquire();
			client.publish(request).whenComplete((result, cause) -> {
				if (cause instanceof MqttPublishRejectedException ex && ex.getFailure().code() == 0x87) {
					this.rejected.incrementAndGet();
				}
				open.release();
			});
		}
		assertThat(open.tryAcquire(OPEN, Setup.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("futures that end").isTrue();
	}

	/** As many permits as the server grants, each with an identifier of its own. */
	private static void theWindowIsFull(DefaultManagedMqttClient client, RejectingPeer peer, int qos) {
		peer.hold();
		int sent = peer.publishes();
		for (int i = 0; i < RejectingPeer.RECEIVE_MAXIMUM + 10; i++) {
			client.publish(PublishRequest.to("held").payload("x").qos(qos).build());
		}
		Trial.eventually(() -> assertThat(peer.held()).isEqualTo(RejectingPeer.RECEIVE_MAXIMUM));
		// What is written after the window is full shows that nothing follows it
		CompletableFuture<?> marker = client.unsubscribe("marker");
		Trial.eventually(() -> assertThat(peer.others()).isOne());
		assertThat(marker).isNotDone();
		assertThat(peer.publishes() - sent).isEqualTo(RejectingPeer.RECEIVE_MAXIMUM);
	}

	private static long heap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
