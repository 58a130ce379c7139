package io.github.mqttspringboot.client;

import java.util.random.RandomGenerator;

import io.github.mqttspringboot.client.Storm.Outage;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.DefaultErrorClassificationPolicy;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Ping;

/**
 * A whole client with a stable connection, which then loses its broker.
 */
final class StormClient {

	private static final int BUSY = 0x89;

	private final FakeWire wire = new FakeWire();

	private final VirtualScheduler time;

	private final Storm storm;

	private final Outage outage;

	private long lost;

	private boolean again;

	StormClient(VirtualScheduler time, RandomGenerator random, Storm storm, Outage outage) {
		this.time = time;
		this.storm = storm;
		this.outage = outage;
		TestClient.Config config = new TestClient.Config();
		DefaultManagedMqttClient client = new DefaultManagedMqttClient(config.settings(), this::open,
				new DefaultErrorClassificationPolicy(), null, (event) -> {
				}, time, new UserExecutors(Runnable::run, Runnable::run, Runnable::run, () -> {
				}), random, config.store);
		client.start();
		time.run();
		this.wire.last().accept();
	}

	/** Show that the connection is of use. */
	void prove() {
		this.wire.last().receive(Ping.RESPONSE);
	}

	void lose() {
		this.lost = this.time.nanoTime();
		if (this.outage.loss() == ErrorClass.THROTTLED) {
			this.wire.last().close(MqttFailure.of(PacketType.DISCONNECT, BUSY).build());
		}
		else {
			this.wire.last().close();
		}
	}

	private WireConnection open(ConnectRequest request, WireListener listener) {
		WireConnection connection = this.wire.open(request, listener);
		if (this.lost != 0) {
			boolean accepted = this.storm.attempt(this.outage, this.time.nanoTime() - this.lost, !this.again);
			this.again = true;
			answer(accepted);
		}
		return connection;
	}

	private void answer(boolean accepted) {
		if (accepted) {
			this.wire.last().accept();
		}
		else if (this.outage.refusal() == ErrorClass.THROTTLED) {
			this.wire.last().accept(ConnAck.of(false, BUSY));
		}
		else {
			this.wire.last().close(MqttFailure.local(LocalError.CONNECTION_REFUSED).build());
		}
	}

}
