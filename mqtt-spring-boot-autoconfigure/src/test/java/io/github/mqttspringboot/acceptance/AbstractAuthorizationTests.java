package io.github.mqttspringboot.acceptance;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.testing.RawClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must hold on any broker that refuses subscriptions under {@code denied/} and says
 * when a session is taken over.
 */
abstract class AbstractAuthorizationTests extends AbstractRejectionTests {

	@Test
	void aRefusedSubscribeKeepsTheConnection() {
		try (App app = connected()) {
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
		try (App app = connected()) {
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

	@Override
	void expectTakenOver(App app, RawClient other) {
		app.awaitState(ClientState.FAILED);
		MqttClientFailedEvent event = app.awaitEvents(MqttClientFailedEvent.class, 1).get(0);
		assertThat(event.getFailure().reasonCode()).isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
		assertThat(app.client().reconnectStatus().fatalKind()).isEqualTo(FatalKind.IDENTITY);
		assertThat(app.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(app.client().statistics().connections()).isOne();
		assertThat(app.count("mqtt.client.reconnects")).isZero();
		assertThat(app.isRunning()).isTrue();
		assertThat(other.publish(1, 1, "good/x", "still there").reasonCode()).isLessThan(0x80);
	}

}
