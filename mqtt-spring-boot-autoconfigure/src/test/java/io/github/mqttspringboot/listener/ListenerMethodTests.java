package io.github.mqttspringboot.listener;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.annotation.MqttListenerConfigurer;
import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.MqttListenerAutoConfiguration;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeRequest.RetainHandling;
import io.github.mqttspringboot.core.MqttMessageHeaders;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttListener} methods: what they are called with, and what becomes of
 * their results and failures.
 */
class ListenerMethodTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final RecordingClient client = new RecordingClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, MqttAutoConfiguration.class,
				MqttListenerAutoConfiguration.class))
		.withBean("mqttClient", RecordingClient.class, () -> this.client)
		.withPropertyValues("mqtt.listener.retry.delay=1ms", "mqtt.listener.dead-letter-topic=dead");

	@Test
	void aMethodHasTheArgumentsThatItAsksFor() {
		run(Arguments.class, (context) -> {
			assertThat(this.client.deliver("a/b/c", "{\"value\":7}", 1,
					RecordingClient.properties("application/json", "answers", new UserProperty("trace", "42"))))
				.succeedsWithin(PATIENCE);
			assertThat(context.getBean(Arguments.class).seen).containsExactly("b", 7, "a/b/c", "42", "answers",
					"{\"value\":7}", 7, "a/b/c", true);
		});
	}

	@Test
	void textIsTextWhateverItsContentType() {
		run(Text.class, (context) -> {
			assertThat(
					this.client.deliver("a", "{\"value\":7}", 1, RecordingClient.properties("application/json", null)))
				.succeedsWithin(PATIENCE);
			assertThat(this.client.deliver("a", "x", 1, RecordingClient.properties("no mime type", null)))
				.succeedsWithin(PATIENCE);
			assertThat(context.getBean(Text.class).texts).containsExactly("{\"value\":7}", "x");
		});
	}

	@Test
	void anObjectIsReadFromJsonWithoutAContentType() {
		run(Objects.class, (context) -> {
			assertThat(this.client.deliver("a", "{\"value\":7}", 1)).succeedsWithin(PATIENCE);
			assertThat(context.getBean(Objects.class).readings).containsExactly(new Reading(7));
		});
	}

	@Test
	void aPayloadThatCannotBeConvertedIsADeadLetterAtOnce() {
		run(Objects.class, (context) -> {
			CompletableFuture<?> acknowledged = this.client.deliver("a", "{nonsense", 1);
			MqttListenerException failure = failure(acknowledged);
			assertThat(failure.getAttempts()).isOne();
			assertThat(failure).hasCauseInstanceOf(MessageConversionException.class);
			assertThat(this.client.allPublished()).extracting(PublishRequest::topic).containsExactly("dead");
			assertThat(context.getBean(Objects.class).readings).isEmpty();
		});
	}

	@Test
	void aPayloadThatIsNotValidIsADeadLetterAtOnce() {
		this.runner.withUserConfiguration(Checked.class).withBean(NotNegative.class).run((context) -> {
			MqttListenerException failure = failure(this.client.deliver("a", "{\"value\":-1}", 1));
			assertThat(failure.getAttempts()).isOne();
			assertThat(failure).hasCauseInstanceOf(MethodArgumentNotValidException.class);
			assertThat(this.client.allPublished()).extracting(PublishRequest::topic).containsExactly("dead");
			assertThat(this.client.deliver("a", "{\"value\":1}", 1)).succeedsWithin(PATIENCE);
			assertThat(context.getBean(Checked.class).readings).containsExactly(new Reading(1));
		});
	}

	@Test
	void anEmptyPayloadIsNoBytesOrNoText() {
		run(Empty.class, (context) -> {
			for (String topic : List.of("bytes", "text", "bytes-message", "text-message", "optional")) {
				assertThat(deliverTo(context, topic)).succeedsWithin(PATIENCE);
			}
			assertThat(context.getBean(Empty.class).seen).containsExactly("bytes 0", "text ''", "bytes-message 0",
					"text-message '' on text-message", "optional null");
		});
	}

	@Test
	void anEmptyPayloadIsNoObject() {
		run(Empty.class, (context) -> {
			for (String topic : List.of("object", "object-message")) {
				MqttListenerException failure = failure(deliverTo(context, topic));
				assertThat(failure.getAttempts()).isOne();
				assertThat(failure).cause()
					.isInstanceOf(MessageConversionException.class)
					.hasMessageContaining("empty");
			}
			assertThat(context.getBean(Empty.class).seen).isEmpty();
		});
	}

	private CompletableFuture<?> deliverTo(AssertableApplicationContext context, String id) {
		MqttListenerContainer container = context.getBean(MqttListenerEndpointRegistry.class).getListenerContainer(id);
		assertThat(container).isNotNull();
		container.stop();
		container.start();
		return this.client.deliver(id, "", 1);
	}

	@Test
	void whatTheMethodThrowsIsTriedAgainEvenIfItIsAboutConversion() {
		run(Throwing.class, (context) -> {
			assertThat(failure(this.client.deliver("a", "x", 1)).getAttempts()).isEqualTo(3);
			assertThat(context.getBean(Throwing.class).calls).hasSize(3);
		});
	}

	@Test
	void aResultIsTheAnswerToTheRequest() {
		run(Answering.class, (context) -> {
			CompletableFuture<?> acknowledged = this.client.deliver("a", "x", 1,
					RecordingClient.properties(null, "answers"));
			context.getBean(Answering.class).answer.complete(new Reading(8));
			assertThat(acknowledged).succeedsWithin(PATIENCE);
			PublishRequest answer = this.client.allPublished().get(0);
			assertThat(answer.topic()).isEqualTo("answers");
			assertThat(answer.correlationData()).containsExactly(7);
			assertThat(answer.payload()).asString().isEqualTo("{\"value\":8}");
			assertThat(answer.contentType()).isEqualTo("application/json");
		});
	}

	@Test
	void aResultWithoutAResponseTopicGoesWhereTheMethodSays() {
		run(Answering.class, (context) -> {
			context.getBean(Answering.class).answer.complete(new Reading(8));
			assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(PATIENCE);
			assertThat(this.client.allPublished()).extracting(PublishRequest::topic).containsExactly("results");
		});
	}

	@Test
	void aResultThatIsAMessageKeepsItsHeaders() {
		run(Detailed.class, (context) -> {
			assertThat(this.client.deliver("a", "x", 1, RecordingClient.properties(null, "answers")))
				.succeedsWithin(PATIENCE);
			PublishRequest answer = this.client.allPublished().get(0);
			assertThat(answer.topic()).isEqualTo("answers");
			assertThat(answer.correlationData()).containsExactly(7);
			assertThat(answer.payload()).asString().isEqualTo("hi");
			assertThat(answer.qos()).isZero();
			assertThat(answer.retain()).isTrue();
			assertThat(answer.contentType()).isEqualTo("text/csv");
			assertThat(answer.userProperties()).containsExactly(new UserProperty("site", "north"));
		});
	}

	@Test
	void anAnswerIsNotRetainedUnlessItSaysSoNorAsksForOneByItself() {
		run(Echo.class, (context) -> {
			assertThat(this.client.deliver("a", "x", 1,
					RecordingClient.properties("text/plain", "answers", new UserProperty("k", "v"))))
				.succeedsWithin(PATIENCE);
			PublishRequest answer = this.client.allPublished().get(0);
			assertThat(answer.topic()).isEqualTo("answers");
			assertThat(answer.userProperties()).containsExactly(new UserProperty("k", "v"));
			assertThat(answer.responseTopic()).isNull();
			assertThat(answer.retain()).isFalse();
		});
		run(Handled.class, (context) -> {
			assertThat(this.client.deliver("a", "x", 1, RecordingClient.properties(null, "answers")))
				.succeedsWithin(PATIENCE);
			assertThat(this.client.allPublished().get(1).retain()).isFalse();
		});
	}

	@Test
	void aRefusedAnswerIsReportedAndTheMethodNotCalledAgain() {
		run(Answering.class, (context) -> {
			this.client.refusals
				.add(new MqttPublishRejectedException("refused", MqttFailure.of(PacketType.PUBACK, 0x87).build(),
						new Classification(ErrorClass.RECOVERABLE, "default")));
			context.getBean(Answering.class).answer.complete(new Reading(8));
			MqttListenerException failure = failure(this.client.deliver("a", "x", 1));
			assertThat(failure.getOutcome()).contains("processed", "not answered");
			assertThat(failure).hasRootCauseInstanceOf(MqttPublishRejectedException.class);
			assertThat(this.client.allPublished()).extracting(PublishRequest::topic).containsExactly("results");
		});
	}

	@Test
	void anErrorHandlersResultIsThatOfTheMethod() {
		run(Handled.class, (context) -> {
			assertThat(this.client.deliver("a", "x", 1, RecordingClient.properties(null, "answers")))
				.succeedsWithin(PATIENCE);
			PublishRequest answer = this.client.allPublished().get(0);
			assertThat(answer.topic()).isEqualTo("answers");
			assertThat(answer.payload()).asString().isEqualTo("sorry, a: broken");
			assertThat(this.client.deliver("a", "async", 1, RecordingClient.properties(null, "answers")))
				.succeedsWithin(PATIENCE);
			assertThat(this.client.allPublished().get(1).payload()).asString().isEqualTo("sorry, a: broken later");
			MqttListenerException failure = failure(this.client.deliver("a", "worse", 1));
			assertThat(failure.getAttempts()).isEqualTo(3);
			assertThat(failure.getCause()).hasMessage("handler: worse");
		});
	}

	@Test
	void annotationsMayBeRepeatedAndComposed() {
		run(Several.class, (context) -> {
			assertThat(this.client.subscribed).extracting(SubscribeRequest::filter)
				.containsExactlyInAnyOrder("one/+", "two", "$share/crew/work/+");
			MqttListenerEndpointRegistry registry = context.getBean(MqttListenerEndpointRegistry.class);
			assertThat(registry.getListenerContainerIds()).containsExactlyInAnyOrder("first",
					container(context) + ".two", "worker");
		});
	}

	private static String container(AssertableApplicationContext context) {
		return context.getBeanNamesForType(Several.class)[0];
	}

	@Test
	void attributesHavePlaceholdersAndExpressions() {
		this.runner.withUserConfiguration(Expressive.class)
			.withBean("names", ArrayList.class, () -> new ArrayList<>(List.of("x/{a}", "y/#")))
			.withPropertyValues("listener.topic=from/property", "listener.id=readings", "listener.concurrency=3",
					"listener.on=false")
			.run((context) -> {
				MqttListenerEndpointRegistry registry = context.getBean(MqttListenerEndpointRegistry.class);
				MqttListenerContainer container = registry.getListenerContainer("readings");
				assertThat(container).isNotNull();
				assertThat(container.getFilters()).containsExactly("from/property", "x/+", "y/#", "default");
				assertThat(container.isAutoStartup()).isFalse();
				assertThat(container.isRunning()).isFalse();
				container.start();
				assertThat(this.client.subscribed).hasSize(4).allSatisfy((request) -> {
					assertThat(request.qos()).isEqualTo(2);
					assertThat(request.noLocal()).isTrue();
					assertThat(request.retainAsPublished()).isTrue();
					assertThat(request.retainHandling()).isEqualTo(RetainHandling.DO_NOT_SEND);
				});
			});
	}

	@Test
	void aConfigurerAddsListenersThatAreNoMethods() {
		List<String> received = new CopyOnWriteArrayList<>();
		this.runner.withBean(MqttListenerConfigurer.class, () -> (registrar) -> registrar
			.registerEndpoint(MqttListenerEndpoint.withId("plain").topics("a").listener((message, ack) -> {
				received.add(new String(message.payload()));
				return null;
			}).build())).run((context) -> {
				assertThat(this.client.deliver("a", "x", 1)).succeedsWithin(PATIENCE);
				assertThat(received).containsExactly("x");
			});
	}

	@Test
	void aCustomizerChangesTheFactoryAndAFactoryOfTheApplicationReplacesIt() {
		this.runner.withUserConfiguration(Text.class)
			.withBean(MqttListenerContainerFactoryCustomizer.class,
					() -> (factory) -> factory.changeSettings((settings) -> settings.withAutoStartup(false)))
			.run((context) -> assertThat(this.client.subscribed).isEmpty());
		this.runner.withUserConfiguration(OwnFactory.class)
			.run((context) -> assertThat(this.client.subscribed).extracting(SubscribeRequest::filter)
				.containsExactly("own"));
	}

	@Test
	void theStopOfTheApplicationKeepsTheSubscriptionsAndTheNextStartGoesOn() {
		run(Text.class, (context) -> {
			MqttListenerEndpointRegistry registry = context.getBean(MqttListenerEndpointRegistry.class);
			assertThat(registry.getPhase()).isPositive();
			CompletableFuture<Void> stopped = new CompletableFuture<>();
			registry.stop(() -> stopped.complete(null));
			assertThat(stopped).succeedsWithin(PATIENCE);
			assertThat(registry.isRunning()).isFalse();
			assertThat(registry.getListenerContainers()).noneMatch(MqttListenerContainer::isRunning);
			assertThat(this.client.unsubscribed).isEmpty();
			registry.start();
			assertThat(registry.getListenerContainers()).allMatch(MqttListenerContainer::isRunning);
		});
	}

	private void run(Class<?> listeners, Consumer<AssertableApplicationContext> test) {
		this.runner.withUserConfiguration(listeners).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	private static MqttListenerException failure(CompletableFuture<?> acknowledged) {
		Awaitility.await().until(acknowledged::isDone);
		return (MqttListenerException) acknowledged.handle((result, ex) -> ex).join();
	}

	record Reading(int value) {

	}

	static class Arguments {

		private final List<Object> seen = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "a/{level}/c")
		void on(@DestinationVariable String level, @Payload Reading reading, ReceivedMessage received,
				@Header("trace") String trace, @Headers Map<String, Object> headers, Message<byte[]> message,
				Message<Reading> converted, @Header("mqtt_receivedTopic") String topic, Acknowledgment acknowledgment) {
			this.seen.addAll(List.of(level, reading.value(), received.topic(), trace,
					String.valueOf(headers.get("mqtt_responseTopic")), new String(message.getPayload()),
					converted.getPayload().value(), topic, acknowledgment != null));
		}

	}

	static class Text {

		private final List<String> texts = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "a")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class Objects {

		private final List<Reading> readings = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "a")
		void on(Reading reading) {
			this.readings.add(reading);
		}

	}

	static class Checked {

		private final List<Reading> readings = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "a")
		void on(@Validated Reading reading) {
			this.readings.add(reading);
		}

	}

	static class NotNegative implements Validator {

		@Override
		public boolean supports(Class<?> type) {
			return type == Reading.class;
		}

		@Override
		public void validate(Object target, Errors errors) {
			if (((Reading) target).value() < 0) {
				errors.reject("negative");
			}
		}

	}

	static class Throwing {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		@MqttListener(topics = "a")
		void on(String text) {
			this.calls.add(text);
			throw new MessageConversionException("of its own");
		}

	}

	static class Answering {

		private final CompletableFuture<Reading> answer = new CompletableFuture<>();

		@MqttListener(topics = "a")
		@SendTo("results")
		CompletableFuture<Reading> on(String text) {
			return this.answer;
		}

	}

	static class Detailed {

		@MqttListener(topics = "a")
		@SendTo("results")
		Message<String> on(String text) {
			return MessageBuilder.withPayload("hi")
				.setHeader("site", "north")
				.setHeader(MqttMessageHeaders.QOS, 0)
				.setHeader(MqttMessageHeaders.RETAINED, true)
				.setHeader(MqttMessageHeaders.TOPIC, "elsewhere")
				.setHeader(MessageHeaders.CONTENT_TYPE, "text/csv")
				.build();
		}

	}

	static class Echo {

		@MqttListener(topics = "a")
		Message<?> on(Message<?> message) {
			return message;
		}

	}

	static class Empty {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@MqttListener(id = "bytes", topics = "bytes")
		void bytes(byte[] payload) {
			this.seen.add("bytes " + payload.length);
		}

		@MqttListener(id = "text", topics = "text")
		void text(@Payload String payload) {
			this.seen.add("text '" + payload + "'");
		}

		@MqttListener(id = "bytes-message", topics = "bytes-message")
		void bytesMessage(Message<byte[]> message) {
			this.seen.add("bytes-message " + message.getPayload().length);
		}

		@MqttListener(id = "text-message", topics = "text-message")
		void textMessage(Message<String> message) {
			this.seen.add("text-message '" + message.getPayload() + "' on "
					+ message.getHeaders().get(MqttMessageHeaders.RECEIVED_TOPIC));
		}

		@MqttListener(id = "optional", topics = "optional")
		void optional(@Payload(required = false) @Nullable Reading reading) {
			this.seen.add("optional " + reading);
		}

		@MqttListener(id = "object", topics = "object")
		void object(Reading reading) {
			this.seen.add("object " + reading);
		}

		@MqttListener(id = "object-message", topics = "object-message")
		void objectMessage(Message<Reading> message) {
			this.seen.add("object-message " + message);
		}

	}

	static class Handled {

		@MqttListener(topics = "a", errorHandler = "apologies")
		CompletableFuture<String> on(String text) {
			if (text.equals("async")) {
				return CompletableFuture.supplyAsync(() -> {
					throw new IllegalStateException("broken later");
				});
			}
			throw new IllegalStateException(text.equals("worse") ? "worse" : "broken");
		}

		@Bean
		MqttListenerErrorHandler apologies() {
			return (message, exception) -> {
				if (String.valueOf(exception.getMessage()).equals("worse")) {
					throw new IllegalStateException("handler: worse");
				}
				return "sorry, " + message.getHeaders().get("mqtt_receivedTopic") + ": " + exception.getMessage();
			};
		}

	}

	static class Several {

		@MqttListener(id = "first", topics = "one/{x}")
		@MqttListener(topics = "two")
		void two(String text) {
		}

		@WorkListener(topics = "work/{job}")
		void work(@Nullable String text) {
		}

	}

	@MqttListener(topics = "", id = "worker", group = "crew")
	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@interface WorkListener {

		@AliasFor(annotation = MqttListener.class)
		String[] topics();

	}

	static class Expressive {

		@MqttListener(id = "${listener.id}", topics = { "${listener.topic}", "#{@names}", "${missing:default}" },
				qos = 2, concurrency = "${listener.concurrency}", autoStartup = "${listener.on}",
				ackMode = "#{'on' + '-receipt'}", noLocal = true, retainAsPublished = true,
				retainHandling = RetainHandling.DO_NOT_SEND)
		void on(String text) {
		}

	}

	static class OwnFactory {

		@MqttListener(topics = "own", containerFactory = "mine")
		void on(String text) {
		}

		@MqttListener(topics = "other")
		void other(String text) {
		}

		@Bean
		DefaultMqttListenerContainerFactory mine() {
			return new DefaultMqttListenerContainerFactory();
		}

		@Bean
		DefaultMqttListenerContainerFactory mqttListenerContainerFactory() {
			DefaultMqttListenerContainerFactory factory = new DefaultMqttListenerContainerFactory();
			factory.setSettings(MqttListenerSettings.defaults().withAutoStartup(false));
			return factory;
		}

	}

}
