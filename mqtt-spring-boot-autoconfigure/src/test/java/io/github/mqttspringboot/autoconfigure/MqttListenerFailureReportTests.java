package io.github.mqttspringboot.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.DestinationVariable;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.core.MqttTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application prints that does not start because of a listener, or of a client
 * that it asks for.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttListenerFailureReportTests {

	@TempDir
	private Path directory;

	static Stream<Arguments> mistakes() {
		return Stream.of(
				Arguments.of(ListenerMistakes.UnknownClient.class,
						"There is no client named 'nobody'; there is only 'default'.",
						"Set 'client' to the name of one that exists, or declare it below mqtt.clients."),
				Arguments.of(ListenerMistakes.BadFilter.class, "The topic filter 'a/#/b' cannot be subscribed",
						"Correct 'topics'"),
				Arguments.of(ListenerMistakes.EmptyFilter.class, "topic filter is empty", "Correct 'topics'"),
				Arguments.of(ListenerMistakes.NoFilter.class, "It has no topic filter.", "Set 'topics'."),
				Arguments.of(ListenerMistakes.BadShare.class, "shared subscription has no topic filter",
						"Correct 'topics' or 'group'."),
				Arguments.of(ListenerMistakes.SharedTwice.class, "it is a shared subscription already",
						"Leave out either 'group' or '$share/'."),
				Arguments.of(ListenerMistakes.NoLocalShared.class,
						"It sets 'noLocal' on the shared subscription '$share/g/a'",
						"Leave out either 'noLocal' or the group."),
				Arguments.of(ListenerMistakes.BadQos.class, "It has the QoS 3.", "Set 'qos' to 0, 1 or 2."),
				Arguments.of(ListenerMistakes.NoConcurrency.class, "It has the concurrency 0.",
						"Set 'concurrency' to a number from 1 to 10000."),
				Arguments.of(ListenerMistakes.TooMuchConcurrency.class, "It has the concurrency 2000000000.",
						"Set 'concurrency' to a number from 1 to 10000."),
				Arguments.of(ListenerMistakes.BadConcurrency.class, "Its 'concurrency' is 'many'.",
						"whole number from 1 to 10000"),
				Arguments.of(ListenerMistakes.BadAckMode.class, "Its 'ackMode' is 'never'.",
						"Set it to auto, manual or on-receipt."),
				Arguments.of(ListenerMistakes.BadAutoStartup.class, "Its 'autoStartup' is 'perhaps'.",
						"Set it to true or false."),
				Arguments.of(ListenerMistakes.UnknownFactory.class,
						"There is no MqttListenerContainerFactory bean named 'nowhere'.",
						"set 'containerFactory' to the name of one that exists"),
				Arguments.of(ListenerMistakes.WrongFactory.class,
						"There is no MqttListenerContainerFactory bean named 'mqttClient'.",
						"set 'containerFactory' to the name of one that exists"),
				Arguments.of(ListenerMistakes.UnknownHandler.class,
						"There is no MqttListenerErrorHandler bean named 'nowhere'.",
						"set 'errorHandler' to the name of one that exists"),
				Arguments.of(ListenerMistakes.WrongHandler.class,
						"There is no MqttListenerErrorHandler bean named 'mqttClient'.",
						"set 'errorHandler' to the name of one that exists"),
				Arguments.of(ListenerMistakes.SameId.class, "Its id 'same' is also that of SameId.",
						"Give each listener an id of its own."),
				Arguments.of(ListenerMistakes.HalfALevel.class,
						"'b{id}' is neither a whole level that is a variable, nor plain text",
						"Write a variable as a level of its own"),
				Arguments.of(ListenerMistakes.SameVariable.class, "it has the variable {id} twice",
						"Give each level a variable of its own."),
				Arguments.of(ListenerMistakes.NoVariable.class,
						"Its parameter 1 is a @DestinationVariable named 'id', but the topic "
								+ "filter 'a/+' has no variable {id}.",
						"Put {id} in the place of one level"),
				Arguments.of(ListenerMistakes.OtherVariable.class,
						"Its parameter 2 is a @DestinationVariable named 'name'",
						"Put {name} in the place of one level"),
				Arguments.of(ListenerMistakes.VariableOfOneFilter.class, "the topic filter 'b' has no variable {id}",
						"make the parameter an Optional if only some have it"),
				Arguments.of(ListenerMistakes.VariableOfNoFilter.class, "the topic filter 'b' has no variable {id}",
						"Put {id} in the place of one level"),
				Arguments.of(ListenerMistakes.BadSendTo.class,
						"Its @SendTo is 'b/#', and the topic name contains the wildcard '#'",
						"Let @SendTo be a topic name, without wildcards."),
				Arguments.of(ListenerMistakes.SeveralSendTo.class, "Its @SendTo names several topics.", "Name one"),
				Arguments.of(ListenerMistakes.VariableInSendTo.class,
						"Its @SendTo is 'b/{id}', but no variable is replaced in it.",
						"publish the result with a MqttTemplate"),
				Arguments.of(ListenerMistakes.SendToOfNothing.class, "It has @SendTo, but its method returns nothing.",
						"or remove @SendTo"),
				Arguments.of(ListenerMistakes.Unresolvable.class,
						"A placeholder in 'topics' cannot be resolved: a/${no.such.property}.",
						"Define the property, or give it a default"),
				Arguments.of(ListenerMistakes.UnknownBean.class,
						"The expression in 'topics', #{@nobody.topic}, cannot be evaluated: "
								+ "No bean named 'nobody' available.",
						"Correct the expression."),
				Arguments.of(ListenerMistakes.BadExpression.class,
						"The expression in 'topics', #{1 +}, cannot be evaluated: "
								+ "Expression [1 +] @2: EL1042E: Problem parsing right operand.",
						"Correct the expression."),
				Arguments.of(ListenerMistakes.NumberExpression.class,
						"An expression in 'topics' is a java.lang.Integer.", "Let it be a String"));
	}

	@ParameterizedTest
	@MethodSource("mistakes")
	void theMistakeIsNamedWithItsListenerAndItsRemedy(Class<?> bean, String reason, String action,
			CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "", output, bean);
		assertThat(report.description())
			.containsPattern("Listener: " + bean.getSimpleName() + "\\.\\w+ of bean '\\w+\\." + bean.getSimpleName())
			.contains("Reason: ", reason)
			.doesNotContain("Property: my.");
		assertThat(report.action()).contains(action);
	}

	@Test
	void allClientsThatThereAreAreNamed(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory,
				"mqtt.clients.eu.servers: mqtt://a\nmqtt.clients.us.servers: mqtt://a\n", output,
				ListenerMistakes.UnknownClient.class);
		assertThat(report.description()).contains("There is no client named 'nobody'; there are 'eu', 'us'.");
	}

	@Test
	void thePropertyThatAListenerIsDeclaredByIsNamedWithItsOrigin(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "my:\n  topic: a/#/b\n", output,
				ListenerMistakes.FromProperty.class);
		assertThat(report.description()).contains("Property: my.topic", "application.yml] - 2:10",
				"The topic filter 'a/#/b' cannot be subscribed");
	}

	@Test
	void thePropertyOfAnUnknownClientIsNamed(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "my:\n  client: nobody\n", output,
				ListenerMistakes.ClientFromProperty.class);
		assertThat(report.description()).contains("Property: my.client", "application.yml] - 2:11",
				"There is no client named 'nobody'");
	}

	@Test
	void thePropertyThatIsMissingIsNamed(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "", output, ListenerMistakes.FromProperty.class);
		assertThat(report.description()).contains("Property: my.topic", "Origin: none: it is not set",
				"A placeholder in 'topics' cannot be resolved");
	}

	@Test
	void anExceptionInAnExpressionIsNamedWithoutItsMessage(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "my.secret: hunter2\n", output,
				ListenerMistakes.ThrowingExpression.class);
		assertThat(report.description()).contains("cannot be evaluated", "java.lang.NumberFormatException");
		assertThat(report.output()).doesNotContain("hunter2");
	}

	@Test
	void aProxyWithoutTheMethodIsNamed(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "", output, Proxied.class);
		assertThat(report.description()).contains("Listener: HiddenListener.on of bean 'hidden'",
				"Its bean is a proxy that does not have the method.");
		assertThat(report.action()).contains("Declare the method in an interface of the bean");
	}

	@Test
	void anUnknownClientToInjectIsNamed(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "mqtt.clients.eu.servers: mqtt://a\n", output,
				WantsUnknownTemplate.class);
		assertThat(report.description()).contains("Parameter 0 of constructor in ",
				"required the MqttTemplate of an MQTT client named 'nobody', but the clients are: eu.");
		assertThat(report.action()).contains("declare the client with properties below mqtt.clients.nobody.");
	}

	@Test
	void aClientToInjectThatIsTurnedOffIsNamed(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "mqtt.enabled: false\n", output, WantsClient.class);
		assertThat(report.description()).contains("required the ManagedMqttClient of an MQTT client",
				"MQTT is turned off by mqtt.enabled=false from ", "application.yml] - 1:15");
		assertThat(report.action()).contains("Set mqtt.enabled=true");
	}

	@Test
	void connectionDetailsOfTheApplicationAreNamed(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, "", output, Nowhere.class);
		assertThat(report.description()).contains("The MqttConnectionDetails bean of type ", " names no server.");
		assertThat(report.action()).contains("Let its getServers() return URIs such as mqtt://broker-1:1883");
	}

	@Test
	void aVariableThatOnlySomeFiltersHaveMayBeOptionalAndOneThatNobodyWantsIsLeft() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, MqttListenerAutoConfiguration.class))
			.withPropertyValues("mqtt.auto-startup=false")
			.withUserConfiguration(Fine.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	static class Fine {

		@MqttListener(topics = { "a/{id}", "b" })
		void some(@DestinationVariable Optional<String> id) {
		}

		@MqttListener(topics = { "c/{id}", "d" })
		void nullable(@DestinationVariable @Nullable String id) {
		}

		@MqttListener(topics = "e/{id}")
		void none(String text) {
		}

	}

	interface Hidden {

	}

	static class HiddenListener implements Hidden {

		@MqttListener(topics = "a")
		void on(String text) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxied {

		@Bean
		Hidden hidden() {
			ProxyFactory factory = new ProxyFactory(new HiddenListener());
			factory.setInterfaces(Hidden.class);
			factory.addAdvice((MethodInterceptor) (invocation) -> invocation.proceed());
			return (Hidden) factory.getProxy();
		}

	}

	static class WantsUnknownTemplate {

		WantsUnknownTemplate(@Qualifier("nobody") MqttTemplate template) {
		}

	}

	static class WantsClient {

		WantsClient(ManagedMqttClient client) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Nowhere {

		@Bean
		MqttConnectionDetails nowhere() {
			return List::of;
		}

	}

}
