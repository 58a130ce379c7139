package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.GenericMessage;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.MqttCredentialsProvider;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.core.MqttOperations;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.core.MqttTemplateCustomizer;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.paho.PahoWire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MqttAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttAutoConfigurationTests {

	private static final MqttFailure BAD_CREDENTIALS = MqttFailure
		.of(PacketType.CONNACK, ReasonCode.BAD_USER_NAME_OR_PASSWORD)
		.build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, JacksonAutoConfiguration.class));

	private final ApplicationContextRunner fakeClientRunner = this.contextRunner
		.withUserConfiguration(FakeClientConfiguration.class);

	@Test
	void disabledThereIsNoBeanAndNoThread() {
		this.contextRunner.withPropertyValues("mqtt.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed()
				.doesNotHaveBean(ManagedMqttClient.class)
				.doesNotHaveBean(MqttOperations.class)
				.doesNotHaveBean(MqttConnectionDetails.class)
				.doesNotHaveBean(ErrorClassificationPolicy.class)
				.doesNotHaveBean(Wire.class)
				.doesNotHaveBean(MqttProperties.class)
				.doesNotHaveBean("mqttMessageConverter");
			assertThat(Thread.getAllStackTraces().keySet()).noneMatch((thread) -> thread.getName().contains("mqtt"));
		});
	}

	@Test
	void itBacksOffWithoutPaho() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.eclipse.paho"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MqttTemplate.class));
	}

	@Test
	void theConnectionDetailsAreThoseOfTheProperties() {
		this.fakeClientRunner
			.withPropertyValues("mqtt.servers[0]=mqtt://a", "mqtt.servers[1]=tcp://b:2", "mqtt.username=gateway",
					"mqtt.password=secret")
			.run((context) -> {
				MqttConnectionDetails details = context.getBean(MqttConnectionDetails.class);
				assertThat(details.getServers()).containsExactly(URI.create("mqtt://a:1883"), URI.create("tcp://b:2"));
				assertThat(details.getUsername()).isEqualTo("gateway");
				assertThat(details.getPassword()).isEqualTo("secret");
				assertThat(details.toString()).doesNotContain("secret");
				assertThat(context.getBean(MqttProperties.class).toString()).doesNotContain("secret");
			});
	}

	@Test
	void connectionDetailsOfTheUserWin() {
		MqttConnectionDetails mine = () -> List.of(URI.create("mqtt://mine:1"));
		this.fakeClientRunner.withBean(MqttConnectionDetails.class, () -> mine)
			.withPropertyValues("mqtt.servers=nonsense")
			.run((context) -> assertThat(context.getBean(MqttConnectionDetails.class)).isSameAs(mine));
	}

	@Test
	void thePolicyIsTheDefaultTableWithTheOverridesOfTheProperties() {
		this.fakeClientRunner.withPropertyValues("mqtt.error-policy.unsuback.no-subscription-existed=success")
			.run((context) -> {
				ErrorClassificationPolicy policy = context.getBean(ErrorClassificationPolicy.class);
				assertThat(policy.classify(BAD_CREDENTIALS)).isEqualTo(new Classification(ErrorClass.FATAL, "default"));
				assertThat(policy
					.classify(MqttFailure.of(PacketType.UNSUBACK, ReasonCode.NO_SUBSCRIPTION_EXISTED).build()))
					.isEqualTo(new Classification(ErrorClass.SUCCESS,
							"mqtt.error-policy.unsuback.no-subscription-existed"));
			});
	}

	@Test
	void withACredentialsProviderRefusedCredentialsAreTriedAgain() {
		this.fakeClientRunner
			.withBean(MqttCredentialsProvider.class, () -> (name) -> MqttCredentials.of("user", "token"))
			.run((context) -> assertThat(context.getBean(ErrorClassificationPolicy.class).classify(BAD_CREDENTIALS))
				.isEqualTo(new Classification(ErrorClass.THROTTLED, "default")));
	}

	@Test
	void aPolicyOfTheUserWins() {
		ErrorClassificationPolicy mine = (failure) -> new Classification(ErrorClass.RECONNECT, "mine");
		this.fakeClientRunner.withBean(ErrorClassificationPolicy.class, () -> mine)
			.withPropertyValues("mqtt.error-policy.nonsense.x=y")
			.run((context) -> assertThat(context.getBean(ErrorClassificationPolicy.class)).isSameAs(mine));
	}

	@Test
	void theWireIsPahos() {
		this.fakeClientRunner.run((context) -> assertThat(context.getBean(Wire.class)).isInstanceOf(PahoWire.class));
	}

	@Test
	void aClientOfTheUserWins() {
		this.fakeClientRunner
			.run((context) -> assertThat(context).getBean(ManagedMqttClient.class).isInstanceOf(FakeMqttClient.class));
	}

	@Test
	void theTemplatePublishesJsonWithTheJsonMapperOfTheApplication() {
		this.fakeClientRunner
			.withBean(JsonMapper.class,
					() -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build())
			.run((context) -> assertThat(
					publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
				.isEqualTo("{\"meter_id\":7}"));
	}

	@Test
	void theTemplatePublishesJsonWithoutAJsonMapperBean() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
			.withUserConfiguration(FakeClientConfiguration.class)
			.run((context) -> assertThat(
					publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
				.isEqualTo("{\"meterId\":7}"));
	}

	@Test
	void theTemplateWorksWithoutJackson() {
		this.fakeClientRunner.withClassLoader(new FilteredClassLoader("tools.jackson")).run((context) -> {
			assertThat(context).doesNotHaveBean("mqttJsonMessageConverter");
			MqttTemplate template = context.getBean(MqttTemplate.class);
			assertThat(template.publish("a", "text")).isCompleted();
			assertThat(template.publish("a", 1)).isCompletedExceptionally();
		});
	}

	@Test
	void aConverterOfTheUserIsFoundByItsName() {
		this.fakeClientRunner.withBean("mqttMessageConverter", MessageConverter.class, TextConverter::new)
			.withBean("anotherConverter", MessageConverter.class, () -> mock(MessageConverter.class))
			.run((context) -> assertThat(
					publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
				.isEqualTo("converted"));
	}

	@Test
	void theConverterIsNoCandidateForOtherTechnologies() {
		this.fakeClientRunner.withUserConfiguration(OtherTechnologyConfiguration.class)
			.run((context) -> assertThat(context.getBean("otherConverters"))
				.isEqualTo(List.of(context.getBean("otherConverter"))));
	}

	@Test
	void theOnlyConverterOfTheUserComesBeforeJson() {
		this.fakeClientRunner.withBean("mine", MessageConverter.class, TextConverter::new)
			.run((context) -> assertThat(
					publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
				.isEqualTo("converted"));
	}

	@Test
	void whatTheConverterOfTheUserDoesNotTakeIsJson() {
		this.fakeClientRunner.withBean("mine", MessageConverter.class, () -> mock(MessageConverter.class))
			.run((context) -> assertThat(
					publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
				.isEqualTo("{\"meterId\":7}"));
	}

	@Test
	void ofSeveralConvertersOfTheUserNoneIsGuessed(CapturedOutput output) {
		this.fakeClientRunner.withBean("one", MessageConverter.class, TextConverter::new)
			.withBean("two", MessageConverter.class, TextConverter::new)
			.run((context) -> {
				assertThat(publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
					.isEqualTo("{\"meterId\":7}");
				assertThat(output).contains("[one, two]").contains("mqttMessageConverter");
			});
	}

	@Test
	void ofSeveralConvertersOfTheUserThePrimaryOneCounts() {
		this.fakeClientRunner
			.withBean("one", MessageConverter.class, TextConverter::new, (definition) -> definition.setPrimary(true))
			.withBean("two", MessageConverter.class, () -> mock(MessageConverter.class))
			.run((context) -> assertThat(
					publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
				.isEqualTo("converted"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "integrationArgumentResolverMessageConverter", "datatypeChannelMessageConverter",
			"brokerMessageConverter" })
	void convertersThatOthersHaveForThemselvesAreNotTaken(String name) {
		this.fakeClientRunner.withBean(name, MessageConverter.class, TextConverter::new)
			.run((context) -> assertThat(
					publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
				.isEqualTo("{\"meterId\":7}"));
	}

	@Test
	void convertersThatAreNoDefaultCandidatesAreNotTaken() {
		this.fakeClientRunner
			.withBean("mine", MessageConverter.class, TextConverter::new,
					(definition) -> ((AbstractBeanDefinition) definition).setDefaultCandidate(false))
			.run((context) -> assertThat(
					publish(context.getBean(MqttTemplate.class), context.getBean(FakeMqttClient.class)))
				.isEqualTo("{\"meterId\":7}"));
	}

	@Test
	void aTextMayBeReadAsJson() {
		this.fakeClientRunner
			.run((context) -> assertThat(context.getBean("mqttMessageConverter", MessageConverter.class)
				.fromMessage(new GenericMessage<>("{\"meterId\":7}".getBytes(StandardCharsets.UTF_8),
						Map.of("contentType", "text/plain")), Reading.class))
				.isEqualTo(new Reading(7)));
	}

	@Test
	void customizersAreCalledInTheirOrderForTheTemplateOfEachClient() {
		List<String> calls = new ArrayList<>();
		this.contextRunner.withUserConfiguration(CustomizersConfiguration.class)
			.withBean("calls", List.class, () -> calls)
			.withPropertyValues("mqtt.auto-startup=false", "mqtt.servers=mqtt://a",
					"mqtt.clients.north.servers=mqtt://b", "mqtt.clients.north.auto-startup=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(calls).containsExactlyInAnyOrder("first default", "second default", "first north",
						"second north");
				assertThat(calls).containsSubsequence("first default", "second default")
					.containsSubsequence("first north", "second north");
			});
	}

	@Test
	void theRequestPropertiesReachTheTemplateOfEachClient() {
		this.contextRunner
			.withPropertyValues("mqtt.auto-startup=false", "mqtt.servers=mqtt://a", "mqtt.request.timeout=1ms",
					"mqtt.request.reply-topic=answers/a", "mqtt.clients.north.servers=mqtt://b",
					"mqtt.clients.north.auto-startup=false", "mqtt.clients.north.request.timeout=2ms",
					"mqtt.clients.north.request.reply-topic=answers/north")
			.run((context) -> {
				assertTimesOut(context.getBean("mqttTemplate", MqttTemplate.class), "answers/a", "within 1 ms");
				assertTimesOut(context.getBean("northMqttTemplate", MqttTemplate.class), "answers/north",
						"within 2 ms");
			});
	}

	@ParameterizedTest
	@CsvSource({ "request.timeout,0s", "request.reply-topic,replies/#" })
	void requestPropertiesOfNoUseFailTheStart(String property, String value) {
		this.fakeClientRunner.withPropertyValues("mqtt." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMqttPropertyException.class)
				.hasMessageContainingAll("mqtt." + property, value));
		this.contextRunner
			.withPropertyValues("mqtt.clients.north.servers=mqtt://b", "mqtt.clients.north.auto-startup=false",
					"mqtt.clients.north." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMqttPropertyException.class)
				.hasMessageContainingAll("mqtt.clients.north." + property, value));
	}

	private static void assertTimesOut(MqttTemplate template, String... message) {
		assertThat(catchThrowable(() -> template.request("a", "x", String.class).get(30, TimeUnit.SECONDS)))
			.hasMessageContainingAll(message);
	}

	@Test
	void operationsOfTheUserReplaceTheTemplate() {
		this.fakeClientRunner.withBean(MqttOperations.class, () -> mock(MqttOperations.class))
			.run((context) -> assertThat(context).hasSingleBean(MqttOperations.class)
				.doesNotHaveBean(MqttTemplate.class));
	}

	private static String publish(MqttTemplate template, FakeMqttClient client) {
		assertThat(template.publish("a", new Reading(7))).isCompleted();
		return new String(client.published().get(0).payload(), StandardCharsets.UTF_8);
	}

	record Reading(int meterId) {

	}

	@Configuration(proxyBeanMethods = false)
	static class FakeClientConfiguration {

		@Bean
		FakeMqttClient fakeClient() {
			return new FakeMqttClient();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizersConfiguration {

		@Bean
		@Order(2)
		MqttTemplateCustomizer second(@Qualifier("calls") List<String> calls) {
			return (template) -> calls.add("second " + template.getClient().name());
		}

		@Bean
		@Order(1)
		MqttTemplateCustomizer first(@Qualifier("calls") List<String> calls) {
			return (template) -> calls.add("first " + template.getClient().name());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherTechnologyConfiguration {

		@Bean
		MessageConverter otherConverter() {
			return new TextConverter();
		}

		@Bean
		List<MessageConverter> otherConverters(MessageConverter converter) {
			return List.of(converter);
		}

	}

	static class TextConverter implements MessageConverter {

		@Override
		public Object fromMessage(Message<?> message, Class<?> targetClass) {
			return null;
		}

		@Override
		public Message<?> toMessage(Object payload, MessageHeaders headers) {
			return new GenericMessage<>("converted");
		}

	}

}
