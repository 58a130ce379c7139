package io.github.mqttspringboot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttConnectionOptionsCustomizer;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.integration.MqttClientManager;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.ThreadWatch;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The clients of applications that begin, pause and end in other ways than most.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationLifeTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final ThreadWatch threads = ThreadWatch.on("(?i)mqtt");

	private ScriptedBroker broker;

	private ScriptedBroker north;

	@BeforeEach
	void start() {
		this.broker = ScriptedBroker.start();
		this.north = ScriptedBroker.start();
		this.broker.routing();
		this.north.routing();
	}

	@AfterEach
	void stop() {
		this.broker.close();
		this.north.close();
		this.threads.assertGone();
	}

	@Test
	void initializedLazilyTheClientConnectsAndListenersListen() {
		try (ConfigurableApplicationContext context = application().lazyInitialization(true).run()) {
			this.broker.awaitReceived(When.subscribe("meters/+"), 1);
			context.getBean(MqttTemplate.class).publish("meters/1", "x");
			Awaitility.await()
				.untilAsserted(() -> assertThat(context.getBean(Meters.class).received).containsExactly("x"));
		}
	}

	@Test
	void initializedLazilyBeansWithoutListenersStayLazy() {
		try (ConfigurableApplicationContext context = application(Bystander.class).lazyInitialization(true).run()) {
			this.broker.awaitReceived(When.subscribe("meters/+"), 1);
			assertThat(context.getBeanFactory().containsSingleton("bystander")).isFalse();
			assertThat(context.getBean(Bystander.class)).isNotNull();
		}
	}

	@Test
	void pausedAndRestartedTheApplicationIsAsBefore() {
		try (ConfigurableApplicationContext context = application().run()) {
			this.broker.awaitReceived(When.subscribe("meters/+"), 1);
			context.pause();
			this.broker.awaitReceived(When.packet(PacketType.DISCONNECT), 1);
			assertThat(context.getBean(ManagedMqttClient.class).state()).isEqualTo(ClientState.STOPPED);
			context.restart();
			connected(context);
			context.getBean(MqttTemplate.class).publish("meters/1", "x");
			Awaitility.await()
				.untilAsserted(() -> assertThat(context.getBean(Meters.class).received).containsExactly("x"));
			assertThat(this.broker.connectionCount()).isEqualTo(2);
		}
	}

	@Test
	void stoppedNoConnectionIsOpenThatACheckpointCouldNotTakeWithIt() {
		try (ConfigurableApplicationContext context = application().run()) {
			this.broker.awaitReceived(When.subscribe("meters/+"), 1);
			context.stop();
			this.broker.awaitNoOpenConnection();
			context.start();
			connected(context);
			context.getBean(MqttTemplate.class).publish("meters/1", "x");
			Awaitility.await()
				.untilAsserted(() -> assertThat(context.getBean(Meters.class).received).containsExactly("x"));
		}
	}

	@Test
	void oneContextAfterTheOtherHasOneConnectionEach() {
		for (int i = 1; i <= 3; i++) {
			try (ConfigurableApplicationContext context = application().run()) {
				this.broker.awaitReceived(When.subscribe("meters/+"), i);
				assertThat(this.broker.openConnectionCount()).isEqualTo(1);
			}
			this.broker.awaitReceived(When.packet(PacketType.DISCONNECT), i);
			this.threads.assertGone();
		}
		assertThat(this.broker.connectionCount()).isEqualTo(3);
		assertThat(this.broker.received(PacketType.CONNECT))
			.allSatisfy((connect) -> assertThat(connect.connectFields().clientId()).isEqualTo("life"));
	}

	@Test
	void twoContextsHaveClientsOfTheirOwn() {
		try (ConfigurableApplicationContext one = application().run();
				ConfigurableApplicationContext two = application().run("--mqtt.servers=" + this.north.uri())) {
			connected(one);
			connected(two);
			this.broker.awaitReceived(When.subscribe("meters/+"), 1);
			this.north.awaitReceived(When.subscribe("meters/+"), 1);
			one.close();
			assertThat(two.getBean(ManagedMqttClient.class).state()).isEqualTo(ClientState.CONNECTED);
			two.getBean(MqttTemplate.class).publish("meters/1", "x");
			Awaitility.await().untilAsserted(() -> assertThat(two.getBean(Meters.class).received).containsExactly("x"));
			assertThat(one.getBeanFactory().containsSingleton("mqttClient")).isFalse();
		}
	}

	@Test
	void aChildContextUsesTheClientsOfItsParent() {
		try (ConfigurableApplicationContext parent = application()
			.run("--mqtt.clients.north.servers=" + this.north.uri(), "--mqtt.clients.north.client-id=north");
				ConfigurableApplicationContext child = new SpringApplicationBuilder(Child.class).parent(parent)
					.web(WebApplicationType.NONE)
					.run("--mqtt.servers=" + this.broker.uri(), "--mqtt.client-id=life",
							"--mqtt.clients.north.servers=" + this.north.uri(),
							"--mqtt.clients.north.client-id=north")) {
			this.broker.awaitReceived(When.subscribe("meters/+"), 1);
			this.broker.awaitReceived(When.subscribe("child/+"), 1);
			this.north.awaitReceived(When.subscribe("child/north/+"), 1);
			assertThat(child.getBean(ManagedMqttClient.class)).isSameAs(parent.getBean(ManagedMqttClient.class));
			assertThat(child.getBean("north")).isSameAs(parent.getBean("north"));
			assertThat(child.getBean("northMqttTemplate")).isSameAs(parent.getBean("northMqttTemplate"));
			assertThat(child.getBean(MqttClientManager.class)).isSameAs(parent.getBean(MqttClientManager.class));
			child.getBean(MqttTemplate.class).publish("child/1", "x");
			Awaitility.await()
				.untilAsserted(() -> assertThat(child.getBean(Child.class).received).containsExactly("x"));
			assertThat(this.broker.connectionCount()).isEqualTo(1);
			assertThat(this.north.connectionCount()).isEqualTo(1);
			child.close();
			assertThat(parent.getBean(ManagedMqttClient.class).state()).isEqualTo(ClientState.CONNECTED);
			parent.getBean(MqttTemplate.class).publish("meters/1", "y");
			Awaitility.await()
				.untilAsserted(() -> assertThat(parent.getBean(Meters.class).received).containsExactly("y"));
		}
	}

	@Test
	void noBeanIsMadeBeforeAllPostProcessorsAreThere(CapturedOutput output) {
		try (ConfigurableApplicationContext context = application()
			.run("--mqtt.clients.north.servers=" + this.north.uri(), "--mqtt.clients.north.client-id=north")) {
			connected(context);
			assertThat(output).contains("connected to").doesNotContain("not eligible for getting processed");
		}
	}

	@Test
	void anEventOfTheFirstConnectionReachesItsListener() {
		try (ConfigurableApplicationContext context = application(Events.class).run()) {
			Awaitility.await().untilAsserted(() -> assertThat(context.getBean(Events.class).connected).hasSize(1));
		}
	}

	@Test
	void anApplicationMadeOfAnotherHasItsBeans() {
		SpringApplication.Running running = SpringApplication.from(Main::main)
			.with(Additional.class)
			.run("--mqtt.servers=" + this.broker.uri(), "--spring.main.web-application-type=none");
		try (ConfigurableApplicationContext context = running.getApplicationContext()) {
			connected(context);
			assertThat(context.getBean(MqttTemplate.class).publish("a", "x")).succeedsWithin(TIMEOUT);
			assertThat(this.broker.received(PacketType.CONNECT)).singleElement()
				.satisfies((connect) -> assertThat(connect.connectFields().keepAlive()).isEqualTo(60));
			assertThat(context.getBean(Additional.class).called).containsExactly("first default", "second default");
		}
	}

	@Test
	void withoutBootsIntegrationTheManagerIsThereStill() {
		try (ConfigurableApplicationContext context = application().run("--spring.autoconfigure.exclude="
				+ "org.springframework.boot.integration.autoconfigure.IntegrationAutoConfiguration")) {
			connected(context);
			assertThat(context.getBean(MqttClientManager.class).getClient().isConnected()).isTrue();
		}
	}

	private SpringApplicationBuilder application(Class<?>... further) {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Main.class).sources(further);
		return builder.web(WebApplicationType.NONE)
			.properties("mqtt.servers=" + this.broker.uri(), "mqtt.client-id=life", "spring.main.banner-mode=off");
	}

	private static void connected(ConfigurableApplicationContext context) {
		ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
		Awaitility.await().until(() -> client.state() == ClientState.CONNECTED);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Meters.class)
	static class Main {

		static void main(String[] args) {
			SpringApplication.run(Main.class, args);
		}

	}

	static class Meters {

		private final List<String> received = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "meters/+")
		void on(String text) {
			this.received.add(text);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Child {

		private final List<String> received = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "child/+")
		void on(String text) {
			this.received.add(text);
		}

		@MqttListener(topics = "child/north/+", client = "north")
		void north(String text) {
			this.received.add(text);
		}

	}

	static class Events {

		private final List<MqttConnectedEvent> connected = new CopyOnWriteArrayList<>();

		@EventListener
		void on(MqttConnectedEvent event) {
			this.connected.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Bystander {

		@Bean
		@Qualifier("bystander")
		Object bystander() {
			return new Object();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Additional {

		private final List<String> called = new CopyOnWriteArrayList<>();

		@Bean
		@Order(2)
		MqttConnectionOptionsCustomizer second() {
			return (name, options) -> this.called.add("second " + name);
		}

		@Bean
		@Order(1)
		MqttConnectionOptionsCustomizer first() {
			return (name, options) -> this.called.add("first " + name);
		}

	}

}
