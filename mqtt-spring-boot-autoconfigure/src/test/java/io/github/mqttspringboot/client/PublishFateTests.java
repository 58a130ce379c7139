package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.packet.ConnAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the failure of a publish says that was sent, has lost its session and waits to be
 * sent anew.
 */
class PublishFateTests {

	private static final String UNKNOWN = "it was sent on an earlier connection, its outcome is unknown";

	private final HeldStore store = new HeldStore();

	private Duration expiry;

	private TestClient test;

	private CompletableFuture<PublishResult> sent;

	private CompletableFuture<PublishResult> unsent;

	@Test
	void thatAServerTakesNoMessageOfItsSize() {
		lose();
		this.test.accept(Limits.connAck((limits) -> limits.maximumPacketSize = 5L));
		assertFates(LocalError.PACKET_TOO_LARGE, "nothing was sent");
	}

	@Test
	void thatTheWindowStaysFull() {
		waitAnew();
		this.test.time.advance(Duration.ofSeconds(31));
		assertFates(LocalError.IN_FLIGHT_WINDOW_FULL, "it was not sent");
	}

	@Test
	void thatNoConnectionComesUp() {
		waitAnew();
		this.test.link().close();
		this.test.time.advance(Duration.ofSeconds(31));
		assertFates(LocalError.NOT_CONNECTED, "it was not sent");
	}

	@Test
	void thatTheMessageExpires() {
		this.expiry = Duration.ofSeconds(20);
		waitAnew();
		this.test.time.advance(Duration.ofSeconds(21));
		assertFates(LocalError.IN_FLIGHT_WINDOW_FULL, "it was not sent");
	}

	@Test
	void thatTheClientStops() {
		waitAnew();
		this.test.stop();
		assertThat(this.test.cause(this.sent)).hasMessageContaining(UNKNOWN);
		assertThat(this.test.cause(this.unsent)).hasMessageNotContaining("unknown");
	}

	@Test
	void thatTheConnectionIsLostAndNothingIsBuffered() {
		waitAnew((config) -> config.whenDisconnected = WhenDisconnected.FAIL);
		this.test.link().close();
		this.test.time.run();
		assertThat(this.test.cause(this.sent)).hasMessageContaining(UNKNOWN)
			.hasMessageContaining("'mqtt.publish.when-disconnected' is 'fail'");
	}

	@Test
	void thatTheDiskIsFull() {
		lose((config) -> config.store = this.store);
		this.test.accept(ConnAck.of(false, 0));
		this.store.fail();
		assertFates(LocalError.PERSISTENCE_FAILED, "it was not sent");
	}

	/** Two publishes wait on a connection with a session of its own. */
	private void waitAnew() {
		waitAnew((config) -> {
		});
	}

	private void waitAnew(Consumer<TestClient.Config> customizer) {
		lose(customizer);
		this.test.accept(Limits.connAck((limits) -> limits.receiveMaximum = 1));
	}

	private void lose() {
		lose((config) -> {
		});
	}

	/**
	 * A connection is lost that has taken two of three publishes; the first serves to
	 * fill windows.
	 */
	private void lose(Consumer<TestClient.Config> customizer) {
		this.test = new TestClient((config) -> config.with(customizer)).connect();
		publish();
		this.sent = publish();
		if (!this.store.notes.isEmpty()) {
			this.store.sync();
			this.test.time.run();
		}
		this.test.link().writeAll();
		this.test.time.run();
		this.unsent = publish();
		this.test.link().close();
		this.test.time.advance(Duration.ofSeconds(3));
	}

	private CompletableFuture<PublishResult> publish() {
		PublishRequest.Builder request = PublishRequest.to("a").payload("x").qos(1);
		if (this.expiry != null) {
			request.messageExpiry(this.expiry);
		}
		return this.test.ran(this.test.client.publish(request.build()));
	}

	private void assertFates(LocalError error, String unsent) {
		assertThat(this.test.cause(this.sent))
			.isInstanceOfSatisfying(MqttOperationException.class,
					(ex) -> assertThat(ex.getFailure().localError()).isEqualTo(error))
			.hasMessageContaining(UNKNOWN)
			.hasMessageNotContaining("not sent")
			.hasMessageNotContaining("nothing was sent");
		assertThat(this.test.cause(this.unsent)).hasMessageContaining(unsent).hasMessageNotContaining("unknown");
	}

}
