package io.github.mqttspringboot.integration;

import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.integration.mqtt.event.MqttSubscribedEvent;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.testing.Rule;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Adapters of one manager whose connection is closed while they subscribe.
 */
class SuspectFilterTests {

	private final ScriptedBroker broker = ScriptedBroker.start();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5 })
	void connectionsThatAreLostBarNoneOfTwoInnocents(int losses) {
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			app.inbound("a");
			app.inbound("b");
			app.awaitEvents(MqttSubscribedEvent.class, 2);
			Rule rule = this.broker.on(When.subscribe()).withhold();
			for (int i = 0; i < losses; i++) {
				int connections = this.broker.connectionCount();
				int subscribed = this.broker.received(When.subscribe()).size();
				this.broker.lastConnection().close();
				this.broker.awaitConnection(connections);
				this.broker.awaitReceived(When.subscribe(), subscribed + 1);
			}
			rule.remove();
			int connections = this.broker.connectionCount();
			this.broker.lastConnection().close();
			this.broker.awaitConnection(connections);
			awaitActive(app, "a", "b");
			assertThat(this.broker.connectionCount()).isEqualTo(connections + 1);
		}
	}

	@Test
	void theGuiltyOneOfManyAdaptersIsBarred() {
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			Rule rule = this.broker.on(When.subscribe("poison")).close();
			app.inbound("first");
			app.inbound("poison");
			app.inbound("last");
			// Once with the others, twice alone
			Awaitility.await().until(rule::hits, (hits) -> hits == 1 + FilterGuard.MAX_STRIKES);
			awaitActive(app, "first", "last");
			int connections = this.broker.connectionCount();
			assertThat(connections).isEqualTo(1 + 1 + FilterGuard.MAX_STRIKES);
			app.inbound("later");
			awaitActive(app, "first", "last", "later");
			assertThat(this.broker.connectionCount()).isEqualTo(connections);
		}
	}

	@Test
	void aFilterThatWasActiveAndEndsConnectionsWhenItIsRestoredIsGivenUp() {
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			app.inbound("good");
			app.inbound("poison");
			awaitActive(app, "good", "poison");
			Rule rule = this.broker.on(When.subscribe("poison")).close();
			this.broker.lastConnection().close();
			Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(app.client().state()).isEqualTo(ClientState.CONNECTED);
				assertThat(app.client().subscriptions())
					.filteredOn((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE)
					.extracting(SubscriptionStatus::filter)
					.containsExactly("good");
			});
			int hits = rule.hits();
			assertThat(hits).isLessThanOrEqualTo(2 + 2 * FilterGuard.MAX_STRIKES);
			// A loss without a SUBSCRIBE out lets it try once more
			this.broker.lastConnection().close();
			app.inbound("later");
			Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(app.client().state()).isEqualTo(ClientState.CONNECTED);
				assertThat(app.client().subscriptions())
					.filteredOn((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE)
					.extracting(SubscriptionStatus::filter)
					.containsExactlyInAnyOrder("good", "later");
			});
			assertThat(rule.hits()).isLessThanOrEqualTo(hits + FilterGuard.MAX_STRIKES);
		}
	}

	@Test
	void twoGuiltyOnesDoNotEndConnectionsForEver() {
		try (FlowApp app = FlowApp.start(this.broker.uri())) {
			Rule first = this.broker.on(When.subscribe("poison/1")).close();
			Rule second = this.broker.on(When.subscribe("poison/2")).close();
			app.inbound("poison/1");
			app.inbound("good");
			app.inbound("poison/2");
			Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(first.hits()).isGreaterThanOrEqualTo(FilterGuard.MAX_STRIKES);
				assertThat(second.hits()).isGreaterThanOrEqualTo(FilterGuard.MAX_STRIKES);
			});
			awaitActive(app, "good");
			app.inbound("poison/1", "later");
			awaitActive(app, "good", "later");
		}
	}

	@Test
	void aBarredFilterIsTriedAgainOnTheSameConnection() {
		try (FlowApp app = FlowApp.start(this.broker.uri(), "mqtt.reconnect.probe-interval=3s")) {
			Rule rule = this.broker.on(When.subscribe("poison")).close();
			app.inbound("good");
			app.inbound("poison");
			Awaitility.await().until(rule::hits, (hits) -> hits == 1 + FilterGuard.MAX_STRIKES);
			rule.remove();
			awaitActive(app, "good");
			int connections = this.broker.connectionCount();
			awaitActive(app, "good", "poison");
			assertThat(this.broker.connectionCount()).isEqualTo(connections);
		}
	}

	private static void awaitActive(FlowApp app, String... filters) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			assertThat(app.client().state()).isEqualTo(ClientState.CONNECTED);
			List<SubscriptionStatus> subscriptions = app.client().subscriptions();
			assertThat(subscriptions)
				.filteredOn((subscription) -> subscription.state() == SubscriptionStatus.State.ACTIVE)
				.extracting(SubscriptionStatus::filter)
				.containsExactlyInAnyOrder(filters);
			assertThat(subscriptions).hasSize(filters.length);
		});
	}

}
