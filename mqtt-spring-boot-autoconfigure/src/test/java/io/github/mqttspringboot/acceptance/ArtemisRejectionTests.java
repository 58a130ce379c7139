package io.github.mqttspringboot.acceptance;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.testing.ArtemisBroker;

import static org.assertj.core.api.Assertions.assertThat;

class ArtemisRejectionTests extends AbstractRejectionTests {

	private final ArtemisBroker broker = ArtemisBroker.startAnonymous();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Test
	void aRefusedSubscribeKeepsTheConnection() {
		try (App app = App.connected("mqtt.servers=" + uri())) {
			MqttSubscribeRejectedException ex = failure(MqttSubscribeRejectedException.class,
					app.client().subscribe(SubscribeRequest.to("denied/x").build()));
			assertThat(ex.getFailure().title()).isEqualTo("SUBACK 0x87 Not authorized");
			assertThat(app.awaitEvents(MqttSubscribeRejectedEvent.class, 1).get(0).getFilter()).isEqualTo("denied/x");
			assertThat(app.client().statistics().connections()).isOne();
			app.publish("good", 1).join();
		}
	}

	@Test
	void ofAGoodAndARefusedFilterTheGoodOneIsActive() {
		try (App app = App.connected("mqtt.servers=" + uri())) {
			MqttSubscribeRejectedException ex = failure(MqttSubscribeRejectedException.class, app.client()
				.subscribe(SubscribeRequest.to("good/x").build(), SubscribeRequest.to("denied/x").build()));
			assertThat(ex.getResult().entries()).extracting(SubscribeResult.Entry::isGranted)
				.containsExactly(true, false);
			assertThat(app.client().subscriptions()).extracting(SubscriptionStatus::state)
				.containsExactly(SubscriptionStatus.State.ACTIVE, SubscriptionStatus.State.REJECTED);
			assertThat(app.count("mqtt.client.errors", "packet", "suback", "reason", "not-authorized")).isOne();
			app.awaitEvents(MqttSubscribeRejectedEvent.class, 1);
			assertThat(app.client().statistics().connections()).isOne();
		}
	}

	@Test
	void aWrongPasswordStopsTheClientAndNotTheApplication() {
		try (ArtemisBroker secured = ArtemisBroker.builder().user("user", "right").start();
				App app = App.start("mqtt.servers=" + secured.uri(), "mqtt.username=user", "mqtt.password=wrong")) {
			app.awaitState(ClientState.FAILED);
			assertThat(app.isRunning()).isTrue();
			assertThat(app.client().reconnectStatus().fatalKind()).isEqualTo(FatalKind.AUTH);
			assertThat(app.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(app.health().getDetails().toString()).contains("0x86 Bad User Name or Password")
				.doesNotContain("wrong");
		}
	}

	@Override
	String uri() {
		return this.broker.uri();
	}

	@Override
	void stopBroker() {
		this.broker.stop();
	}

	@Override
	void startBroker() {
		this.broker.start();
	}

	@Override
	long connectionsSeenByBroker() {
		return this.broker.connectionCount();
	}

}
