package io.github.mqttspringboot.acceptance;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttOperationException;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.MqttSubscribeRejectedException;
import io.github.mqttspringboot.client.MqttUnsubscribeRejectedException;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttRejectionEvent;
import io.github.mqttspringboot.event.MqttSubscribeRejectedEvent;
import io.github.mqttspringboot.event.MqttUnsubscribeRejectedEvent;
import io.github.mqttspringboot.testing.HiveMqBroker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds on HiveMQ CE, which can be made to send every code there is.
 */
class HiveMqRejectionTests extends AbstractAuthorizationTests {

	private static HiveMqBroker broker;

	@BeforeAll
	static void start() {
		broker = HiveMqBroker.builder().user("user", "right").maximumPacketSize(MAXIMUM_PACKET_SIZE).start();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	/** With a window of one, a permit that does not come back would stop everything. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void everyCodeForAPublishKeepsTheConnection(int qos) {
		PacketType packet = (qos == 1) ? PacketType.PUBACK : PacketType.PUBREC;
		Set<ReasonCode> codes = refusals(packet);
		assertThat(codes).hasSize(7);
		try (App app = connected("mqtt.publish.max-in-flight=1")) {
			for (ReasonCode code : codes) {
				MqttPublishRejectedException ex = failure(MqttPublishRejectedException.class,
						app.publish(answeredWith(code), qos));
				assertRefusal(ex, packet, code);
				assertThat(app.publish("good/x", qos).join().code()).isLessThan(0x80);
			}
			assertKept(app, MqttPublishRejectedEvent.class, packet, codes);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void aPublishWithoutSubscribersSucceedsAndSaysSo(int qos) {
		try (App app = connected("mqtt.publish.max-in-flight=1")) {
			for (String topic : List.of(answeredWith(ReasonCode.NO_MATCHING_SUBSCRIBERS), "nobody/listens")) {
				assertThat(app.publish(topic, qos).join().reasonCode()).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
			}
			subscribe(app, "good/x");
			assertThat(app.publish("good/x", qos).join().reasonCode()).isEqualTo(ReasonCode.SUCCESS);
			assertKept(app, MqttPublishRejectedEvent.class, PacketType.PUBACK, Set.of());
		}
	}

	@Test
	void everyCodeForASubscribeKeepsTheConnection() {
		Set<ReasonCode> codes = refusals(PacketType.SUBACK);
		assertThat(codes).hasSize(9);
		try (App app = connected()) {
			for (ReasonCode code : codes) {
				String filter = answeredWith(code);
				MqttSubscribeRejectedException ex = failure(MqttSubscribeRejectedException.class,
						app.client().subscribe(SubscribeRequest.to(filter).build()));
				assertRefusal(ex, PacketType.SUBACK, code);
				List<String> received = subscribe(app, "good/" + code);
				app.publish("good/" + code, 1).join();
				Awaitility.await().untilAsserted(() -> assertThat(received).containsExactly("x"));
			}
			assertThat(app.client().subscriptions())
				.filteredOn((status) -> status.state() == SubscriptionStatus.State.REJECTED)
				.hasSameSizeAs(codes);
			assertKept(app, MqttSubscribeRejectedEvent.class, PacketType.SUBACK, codes);
		}
	}

	@Test
	void aSubscriptionOverQuotaIsTriedAgainOnTheSameConnection() {
		try (App app = connected("mqtt.reconnect.throttled-floor=100ms", "mqtt.reconnect.throttled-max-delay=200ms")) {
			MqttSubscribeRejectedException ex = failure(MqttSubscribeRejectedException.class,
					app.client().subscribe(SubscribeRequest.to(answeredWith(ReasonCode.QUOTA_EXCEEDED)).build()));
			assertRefusal(ex, PacketType.SUBACK, ReasonCode.QUOTA_EXCEEDED);
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.events(MqttSubscribeRejectedEvent.class)).hasSizeGreaterThan(1));
			assertThat(app.client().statistics().connections()).isOne();
			assertThat(connectionsSeenByBroker()).isOne();
		}
	}

	@Test
	void everyCodeForAnUnsubscribeKeepsTheConnection() {
		Set<ReasonCode> codes = refusals(PacketType.UNSUBACK);
		assertThat(codes).hasSize(5);
		try (App app = connected()) {
			for (ReasonCode code : codes) {
				MqttUnsubscribeRejectedException ex = failure(MqttUnsubscribeRejectedException.class,
						app.client().unsubscribe(answeredWith(code)));
				assertRefusal(ex, PacketType.UNSUBACK, code);
				subscribe(app, "good/x");
				assertThat(only(app.client().unsubscribe("good/x").join()).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
			}
			assertKept(app, MqttUnsubscribeRejectedEvent.class, PacketType.UNSUBACK, codes);
		}
	}

	/** HiveMQ never says this code by itself. */
	@Test
	@Override
	void unsubscribingTwiceKeepsTheConnection() {
		try (App app = connected()) {
			subscribe(app, "a/+");
			assertThat(only(app.client().unsubscribe("a/+").join()).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
			assertThat(only(app.client().unsubscribe("a/+").join()).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
			assertThat(only(app.client().unsubscribe(answeredWith(ReasonCode.NO_SUBSCRIPTION_EXISTED)).join())
				.reasonCode()).isEqualTo(ReasonCode.NO_SUBSCRIPTION_EXISTED);
			assertKept(app, MqttUnsubscribeRejectedEvent.class, PacketType.UNSUBACK,
					Set.of(ReasonCode.NO_SUBSCRIPTION_EXISTED));
			app.publish("good", 1).join();
		}
	}

	@Test
	void aWrongPasswordStopsTheClientAndNotTheApplication() {
		try (App app = App.start("mqtt.servers=" + uri(), "mqtt.username=user", "mqtt.password=wrong")) {
			app.awaitState(ClientState.FAILED);
			assertThat(app.isRunning()).isTrue();
			assertThat(app.client().reconnectStatus().fatalKind()).isEqualTo(FatalKind.AUTH);
			assertThat(app.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(app.health().getDetails().toString())
				.contains("0x86 Bad User Name or Password", HiveMqBroker.REASON)
				.doesNotContain("wrong");
		}
	}

	private static void assertRefusal(MqttOperationException ex, PacketType packet, ReasonCode code) {
		assertThat(ex.getFailure().packet()).isEqualTo(packet);
		assertThat(ex.getFailure().reasonCode()).isEqualTo(code);
		assertThat(ex.getFailure().topic()).isEqualTo(answeredWith(code));
		assertThat(ex.getFailure().reasonString()).isEqualTo(HiveMqBroker.REASON);
		assertThat(ex.getFailure().userProperties())
			.containsExactly(new UserProperty(HiveMqBroker.HINT, HiveMqBroker.HINT_VALUE));
		assertThat(ex.getMessage()).contains(answeredWith(code), code.description(), HiveMqBroker.REASON);
	}

	private void assertKept(App app, Class<? extends MqttRejectionEvent> type, PacketType packet,
			Set<ReasonCode> codes) {
		assertThat(app.awaitEvents(type, codes.size())).extracting((event) -> event.getFailure().reasonCode())
			.containsExactlyElementsOf(codes);
		for (ReasonCode code : codes) {
			assertThat(app.count("mqtt.client.errors", "error.class", "recoverable", "packet", packet.label(), "reason",
					code.label()))
				.as("%s", code)
				.isOne();
		}
		assertThat(app.count("mqtt.client.errors")).isEqualTo(codes.size());
		assertThat(app.count("mqtt.client.reconnects")).isZero();
		assertThat(app.client().statistics().connections()).isOne();
		assertThat(connectionsSeenByBroker()).isOne();
	}

	private static Set<ReasonCode> refusals(PacketType packet) {
		return EnumSet.allOf(ReasonCode.class)
			.stream()
			.filter((code) -> code.value() >= 0x80 && code.isLegalIn(packet))
			.collect(Collectors.toCollection(() -> EnumSet.noneOf(ReasonCode.class)));
	}

	private static String answeredWith(ReasonCode code) {
		return "answer/0x%02X/x".formatted(code.value());
	}

	@Override
	String uri() {
		return broker.uri();
	}

	@Override
	int port() {
		return broker.port();
	}

	@Override
	void stopBroker() {
		broker.stop();
	}

	@Override
	void startBroker() {
		broker.start();
	}

	@Override
	long connectionsSeenByBroker() {
		return broker.connectCount(this.clientId);
	}

}
