package io.github.mqttspringboot.autoconfigure.slices;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
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
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.health.MqttHealthIndicator;
import io.github.mqttspringboot.listener.MqttListenerEndpointRegistry;

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
	@SpringBootTest(properties = { "mqtt.auto-startup=false", "management.endpoints.web.exposure.include=mqtt" })
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

		@Test
		void isPublishedTo(@Autowired ObservationRegistry observations) {
			assertThat(observations.isNoop()).isFalse();
			CompletableFuture<PublishResult> answer = new CompletableFuture<>();
			BDDMockito.given(this.client.publish(ArgumentMatchers.any())).willReturn(answer);
			assertThat(this.template.publish("a", "x")).isNotDone();
			BDDMockito.then(this.client).should().publish(ArgumentMatchers.any());
		}

	}

	@Nested
	@SpringBootTest(properties = { "mqtt.auto-startup=false", "mqtt.clients.north.auto-startup=false",
			"mqtt.servers=mqtt://localhost", "management.endpoints.web.exposure.include=mqtt" })
	@Import(ListeningInTheNorth.class)
	class AMockedFurtherClient {

		@MockitoBean("northMqttClient")
		private ManagedMqttClient client;

		@Test
		void isThatOfItsTemplate(@Autowired ApplicationContext context) {
			assertThat(context.getBean("northMqttTemplate", MqttTemplate.class).getClient()).isSameAs(this.client);
			assertThat(context.getBean(ManagedMqttClient.class)).isNotSameAs(this.client);
		}

		@Test
		void isThatOfItsListeners(@Autowired MqttListenerEndpointRegistry registry) {
			assertThat(registry.getListenerContainer("in-the-north").getClient()).isSameAs(this.client);
		}

		@Test
		void isNotDescribedByTheEndpoint(@Autowired MqttEndpoint endpoint) {
			assertThat(endpoint.clients().clients()).containsOnlyKeys("default");
			assertThat(endpoint.client("default")).isNotNull();
			assertThat(endpoint.client("north")).isNull();
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

	static class ListeningInTheNorth {

		@MqttListener(id = "in-the-north", topics = "a", client = "north")
		void on(String text) {
		}

	}

}
