package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that says Session Present and has forgotten which identifiers it had given to
 * QoS 2 messages, as Artemis does after a restart.
 */
class ForgetfulServerTests {

	private final List<String> received = new ArrayList<>();

	@Test
	void anotherMessageUnderAnIdentifierThatWasNotReleasedIsHandedOver() {
		TestClient test = subscribed();
		receive(test, "a", "first", false);
		test.reconnect(true);
		receive(test, "a", "second", false);
		test.reconnect(true);
		receive(test, "b", "second", true);
		assertThat(this.received).containsExactly("first", "second", "second");
		assertThat(test.link().sent(PacketType.PUBREC)).hasSize(1);
		test.receive(new PublishAck(PacketType.PUBREL, 7, 0));
		assertThat(test.link().sent(PacketType.PUBCOMP)).containsExactly(new PublishAck(PacketType.PUBCOMP, 7, 0));
	}

	@Test
	void theSameMessageIsHandedOverOnceWhetherItIsMarkedAsDuplicateOrNot() {
		TestClient test = subscribed();
		receive(test, "a", "first", false);
		test.reconnect(true);
		receive(test, "a", "first", true);
		test.reconnect(true);
		receive(test, "a", "first", false);
		assertThat(this.received).containsExactly("first");
		assertThat(test.link().sent(PacketType.PUBREC)).hasSize(1);
	}

	private TestClient subscribed() {
		TestClient test = new TestClient().connect();
		test.client.subscribe(SubscribeRequest.to("+")
			.qos(2)
			.handler((message) -> this.received.add(new String(message.payload(), StandardCharsets.UTF_8)))
			.build());
		return test;
	}

	private static void receive(TestClient test, String topic, String payload, boolean duplicate) {
		test.receive(new Publish(7, topic, 2, false, duplicate, PublishProperties.NONE,
				payload.getBytes(StandardCharsets.UTF_8)));
	}

}
