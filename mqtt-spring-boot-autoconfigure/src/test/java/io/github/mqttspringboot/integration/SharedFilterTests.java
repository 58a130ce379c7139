package io.github.mqttspringboot.integration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.integration.mqtt.event.MqttSubscribedEvent;

import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Adapters that want the same topic filter, and those that want one again.
 */
class SharedFilterTests {

	private final ScriptedBroker broker = ScriptedBroker.start();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Test
	void anAdapterThatStopsLeavesTheFilterToTheOther() {
		this.broker.routing();
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			FlowApp.Inbound left = app.inbound("a/#");
			FlowApp.Inbound right = app.inbound("a/#");
			app.awaitEvents(MqttSubscribedEvent.class, 2);
			app.client().publish(PublishRequest.to("a/1").qos(1).build()).join();
			Awaitility.await().untilAsserted(() -> {
				assertThat(left.topics()).containsExactly("a/1");
				assertThat(right.topics()).containsExactly("a/1");
			});
			left.adapter().stop();
			assertThat(this.broker.received(When.unsubscribe())).isEmpty();
			app.client().publish(PublishRequest.to("a/2").qos(1).build()).join();
			Awaitility.await().untilAsserted(() -> assertThat(right.topics()).containsExactly("a/1", "a/2"));
			assertThat(left.topics()).containsExactly("a/1");
			right.adapter().stop();
			assertThat(this.broker.received(When.unsubscribe())).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aFlowThatIsDestroyedGetsNothingMore(boolean cleanStart) {
		this.broker.routing();
		try (FlowApp app = FlowApp.start(this.broker.uri(), "mqtt.clean-start=" + cleanStart)) {
			FlowApp.Inbound first = app.inbound("a/#");
			app.awaitEvents(MqttSubscribedEvent.class, 1);
			FlowApp.Inbound second = app.inbound("a/#");
			app.awaitEvents(MqttSubscribedEvent.class, 2);
			first.remove();
			app.client().publish(PublishRequest.to("a/1").qos(1).build()).join();
			Awaitility.await().untilAsserted(() -> assertThat(second.topics()).containsExactly("a/1"));
			assertThat(first.topics()).isEmpty();
			assertThat(this.broker.received(When.unsubscribe())).isEmpty();
			second.remove();
			this.broker.awaitReceived(When.unsubscribe("a/#"), 1);
		}
	}

	@Test
	void aFlowThatEndsWithTheApplicationLeavesTheServerItsSubscription() {
		try (FlowApp app = FlowApp.start(this.broker.uri(), "mqtt.clean-start=false")) {
			app.inbound("a/#");
			app.awaitEvents(MqttSubscribedEvent.class, 1);
		}
		this.broker.awaitNoOpenConnection();
		assertThat(this.broker.received(When.unsubscribe())).isEmpty();
	}

	@Test
	void whatIsActiveIsAnsweredWithoutAPacket() {
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			app.inbound("a/#", "b");
			app.awaitEvents(MqttSubscribedEvent.class, 1);
			this.broker.acceptWith(Reply.connack(0).sessionPresent(true));
			this.broker.lastConnection().close();
			app.awaitEvents(MqttSubscribedEvent.class, 2);
			assertThat(app.client().connection().sessionPresent()).isTrue();
			assertThat(app.client().statistics().connections()).isEqualTo(2);
			assertThat(this.broker.received(When.subscribe())).hasSize(1);
		}
	}

}
