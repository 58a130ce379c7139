package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.DefaultErrorTable;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.packet.ConnAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CredentialsSource}, through a client on a fake wire.
 */
class CredentialsTests {

	private static final String THREAD = "mqtt-default-credentials";

	private final CountDownLatch end = new CountDownLatch(1);

	private final AtomicInteger calls = new AtomicInteger();

	@AfterEach
	void noThreadIsLeft() {
		this.end.countDown();
		Awaitility.await().until(() -> threads() == 0);
	}

	@Test
	void aProviderThatAnswersNullMeansNoCredentials() {
		TestClient test = client((name) -> null).start();
		awaitConnections(test, 1);
		assertThat(test.link().request.credentials()).isNull();
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0x86", "0x87" })
	void refusedCredentialsAreFetchedAnewAndSlowlyWhereThereIsAProvider(String code) {
		TestClient test = new TestClient((config) -> config.with((c) -> {
			c.credentials = (name) -> MqttCredentials.of("user", "secret-" + this.calls.incrementAndGet());
			c.policy = DefaultErrorClassificationPolicy.builder()
				.table(DefaultErrorTable.withCredentialsProvider())
				.build();
		})).start();
		for (int attempt = 1; attempt <= 3; attempt++) {
			awaitConnections(test, attempt);
			assertThat(new String(test.link().request.credentials().password())).isEqualTo("secret-" + attempt);
			test.refuse(Integer.decode(code));
			assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
			Duration delay = test.events(MqttReconnectScheduledEvent.class).get(attempt - 1).getDelay();
			assertThat(delay).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
			test.time.advance(delay);
		}
	}

	@Test
	void beingSentAwayForMissingRightsFetchesThemAnew() {
		TestClient test = client((name) -> MqttCredentials.of("user", "secret-" + this.calls.incrementAndGet()))
			.start();
		awaitConnections(test, 1);
		test.accept(ConnAck.of(false, 0));
		test.end(MqttFailure.of(PacketType.DISCONNECT, 0x87).build());
		assertThat(test.client.state()).isEqualTo(ClientState.WAITING);
		test.time.advance(Duration.ofSeconds(2));
		awaitConnections(test, 2);
		assertThat(new String(test.link().request.credentials().password())).isEqualTo("secret-2");
	}

	@Test
	void stopInterruptsAProviderThatBlocks() {
		AtomicBoolean interrupted = new AtomicBoolean();
		TestClient test = client((name) -> {
			this.calls.incrementAndGet();
			try {
				this.end.await();
			}
			catch (InterruptedException ex) {
				interrupted.set(true);
			}
			return null;
		}).start();
		Awaitility.await().until(() -> this.calls.get() == 1);
		test.stop();
		assertThat(test.client.state()).isEqualTo(ClientState.STOPPED);
		Awaitility.await().until(() -> interrupted.get() && threads() == 0);
		test.time.advance(Duration.ofHours(1));
		assertThat(test.wire.connections).isEmpty();
		assertThat(test.time.waiting()).isZero();
	}

	@Test
	void aProviderThatHangsForGoodHoldsUpOneThreadAndNeverTheEngine() {
		TestClient test = client((name) -> {
			this.calls.incrementAndGet();
			boolean ended = false;
			while (!ended) {
				try {
					this.end.await();
					ended = true;
				}
				catch (InterruptedException ex) {
					// Deaf, like code that it is tested against
				}
			}
			return null;
		}).start();
		Awaitility.await().until(() -> this.calls.get() == 1);
		for (int attempt = 1; attempt <= 5; attempt++) {
			test.time.advance(Duration.ofSeconds(10));
			assertThat(test.client.reconnectStatus().lastIncident().failure().localError())
				.isEqualTo(LocalError.CREDENTIALS_UNAVAILABLE);
			assertThat(test.client.reconnectStatus().attempt()).isEqualTo(attempt);
			test.time.advance(test.events(MqttReconnectScheduledEvent.class).get(attempt - 1).getDelay());
		}
		assertThat(this.calls).hasValue(1);
		assertThat(threads()).isOne();
		this.end.countDown();
		awaitConnections(test, 1);
		assertThat(this.calls).hasValue(2);
		test.accept(ConnAck.of(false, 0));
		assertThat(test.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	private static long threads() {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(THREAD)).count();
	}

	private static TestClient client(MqttCredentialsProvider provider) {
		return new TestClient((config) -> config.with((c) -> c.credentials = provider));
	}

	private static void awaitConnections(TestClient test, int count) {
		Awaitility.await().until(() -> {
			test.time.run();
			return test.wire.connections.size() == count;
		});
	}

}
