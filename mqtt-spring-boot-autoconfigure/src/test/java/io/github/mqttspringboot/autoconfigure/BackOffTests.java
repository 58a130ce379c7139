package io.github.mqttspringboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.autoconfigure.endpoint.MqttEndpointAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.health.MqttHealthContributorAutoConfiguration;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.endpoint.MqttEndpoint;
import io.github.mqttspringboot.integration.MqttClientManager;
import io.github.mqttspringboot.listener.DefaultMqttListenerContainerFactory;
import io.github.mqttspringboot.listener.MqttListenerContainer;
import io.github.mqttspringboot.listener.MqttListenerEndpoint;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans of the application take the place of ours.
 */
class BackOffTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttListenerAutoConfiguration.class,
				MqttIntegrationAutoConfiguration.class, MqttHealthContributorAutoConfiguration.class,
				MqttEndpointAutoConfiguration.class))
		.withPropertyValues("mqtt.auto-startup=false", "management.endpoints.web.exposure.include=mqtt");

	@Test
	void aClientHasItsTemplateManagerHealthAndEndpoint() {
		FakeMqttClient mine = new FakeMqttClient("mine");
		this.runner.withBean("mine", ManagedMqttClient.class, () -> mine).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(ManagedMqttClient.class);
			assertThat(context.getBean(MqttTemplate.class).getClient()).isSameAs(mine);
			assertThat(context).hasSingleBean(MqttClientManager.class).hasBean("mqttHealthContributor");
			assertThat(context.getBean(MqttEndpoint.class).clients().clients()).containsOnlyKeys("mine");
		});
	}

	@Test
	void twoClientsOfWhichNoneIsPrimaryHaveNoTemplate() {
		this.runner.withBean("one", ManagedMqttClient.class, () -> new FakeMqttClient("one"))
			.withBean("two", ManagedMqttClient.class, () -> new FakeMqttClient("two"))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(MqttTemplate.class);
				assertThat(context).doesNotHaveBean(MqttClientManager.class);
				assertThat(context.getBean(MqttEndpoint.class).clients().clients()).containsOnlyKeys("one", "two");
			});
	}

	@Test
	void aTemplateIsKept() {
		FakeMqttClient client = new FakeMqttClient();
		this.runner.withBean(ManagedMqttClient.class, () -> client)
			.withBean("mine", MqttTemplate.class, () -> new MqttTemplate(client))
			.run((context) -> assertThat(context).hasSingleBean(MqttTemplate.class)
				.getBean(MqttTemplate.class)
				.isSameAs(context.getBean("mine")));
	}

	@Test
	void aContainerFactoryOfTheNameIsThatOfAllListeners() {
		List<String> created = new ArrayList<>();
		this.runner.withBean(ManagedMqttClient.class, FakeMqttClient::new)
			.withBean("mqttListenerContainerFactory", DefaultMqttListenerContainerFactory.class,
					() -> new DefaultMqttListenerContainerFactory() {

						@Override
						public MqttListenerContainer createContainer(MqttListenerEndpoint endpoint) {
							created.add(endpoint.id());
							return super.createContainer(endpoint);
						}

					})
			.withUserConfiguration(Listening.class)
			.withPropertyValues("mqtt.listener.auto-startup=false")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(DefaultMqttListenerContainerFactory.class);
				assertThat(created).hasSize(1);
			});
	}

	@Test
	void aHealthIndicatorOfTheNameIsTheOnlyOne() {
		this.runner.withBean("mqttHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).hasSingleBean(HealthIndicator.class)
				.doesNotHaveBean("mqttHealthContributor"));
	}

	@Test
	void anEndpointIsKept() {
		MqttEndpoint mine = new MqttEndpoint(List.of());
		this.runner.withBean("mine", MqttEndpoint.class, () -> mine)
			.run((context) -> assertThat(context.getBean(MqttEndpoint.class)).isSameAs(mine));
	}

	static class Listening {

		@MqttListener(topics = "a")
		void on(String text) {
		}

	}

}
