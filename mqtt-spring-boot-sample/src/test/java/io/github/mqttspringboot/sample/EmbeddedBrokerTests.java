package io.github.mqttspringboot.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EmbeddedBroker} and {@link BrokerSecurity}, with Paho alone.
 */
class EmbeddedBrokerTests {

	private static final int NOT_AUTHORIZED = 0x87;

	private final EmbeddedBroker broker = new EmbeddedBroker(new SampleProperties.Broker(0, "sample", "secret"));

	private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

	private MqttAsyncClient client;

	@BeforeEach
	void start() throws MqttException {
		this.broker.afterPropertiesSet();
		this.client = new MqttAsyncClient("tcp://127.0.0.1:" + this.broker.port(), "test", new MemoryPersistence());
		this.client.setCallback(new Recorder());
	}

	@AfterEach
	void stop() throws MqttException {
		if (this.client.isConnected()) {
			this.client.disconnect().waitForCompletion(10_000);
		}
		this.client.close(true);
		this.broker.destroy();
	}

	@Test
	void publishesWhatIsAllowedToItsSubscriber() throws Exception {
		connect("sample", "secret");
		assertThat(subscribe("allowed/#")).containsExactly(1);
		assertThat(publish("allowed/x", 1)).containsExactly(0);
		assertThat(this.messages.poll(10, TimeUnit.SECONDS)).isEqualTo("allowed/x hi");
	}

	@ParameterizedTest
	@ValueSource(strings = { "denied/x", "denied", "denied/a/b" })
	void refusesPublishUnderDeniedAndKeepsTheConnection(String topic) throws Exception {
		connect("sample", "secret");
		assertThat(publish(topic, 1)).containsExactly(NOT_AUTHORIZED);
		assertThat(publish("allowed/x", 1)).doesNotContain(NOT_AUTHORIZED);
		assertThat(this.client.isConnected()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "denied/#", "denied/x", "denied/+/b", "$share/group/denied/#" })
	void refusesSubscribeUnderDeniedAndKeepsTheConnection(String filter) throws Exception {
		connect("sample", "secret");
		assertThat(subscribe(filter)).containsExactly(NOT_AUTHORIZED);
		assertThat(subscribe("allowed/x")).containsExactly(1);
		assertThat(this.client.isConnected()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "deniedly/x", "a/denied/x", "denied.x", "Denied/x" })
	void allowsWhatOnlyLooksLikeDenied(String topic) throws Exception {
		connect("sample", "secret");
		assertThat(subscribe(topic)).containsExactly(1);
		assertThat(publish(topic, 1)).containsExactly(0);
	}

	@Test
	void answersUnsubscribeFromNothingWithNoSubscriptionExisted() throws Exception {
		connect("sample", "secret");
		IMqttToken token = this.client.unsubscribe("never/subscribed");
		token.waitForCompletion(10_000);
		assertThat(token.getReasonCodes()).containsExactly(0x11);
	}

	@ParameterizedTest
	@ValueSource(strings = { "wrong", "" })
	void refusesWrongPassword(String password) {
		assertThatExceptionOfType(MqttException.class).isThrownBy(() -> connect("sample", password))
			.satisfies((ex) -> assertThat(ex.getReasonCode()).isIn(0x86, NOT_AUTHORIZED));
	}

	@Test
	void refusesUnknownUser() {
		assertThatExceptionOfType(MqttException.class).isThrownBy(() -> connect("somebody", "secret"))
			.satisfies((ex) -> assertThat(ex.getReasonCode()).isIn(0x86, NOT_AUTHORIZED));
	}

	@Test
	void listensOnLoopbackOnly() throws IOException {
		for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
			for (InetAddress address : Collections.list(network.getInetAddresses())) {
				boolean expected = address.getHostAddress().equals("127.0.0.1");
				assertThat(accepts(address)).as(address.toString()).isEqualTo(expected);
			}
		}
	}

	@Test
	void keepsItsPortOverStopAndStart() throws Exception {
		int port = this.broker.port();
		assertThat(this.broker.stopBroker().join()).isTrue();
		assertThat(this.broker.isRunning()).isFalse();
		assertThat(accepts(InetAddress.getByName("127.0.0.1"))).isFalse();
		assertThat(this.broker.stopBroker().join()).isFalse();
		assertThat(this.broker.startBroker().join()).isTrue();
		assertThat(this.broker.startBroker().join()).isFalse();
		assertThat(this.broker.port()).isEqualTo(port);
		connect("sample", "secret");
		assertThat(publish("denied/x", 1)).containsExactly(NOT_AUTHORIZED);
	}

	@Test
	void restartsWhetherItRunsOrNot() throws Exception {
		assertThat(this.broker.restartBroker().join()).isTrue();
		this.broker.stopBroker().join();
		assertThat(this.broker.restartBroker().join()).isFalse();
		connect("sample", "secret");
		assertThat(this.client.isConnected()).isTrue();
	}

	@Test
	void handlesActionsThatMeetOneAfterTheOther() {
		List<CompletableFuture<Boolean>> actions = List.of(this.broker.stopBroker(), this.broker.restartBroker(),
				this.broker.stopBroker(), this.broker.startBroker());
		assertThat(actions).extracting(CompletableFuture::join).containsExactly(true, false, true, true);
		assertThat(this.broker.isRunning()).isTrue();
	}

	@Test
	void failsToStartOnTakenPortAndSaysWhatToDo() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			EmbeddedBroker other = new EmbeddedBroker(
					new SampleProperties.Broker(taken.getLocalPort(), "sample", "secret"));
			try {
				assertThatExceptionOfType(Exception.class).isThrownBy(other::start)
					.havingCause()
					.isInstanceOfSatisfying(BrokerStartException.class,
							(ex) -> assertThat(new BrokerStartFailureAnalyzer().analyze(ex)).satisfies((analysis) -> {
								assertThat(analysis.getDescription()).contains("127.0.0.1:" + taken.getLocalPort());
								assertThat(analysis.getAction()).contains("--sample.broker.port");
							}));
				assertThat(other.isRunning()).isFalse();
			}
			finally {
				other.destroy();
			}
		}
	}

	private boolean accepts(InetAddress address) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(address, this.broker.port()), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void connect(String username, String password) throws MqttException {
		MqttConnectionOptions options = new MqttConnectionOptions();
		options.setUserName(username);
		options.setPassword(password.getBytes(StandardCharsets.UTF_8));
		options.setAutomaticReconnect(false);
		this.client.connect(options).waitForCompletion(10_000);
	}

	private int[] publish(String topic, int qos) throws MqttException {
		IMqttToken token = this.client.publish(topic, "hi".getBytes(StandardCharsets.UTF_8), qos, false);
		token.waitForCompletion(10_000);
		return token.getReasonCodes();
	}

	private int[] subscribe(String filter) throws MqttException {
		IMqttToken token = this.client.subscribe(filter, 1);
		token.waitForCompletion(10_000);
		return token.getReasonCodes();
	}

	private final class Recorder implements MqttCallback {

		@Override
		public void messageArrived(String topic, MqttMessage message) {
			EmbeddedBrokerTests.this.messages
				.add(topic + " " + new String(message.getPayload(), StandardCharsets.UTF_8));
		}

		@Override
		public void disconnected(MqttDisconnectResponse response) {
		}

		@Override
		public void mqttErrorOccurred(MqttException exception) {
		}

		@Override
		public void deliveryComplete(IMqttToken token) {
		}

		@Override
		public void connectComplete(boolean reconnect, String server) {
		}

		@Override
		public void authPacketArrived(int reasonCode, MqttProperties properties) {
		}

	}

}
