package io.github.mqttspringboot.client;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.TestClient.Limits;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a server does that breaks the protocol without being malformed costs neither the
 * window, nor memory, nor a message.
 */
class HostileServerTests {

	@Test
	void anAcknowledgementOfWhatThisConnectionNeverCarriedOpensNoWindow() {
		TestClient test = new TestClient().connect();
		CompletableFuture<PublishResult> large = test.client
			.publish(PublishRequest.to("large").payload(new byte[200]).qos(1).build());
		int id = ((Publish) test.link().sent(PacketType.PUBLISH).get(0)).packetId();
		test.reconnect(Limits.connAck((limits) -> {
			limits.sessionPresent = true;
			limits.maximumPacketSize = 100L;
			limits.receiveMaximum = 1;
		}));
		assertThat(test.cause(large)).hasMessageContaining("outcome is unknown");
		test.receive(new PublishAck(PacketType.PUBACK, id, 0));
		for (int i = 0; i < 5; i++) {
			test.client.publish(PublishRequest.to("small").qos(1).build());
		}
		assertThat(test.link().sent(PacketType.PUBLISH)).hasSize(1);
		assertThat(test.events(MqttProtocolAnomalyEvent.class)).hasSize(1);
	}

}
