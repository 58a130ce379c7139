package io.github.mqttspringboot.autoconfigure.slices;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.health.MqttHealthIndicator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the tests of an application see of its clients.
 */
@DirtiesContext
class SlicedTests {

	@Nested
	@JsonTest
	class ASlice {

		@Test
		void hasNoClient(@Autowired ApplicationContext context) {
			assertThat(context.getBeanProvider(ManagedMqttClient.class)).isEmpty();
			assertThat(context.containsBean("mqttMessageConverter")).isFalse();
		}

	}

	@Nested
	@SpringBootTest(properties = "mqtt.enabled=false")
	class Disabled {

		@Test
		void hasNoClient(@Autowired ApplicationContext context, @Autowired Listening listening) {
			assertThat(context.getBeanProvider(ManagedMqttClient.class)).isEmpty();
			assertThat(context.getBeanProvider(MqttHealthIndicator.class)).isEmpty();
			assertThat(listening.received).isEmpty();
		}

	}

	@Nested
	@SpringBootTest(properties = "mqtt.auto-startup=false")
	class AMockedClient {

		@MockitoBean
		private ManagedMqttClient client;

		@Autowired
		private MqttTemplate template;

		@Test
		void isThatOfTheTemplate(@Autowired ApplicationContext context) {
			assertThat(this.template.getClient()).isSameAs(this.client);
			assertThat(context.getBean("mqttHealthContributor")).isNotNull();
		}

	}

	@Nested
	@SpringBootTest(properties = { "mqtt.auto-startup=false", "mqtt.clients.north.auto-startup=false",
			"mqtt.servers=mqtt://localhost" })
	class AMockedFurtherClient {

		@MockitoBean("northMqttClient")
		private ManagedMqttClient client;

		@Test
		void isThatOfItsTemplate(@Autowired ApplicationContext context) {
			assertThat(context.getBean("northMqttTemplate", MqttTemplate.class).getClient()).isSameAs(this.client);
			assertThat(context.getBean(ManagedMqttClient.class)).isNotSameAs(this.client);
		}

	}

	@Nested
	@SpringBootTest(properties = "mqtt.auto-startup=false")
	class AMockedTemplate {

		@MockitoBean
		private MqttTemplate template;

		@Autowired
		private ManagedMqttClient client;

		@Test
		void standsForTheBean(@Autowired ApplicationContext context) {
			assertThat(context.getBean(MqttTemplate.class)).isSameAs(this.template);
			assertThat(Mockito.mockingDetails(this.client).isMock()).isFalse();
		}

	}

	@Nested
	@SpringBootTest(properties = "mqtt.auto-startup=false")
	class ASpiedTemplate {

		@MockitoSpyBean
		private MqttTemplate template;

		@Test
		void recordsWhatIsPublished() {
			this.template.publish("a", "x");
			Mockito.verify(this.template).publish("a", "x");
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Listening.class)
	static class Application {

	}

	static class Listening {

		private final List<String> received = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "a")
		void on(String text) {
			this.received.add(text);
		}

	}

}
