package io.github.mqttspringboot.matrix;

import java.util.concurrent.CompletableFuture;

import io.github.mqttspringboot.client.MqttSessionLostException;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectionLostEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttReconnectScheduledEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;
import io.github.mqttspringboot.testing.ReceivedPacket;
import io.github.mqttspringboot.testing.Reply;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the server answers about the session.
 */
final class SessionScenarios {

	private SessionScenarios() {
	}

	/** The server has forgotten the session with two publishes in flight. */
	static void sessionLost(Trial trial) {
		trial.broker.on(When.connect().onConnection(1)).answer(Trial.accept());
		trial.broker.acceptWith(Reply.connack(0));
		trial.broker.on(When.publish("flight/#").onConnection(0)).withhold();
		trial.connect();
		CompletableFuture<PublishResult> once = trial.publish("flight/2", 2);
		CompletableFuture<PublishResult> again = trial.publish("flight/1", 1);
		trial.broker.awaitReceived(When.publish("flight/#"), 2);
		trial.broker.lastConnection().reset();
		trial.connected();
		trial.failed(once, MqttSessionLostException.class);
		assertThat(Trial.get(again).code()).isZero();
		assertThat(trial.broker.received(When.publish("flight/2"))).hasSize(1);
		assertThat(trial.broker.received(When.publish("flight/1"))).extracting(ReceivedPacket::duplicate)
			.containsExactly(false, false);
		trial.expectedReconnects.add("reconnect/local/connection-closed");
		trial.expectedErrors.add("reconnect/local/connection-closed");
		trial.expectedEvents.add(MqttConnectionLostEvent.class).add(MqttReconnectScheduledEvent.class);
		trial.expectRejection(MqttSessionLostEvent.class);
		trial.expectRejection(MqttPublishRejectedEvent.class);
		trial.finish();
	}

	/**
	 * A Clean Start is answered with Session Present: another one in the same attempt.
	 */
	static void unexpectedSessionPresent(Trial trial) {
		trial.broker.on(When.connect()).answer(Trial.accept().sessionPresent(true)).once();
		trial.client().start();
		trial.expectedRefusals++;
		if (trial.ruling.errorClass() == ErrorClass.RECONNECT) {
			trial.expectedErrors.add(trial.key());
			trial.connected();
		}
		else {
			trial.expectConnectionPrevented();
		}
		assertThat(trial.broker.received(PacketType.CONNECT)).hasSize(2)
			.allMatch((connect) -> connect.connectFields().cleanStart());
		trial.expectCollateral("recoverable/local/session-lost", MqttSessionLostEvent.class);
		trial.finish();
	}

}
