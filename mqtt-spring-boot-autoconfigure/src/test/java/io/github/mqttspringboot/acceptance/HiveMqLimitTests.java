package io.github.mqttspringboot.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ConnectionInfo.Limits;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.testing.HiveMqBroker;
import io.github.mqttspringboot.testing.RawClient;
import io.github.mqttspringboot.testing.RawClient.Ending;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a server announces that it cannot do never reaches it. The server would end the
 * connection for each of these.
 */
class HiveMqLimitTests {

	private static HiveMqBroker broker;

	private App app;

	@BeforeAll
	static void start() {
		broker = HiveMqBroker.builder()
			.maximumQos(1)
			.maximumPacketSize(2000)
			.receiveMaximum(3)
			.withoutRetain()
			.withoutWildcardSubscriptions()
			.withoutSharedSubscriptions()
			.withoutSubscriptionIdentifiers()
			.start();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@BeforeEach
	void connect() {
		this.app = App.connected("mqtt.servers=" + broker.uri());
	}

	@AfterEach
	void theConnectionWasKept() {
		try (App used = this.app) {
			assertThat(used.publish("good/x", 1).join().code()).isLessThan(0x80);
			assertThat(used.client().statistics().connections()).isOne();
			assertThat(used.count("mqtt.client.reconnects")).isZero();
		}
	}

	@Test
	void theLimitsAreKnown() {
		Limits limits = this.app.client().connection().limits();
		assertThat(limits.maximumQos()).isOne();
		assertThat(limits.maximumPacketSize()).isEqualTo(2000);
		assertThat(limits.receiveMaximum()).isEqualTo(3);
		assertThat(limits.retainAvailable()).isFalse();
		assertThat(limits.wildcardSubscriptionAvailable()).isFalse();
		assertThat(limits.sharedSubscriptionAvailable()).isFalse();
		assertThat(limits.subscriptionIdentifierAvailable()).isFalse();
	}

	@Test
	void aQosAboveTheMaximumIsRefused() {
		assertRefused(PublishRequest.to("good/x").payload("x").qos(2).build(), LocalError.QOS_NOT_SUPPORTED,
				"QoS 2 is above the server's Maximum QoS of 1");
	}

	@Test
	void aRetainedMessageIsRefused() {
		assertRefused(PublishRequest.to("good/x").payload("x").qos(1).retain(true).build(),
				LocalError.RETAIN_NOT_SUPPORTED, "Retain Available 0");
	}

	@Test
	void aMessageThatIsTooLargeIsRefused() {
		assertRefused(PublishRequest.to("good/x").payload(new byte[2000]).qos(0).build(), LocalError.PACKET_TOO_LARGE,
				"the packet has 2012 bytes, the Maximum Packet Size is 2000");
	}

	@Test
	void aWildcardSubscriptionIsRefused() {
		assertRefused("good/+", LocalError.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, "Wildcard Subscription Available 0");
	}

	@Test
	void aSharedSubscriptionIsRefused() {
		assertRefused("$share/group/good", LocalError.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
				"Shared Subscription Available 0");
	}

	@Test
	void aSubscriptionWorksWithoutIdentifiers() {
		assertThat(AbstractRejectionTests.subscribe(this.app, "good/y")).isEmpty();
	}

	@Test
	void manyPublishesGoThroughASmallWindow() {
		List<CompletableFuture<PublishResult>> publishes = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			publishes.add(this.app.publish((i % 3 == 0) ? "denied/x" : "good/x", 1));
		}
		Awaitility.await().untilAsserted(() -> assertThat(publishes).allMatch(CompletableFuture::isDone));
		assertThat(publishes).filteredOn(CompletableFuture::isCompletedExceptionally).hasSize(100);
		assertThat(this.app.awaitEvents(MqttPublishRejectedEvent.class, 100)).hasSize(100);
	}

	@Test
	void whoIgnoresALimitLosesTheConnection() {
		try (RawClient client = RawClient.connected(broker.port(), "ignorant")) {
			assertThat(client.publish(1, 2, "good/x", "x").reasonCode()).isEqualTo(0x9B);
			assertThat(client.awaitEnd()).isNotEqualTo(Ending.NONE);
		}
	}

	private void assertRefused(PublishRequest request, LocalError error, String detail) {
		MqttPublishRejectedException ex = AbstractRejectionTests.failure(MqttPublishRejectedException.class,
				this.app.client().publish(request));
		assertThat(ex.getFailure().localError()).isEqualTo(error);
		assertThat(ex.getMessage()).contains(detail);
		this.app.awaitEvents(MqttPublishRejectedEvent.class, 1);
		assertThat(this.app.count("mqtt.client.errors", "packet", "local", "reason", error.label())).isOne();
	}

	private void assertRefused(String filter, LocalError error, String detail) {
		MqttSubscribeRejectedException ex = AbstractRejectionTests.failure(MqttSubscribeRejectedException.class,
				this.app.client().subscribe(SubscribeRequest.to(filter).build()));
		assertThat(ex.getFailure().localError()).isEqualTo(error);
		assertThat(ex.getMessage()).contains(detail);
		this.app.awaitEvents(MqttSubscribeRejectedEvent.class, 1);
		assertThat(this.app.count("mqtt.client.errors", "packet", "local", "reason", error.label())).isOne();
	}

}
