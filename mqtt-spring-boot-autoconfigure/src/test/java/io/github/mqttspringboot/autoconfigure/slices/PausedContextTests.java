package io.github.mqttspringboot.autoconfigure.slices;

import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextManager;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.testing.ScriptedBroker;
import io.github.mqttspringboot.testing.ThreadWatch;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test classes whose contexts Spring keeps, with one client identifier for all of them.
 */
class PausedContextTests {

	private static final ThreadWatch threads = ThreadWatch.on("(?i)mqtt");

	private static final ScriptedBroker broker = ScriptedBroker.start();

	@AfterAll
	static void stop() {
		for (Class<?> testClass : List.of(One.class, Two.class)) {
			TestContext context = new TestContextManager(testClass).getTestContext();
			context.getApplicationContext();
			context.markApplicationContextDirty(null);
		}
		broker.close();
		threads.assertGone();
	}

	@Test
	void theClientOfAContextThatIsPutAsideLeavesItsIdentifierToTheNext() throws Exception {
		ApplicationContext one = use(One.class, 0);
		ApplicationContext two = use(Two.class, 1);
		assertThat(two).isNotSameAs(one);
		assertThat(state(one)).isEqualTo(ClientState.STOPPED);
		assertThat(use(One.class, 2)).isSameAs(one);
		assertThat(state(two)).isEqualTo(ClientState.STOPPED);
		assertThat(broker.connectionCount()).isEqualTo(3);
		assertThat(broker.received(PacketType.CONNECT))
			.allSatisfy((connect) -> assertThat(connect.connectFields().clientId()).isEqualTo("tested"));
	}

	private static ApplicationContext use(Class<?> testClass, int connection) throws Exception {
		TestContextManager manager = new TestContextManager(testClass);
		manager.beforeTestClass();
		ApplicationContext context = manager.getTestContext().getApplicationContext();
		broker.awaitReceived(When.subscribe("a").onConnection(connection), 1);
		Awaitility.await().until(() -> state(context) == ClientState.CONNECTED);
		assertThat(broker.openConnectionCount()).isEqualTo(1);
		manager.afterTestClass();
		return context;
	}

	private static ClientState state(ApplicationContext context) {
		return context.getBean(ManagedMqttClient.class).state();
	}

	@SpringBootTest(classes = Application.class, properties = { "mqtt.client-id=tested", "of=one" })
	static class One {

		@DynamicPropertySource
		static void broker(DynamicPropertyRegistry registry) {
			registry.add("mqtt.servers", broker::uri);
		}

	}

	@SpringBootTest(classes = Application.class, properties = { "mqtt.client-id=tested", "of=two" })
	static class Two {

		@DynamicPropertySource
		static void broker(DynamicPropertyRegistry registry) {
			registry.add("mqtt.servers", broker::uri);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@MqttListener(topics = "a")
		void on(String text) {
		}

	}

}
