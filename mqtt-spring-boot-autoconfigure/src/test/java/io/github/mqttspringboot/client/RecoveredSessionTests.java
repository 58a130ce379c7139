package io.github.mqttspringboot.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttClientFailedEvent;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.event.MqttSessionLostEvent;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of a session whose JVM has ended: one client after the other on real
 * files.
 */
@ExtendWith(OutputCaptureExtension.class)
class RecoveredSessionTests {

	private final VirtualScheduler disk = new VirtualScheduler();

	private final List<FileSessionStore> stores = new ArrayList<>();

	@TempDir
	Path temp;

	private int crashes;

	private Path directory;

	private TestClient test;

	@AfterEach
	void letGo() {
		this.stores.forEach(FileSessionStore::close);
	}

	@Test
	void whatWasInFlightIsSentAgainUnderItsIdWhileTheSessionLives() throws Exception {
		first();
		publish("1", 1);
		publish("2", 2);
		publish("3", 2);
		List<Integer> ids = sent(PacketType.PUBLISH).stream().map((packet) -> ((Publish) packet).packetId()).toList();
		receive(new PublishAck(PacketType.PUBREC, ids.get(1), 0));
		crash();
		connect(true);
		publish("new", 1);
		assertThat(sent()).hasSize(4);
		assertThat(sent(PacketType.PUBLISH)).extracting((packet) -> ((Publish) packet).duplicate())
			.containsExactly(true, true, false);
		assertThat(sent(PacketType.PUBLISH).subList(0, 2)).extracting((packet) -> ((Publish) packet).packetId())
			.containsExactly(ids.get(0), ids.get(2));
		assertThat(sent().get(1)).isEqualTo(new PublishAck(PacketType.PUBREL, ids.get(1), 0));
		assertThat(((Publish) sent().get(3)).packetId()).isNotIn(ids);
		receive(new PublishAck(PacketType.PUBACK, ids.get(0), 0));
		receive(new PublishAck(PacketType.PUBCOMP, ids.get(1), 0));
		receive(new PublishAck(PacketType.PUBREC, ids.get(2), 0));
		receive(new PublishAck(PacketType.PUBCOMP, ids.get(2), 0));
		assertThat(this.test.events(MqttPublishRejectedEvent.class)).isEmpty();
		assertThat(this.test.client.statistics().errors().total()).isZero();
		crash();
		connect(true);
		assertThat(sent(PacketType.PUBLISH)).extracting((packet) -> ((Publish) packet).topic()).containsExactly("new");
	}

	@Test
	void nothingThatWasNotSentIsKept() throws Exception {
		first();
		this.test.end(MqttFailure.local(LocalError.CONNECTION_CLOSED).build());
		publish("buffered", 1);
		crash();
		connect(true);
		assertThat(sent()).isEmpty();
	}

	@Test
	void afterALostSessionQos1IsSentAnewAndQos2EndsAudibly() throws Exception {
		first();
		publish("1", 1);
		publish("2", 2);
		crash();
		connect(false);
		assertThat(sent()).singleElement().isInstanceOfSatisfying(Publish.class, (publish) -> {
			assertThat(publish.topic()).isEqualTo("1");
			assertThat(publish.duplicate()).isFalse();
		});
		assertThat(this.test.events(MqttSessionLostEvent.class)).hasSize(1);
		assertThat(this.test.events(MqttPublishRejectedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getFailure().topic()).isEqualTo("2");
			assertThat(event.getFailure().localError()).isEqualTo(LocalError.SESSION_LOST);
		});
		crash();
		connect(true);
		assertThat(sent()).hasSize(1);
	}

	@Test
	void afterALostSessionQos1EndsAudiblyIfToldSo() throws Exception {
		first();
		publish("1", 1);
		crash((config) -> config.onSessionLoss = OnSessionLoss.FAIL);
		connect(false);
		assertThat(sent()).isEmpty();
		assertThat(this.test.events(MqttPublishRejectedEvent.class)).hasSize(1);
	}

	@Test
	void whatALostSessionLeftIsSentAnewEvenIfTheJvmEndsBeforeThat() throws Exception {
		first();
		publish("1", 1);
		publish("2", 1);
		publish("3", 1);
		crash();
		// A window of one: two of three wait when it ends again
		connect(false, 1);
		assertThat(sent()).hasSize(1);
		crash();
		connect(true, 10);
		assertThat(sent()).extracting((packet) -> ((Publish) packet).topic()).containsExactly("1", "2", "3");
		assertThat(sent()).extracting((packet) -> ((Publish) packet).duplicate()).containsExactly(true, false, false);
		for (MqttPacket packet : List.copyOf(sent())) {
			receive(new PublishAck(PacketType.PUBACK, ((Publish) packet).packetId(), 0));
		}
		crash();
		connect(true);
		assertThat(sent()).isEmpty();
	}

	@Test
	void theExpiryOfAMessageGoesOnWhileTheJvmIsGone() throws Exception {
		first();
		this.test.client.publish(PublishRequest.to("old").qos(1).messageExpiry(Duration.ofSeconds(100)).build());
		flush();
		crash();
		this.test.time.advance(Duration.ofSeconds(60));
		connect(true);
		Publish again = (Publish) sent().get(0);
		assertThat(again.properties().messageExpiryInterval()).isEqualTo(40);
		crash();
		this.test.time.advance(Duration.ofSeconds(200));
		connect(false);
		assertThat(sent()).isEmpty();
		assertThat(this.test.events(MqttPublishRejectedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getFailure().detail()).contains("expiry"));
	}

	@Test
	void anInboundMessageThatWasAcknowledgedIsNotHandedOverAgain() throws Exception {
		first();
		inbound(7, false);
		assertThat(sent()).containsExactly(new PublishAck(PacketType.PUBREC, 7, 0));
		long before = this.test.client.statistics().unmatchedMessages();
		assertThat(before).isOne();
		crash();
		connect(true);
		inbound(7, true);
		assertThat(this.test.client.statistics().unmatchedMessages()).isZero();
		assertThat(sent()).containsExactly(new PublishAck(PacketType.PUBREC, 7, 0));
		receive(new PublishAck(PacketType.PUBREL, 7, 0));
		assertThat(sent()).endsWith(new PublishAck(PacketType.PUBCOMP, 7, 0));
		crash();
		connect(true);
		inbound(7, false);
		assertThat(this.test.client.statistics().unmatchedMessages()).isOne();
	}

	@Test
	void ofALostSessionNoInboundIdentifierIsRemembered() throws Exception {
		first();
		inbound(7, false);
		crash();
		connect(false);
		inbound(7, false);
		assertThat(this.test.client.statistics().unmatchedMessages()).isOne();
	}

	@Test
	void theFirstConnectAfterARestartFollowsCleanStart(CapturedOutput output) throws Exception {
		first();
		publish("1", 1);
		crash();
		assertThat(this.test.start().link().request.cleanStart()).isFalse();
		assertThat(output).doesNotContain("'mqtt.clean-start' is true");
		crash((config) -> config.cleanStart = true);
		assertThat(this.test.start().link().request.cleanStart()).isTrue();
		assertThat(output).contains("'mqtt.clean-start' is true");
	}

	@Test
	void filesForAnIdThatIsMadeUpAreWarnedOf(CapturedOutput output) throws Exception {
		this.directory = this.temp.resolve("generated");
		make((config) -> config.generated = true);
		this.test.start();
		assertThat(output).contains("WARN").contains("Set 'mqtt.client-id'");
	}

	@Test
	void aClientThatStopsBeforeItConnectsKeepsWhatItRecovered() throws Exception {
		first();
		publish("1", 1);
		crash();
		this.test.start();
		this.test.stop();
		crash();
		connect(true);
		assertThat(sent()).hasSize(1);
	}

	@Test
	void aSmallerLimitAfterARestartEndsTheMessageAudibly() throws Exception {
		first();
		this.test.client.publish(PublishRequest.to("large").payload(new byte[500]).qos(1).build());
		flush();
		crash();
		this.test.start();
		this.test.accept(TestClient.Limits.connAck((limits) -> {
			limits.sessionPresent = true;
			limits.maximumPacketSize = 100L;
		}));
		flush();
		assertThat(sent()).isEmpty();
		assertThat(this.test.events(MqttPublishRejectedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getFailure().localError()).isEqualTo(LocalError.PACKET_TOO_LARGE));
		crash();
		connect(true);
		assertThat(sent()).isEmpty();
	}

	@Test
	void aNewSessionIsSubscribedToOnceTheDiskKnowsOfIt() throws Exception {
		first();
		inbound(7, false);
		crash();
		this.test.client.subscribe(SubscribeRequest.to("in").qos(2).handler((message) -> {
		}).build());
		this.test.start();
		this.test.accept(ConnAck.of(false, 0));
		assertThat(sent(PacketType.SUBSCRIBE)).isEmpty();
		flush();
		assertThat(sent(PacketType.SUBSCRIBE)).hasSize(1);
	}

	@Test
	void aDirectoryOfNoUseFailsTheStartAndSaysWhy() throws Exception {
		first();
		FileSessionStore second = new FileSessionStore(this.directory, "test", this.disk);
		TestClient other = new TestClient((config) -> config.with((c) -> {
			c.store = second;
			c.persistence = new Persistence(PersistenceType.FILE, this.directory);
		}));
		assertThatExceptionOfType(MqttStartupException.class).isThrownBy(other::start)
			.withMessageContaining(this.directory.toString())
			.withMessageContaining("mqtt.persistence.directory")
			.withMessageContaining("PERSISTENCE_UNAVAILABLE")
			.satisfies((ex) -> assertThat(ex.getClassification())
				.isEqualTo(new Classification(ErrorClass.FATAL, "default")));
		other.time.run();
		assertThat(other.client.state()).isEqualTo(ClientState.FAILED);
		assertThat(other.client.reconnectStatus().fatalKind()).isEqualTo(FatalKind.CONFIG);
		assertThat(other.events(MqttClientFailedEvent.class)).hasSize(1);
		assertThat(other.wire.connections).isEmpty();
		CompletableFuture<PublishResult> future = other.client.publish(PublishRequest.to("a").build());
		assertThat(other.cause(future)).isInstanceOf(MqttNotConnectedException.class);
		this.stores.forEach(FileSessionStore::close);
		this.stores.add(second);
		other.connect();
		assertThat(other.client.state()).isEqualTo(ClientState.CONNECTED);
	}

	private void first() {
		this.directory = this.temp.resolve("0");
		make((config) -> {
		});
		connect(false);
	}

	private void crash() throws Exception {
		crash((config) -> {
		});
	}

	private void crash(Consumer<TestClient.Config> change) throws Exception {
		flush();
		this.directory = Journals.copy(this.directory, this.temp.resolve(String.valueOf(++this.crashes)));
		make(change);
	}

	private void make(Consumer<TestClient.Config> change) {
		FileSessionStore store = new FileSessionStore(this.directory, "test", this.disk);
		this.stores.add(store);
		this.test = new TestClient((config) -> config.with((c) -> {
			c.store = store;
			c.cleanStart = false;
			c.persistence = new Persistence(PersistenceType.FILE, this.directory);
			change.accept(c);
		}));
	}

	private void connect(boolean sessionPresent) {
		connect(sessionPresent, 100);
	}

	private void connect(boolean sessionPresent, int receiveMaximum) {
		this.test.start();
		this.test.accept(TestClient.Limits.connAck((limits) -> {
			limits.sessionPresent = sessionPresent;
			limits.receiveMaximum = receiveMaximum;
		}));
		flush();
	}

	private void flush() {
		this.test.time.run();
		this.disk.run();
		this.test.time.run();
		this.disk.run();
		this.test.time.run();
	}

	private void publish(String topic, int qos) {
		this.test.client.publish(PublishRequest.to(topic).qos(qos).build());
		flush();
	}

	private void receive(MqttPacket packet) {
		this.test.receive(packet);
		flush();
	}

	private void inbound(int id, boolean duplicate) {
		receive(new Publish(id, "in", 2, false, duplicate, PublishProperties.NONE, new byte[0]));
	}

	private List<MqttPacket> sent() {
		return this.test.link().sent;
	}

	private List<MqttPacket> sent(PacketType type) {
		return this.test.link().sent(type);
	}

}
