package io.github.mqttspringboot.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;

import io.github.mqttspringboot.annotation.EnableMqttListeners;
import io.github.mqttspringboot.annotation.MqttListener;
import io.github.mqttspringboot.autoconfigure.MqttAutoConfiguration;
import io.github.mqttspringboot.autoconfigure.MqttListenerAutoConfiguration;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.testing.LogCapture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttListener} methods of all kinds of beans, and for arguments of all
 * kinds.
 */
class ListenerBeanTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final RecordingClient client = new RecordingClient();

	private final List<Object> seen = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, MqttAutoConfiguration.class,
				MqttListenerAutoConfiguration.class))
		.withBean("mqttClient", RecordingClient.class, () -> this.client)
		.withBean("seen", Seen.class, () -> new Seen(this.seen))
		.withPropertyValues("mqtt.listener.retry.max-attempts=2", "mqtt.listener.retry.delay=1ms",
				"mqtt.listener.dead-letter-topic=dead");

	@Test
	void genericTypesAreReadFromJson() {
		this.runner.withUserConfiguration(Generic.class).run((context) -> {
			assertThat(deliver(context, "list", "[{\"value\":1},{\"value\":2}]")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "map", "{\"a\":{\"value\":3}}")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "message", "[{\"value\":4}]")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "box", "{\"content\":{\"value\":5}}")).succeedsWithin(PATIENCE);
			assertThat(this.seen).containsExactly(2, 3, 4, 5);
		});
	}

	@Test
	void simpleTypesAreReadFromJson() {
		this.runner.withUserConfiguration(Simple.class).run((context) -> {
			assertThat(deliver(context, "int", "7")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "double", "7.5")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "boolean", "true")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "enum", "\"ON\"")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "object", "x")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "characters", "text")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "characters", "")).succeedsWithin(PATIENCE);
			assertThat(this.seen).containsExactly(7, 7.5, true, Switch.ON, 1, "text", "");
		});
	}

	@Test
	void argumentsMayBeMissing() {
		this.runner.withUserConfiguration(Missing.class).run((context) -> {
			assertThat(deliver(context, "headers", "x")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "payload", "")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "payload", "{\"value\":6}")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "optional-text", "x")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "optional-text", "")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "optional-bytes", "x")).succeedsWithin(PATIENCE);
			assertThat(this.seen).containsExactly("null Optional.empty 5", "Optional.empty", "Optional[6]",
					"Optional[x]", "Optional.empty", 1);
			MqttListenerException failure = failure(deliver(context, "required", "x"));
			assertThat(failure.getAttempts()).isOne();
		});
	}

	@Test
	void aVariableThatIsNotOfItsTypeIsADeadLetterAtOnce() {
		this.runner.withUserConfiguration(Variables.class).run((context) -> {
			assertThat(deliver(context, "n/7/mid/x", "variables", "p")).succeedsWithin(PATIENCE);
			assertThat(this.seen).containsExactly("7 x");
			MqttListenerException failure = failure(deliver(context, "n/seven/mid/x", "variables", "p"));
			assertThat(failure.getAttempts()).isOne();
			assertThat(deliver(context, "s/north/r", "shared", "p")).succeedsWithin(PATIENCE);
			assertThat(this.seen).containsExactly("7 x", "north");
			assertThat(this.client.subscribed).extracting(SubscribeRequest::filter)
				.contains("n/+/+/+", "$share/hand/s/+/#");
		});
	}

	@Test
	void aListenerMayHaveAGroupOnAClientOfItsOwn() {
		RecordingClient other = new RecordingClient("other");
		this.runner.withUserConfiguration(Grouped.class)
			.withBean("otherClient", RecordingClient.class, () -> other, (definition) -> definition.setFallback(true))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.client.subscribed).isEmpty();
				assertThat(other.subscribed).extracting(SubscribeRequest::filter).containsExactly("$share/crew/g/+");
				assertThat(other.deliver("g/north", "x", 1)).succeedsWithin(PATIENCE);
				assertThat(this.seen).containsExactly("north");
			});
	}

	@Test
	void anErrorOfTheListenerIsAFailureLikeAnyOther() {
		this.runner.withUserConfiguration(Broken.class).run((context) -> {
			MqttListenerException failure = failure(deliver(context, "error", "x"));
			assertThat(failure.getAttempts()).isEqualTo(2);
			assertThat(failure).hasCauseInstanceOf(AssertionError.class);
			assertThat(this.client.allPublished()).extracting(PublishRequest::topic).containsExactly("dead");
		});
	}

	@Test
	void methodsMayBePrivateOrOfAFinalClass() {
		this.runner.withUserConfiguration(Closed.class).run((context) -> {
			assertThat(deliver(context, "private", "x")).succeedsWithin(PATIENCE);
			assertThat(this.seen).containsExactly("private x");
		});
	}

	@Test
	void inheritedMethodsKnowTheTypeOfTheirArguments() {
		this.runner.withUserConfiguration(Inheriting.class).run((context) -> {
			assertThat(deliver(context, "generic", "{\"value\":8}")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "default-method", "x")).succeedsWithin(PATIENCE);
			assertThat(deliver(context, "bridged", "{\"value\":9}")).succeedsWithin(PATIENCE);
			assertThat(this.seen).containsExactly(8, "default x", 9);
			assertThat(context.getBean(MqttListenerEndpointRegistry.class).getListenerContainerIds())
				.containsExactlyInAnyOrder("generic", "default-method", "bridged");
		});
	}

	@Test
	void aBeanWithAClassProxyIsCalledThroughIt() {
		this.runner.withUserConfiguration(Answering.class)
			.withBean(Proxying.class, () -> new Proxying(true))
			.run((context) -> {
				assertThat(deliver(context, "answering", "x")).succeedsWithin(PATIENCE);
				assertThat(this.seen).containsExactly("proxy", "xb");
				assertThat(this.client.allPublished()).extracting(PublishRequest::topic).containsExactly("results");
			});
	}

	@Test
	void aBeanWithAnInterfaceProxyIsCalledThroughItAndItsResultGoesWhereItsOwnMethodSays() {
		this.runner.withUserConfiguration(Answering.class)
			.withBean(Proxying.class, () -> new Proxying(false))
			.run((context) -> {
				assertThat(deliver(context, "answering", "x")).succeedsWithin(PATIENCE);
				assertThat(this.seen).containsExactly("proxy", "xb");
				assertThat(this.client.allPublished()).extracting(PublishRequest::topic).containsExactly("results");
			});
	}

	@Test
	void aLazyBeanListensOnceItIsThere() {
		this.runner.withUserConfiguration(LazyBeans.class).run((context) -> {
			MqttListenerEndpointRegistry registry = context.getBean(MqttListenerEndpointRegistry.class);
			assertThat(registry.getListenerContainerIds()).isEmpty();
			context.getBean("lazy");
			assertThat(registry.getListenerContainer("lazy.on")).isNotNull()
				.returns(true, MqttListenerContainer::isRunning);
			assertThat(deliver(context, "lazy.on", "x")).succeedsWithin(PATIENCE);
		});
	}

	@Test
	void eachInstanceOfAPrototypeListens() {
		this.runner.withUserConfiguration(LazyBeans.class).run((context) -> {
			context.getBean("prototype");
			context.getBean("prototype");
			MqttListenerEndpointRegistry registry = context.getBean(MqttListenerEndpointRegistry.class);
			assertThat(registry.getListenerContainerIds()).containsExactly("prototype.on", "prototype.on#2");
		});
	}

	@Test
	void aScopedBeanBehindAProxyListensOnce() {
		this.runner.withInitializer((context) -> {
			BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context.getBeanFactory();
			RootBeanDefinition definition = new RootBeanDefinition(Simplest.class);
			BeanDefinitionHolder proxy = ScopedProxyUtils
				.createScopedProxy(new BeanDefinitionHolder(definition, "scoped"), registry, true);
			registry.registerBeanDefinition("scoped", proxy.getBeanDefinition());
		}).run((context) -> {
			assertThat(context).hasNotFailed();
			MqttListenerEndpointRegistry registry = context.getBean(MqttListenerEndpointRegistry.class);
			assertThat(registry.getListenerContainerIds()).hasSize(1);
		});
	}

	@Test
	void aBeanOfAChildContextListensAndStopsWithIt() {
		this.runner.run((parent) -> {
			AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
			child.setParent(parent);
			child.register(Enabling.class, Simplest.class);
			child.refresh();
			assertThat(this.client.subscribed).extracting(SubscribeRequest::filter).containsExactly("simplest");
			assertThat(this.client.deliver("simplest", "x", 1)).succeedsWithin(PATIENCE);
			child.close();
			assertThat(this.client.unsubscribed).hasSize(1);
		});
	}

	@Test
	void anErrorHandlerMayAnswerLaterAndIsNotAskedAboutItsOwnAnswer() {
		this.runner.withUserConfiguration(Later.class).run((context) -> {
			for (String id : List.of("sync", "async")) {
				assertThat(deliver(context, id, "good")).succeedsWithin(PATIENCE);
				MqttListenerException failure = failure(deliver(context, id, "bad"));
				assertThat(failure.getAttempts()).isEqualTo(2);
				assertThat(failure.getCause()).hasMessage("so is the handler");
			}
			assertThat(this.seen).containsExactly("handler", "handler", "handler", "handler", "handler", "handler");
			assertThat(this.client.allPublished()).extracting((request) -> new String(request.payload()))
				.containsExactly("sorry", "bad", "sorry", "bad");
		});
	}

	@Test
	void aMethodThatCannotAcknowledgeByHandIsWarnedOf() {
		try (LogCapture log = LogCapture.start()) {
			this.runner.withUserConfiguration(ByHand.class)
				.withPropertyValues("mqtt.listener.ack-mode=manual")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(log.messages()).filteredOn((line) -> line.contains("no argument of type Acknowledgment"))
						.singleElement()
						.asString()
						.contains("ByHand.forgetful of bean ", "never acknowledged", "'ackMode'");
				});
		}
	}

	private CompletableFuture<?> deliver(AssertableApplicationContext context, String id, String payload) {
		return deliver(context, id, id, payload);
	}

	private CompletableFuture<?> deliver(AssertableApplicationContext context, String topic, String id,
			String payload) {
		assertThat(context).hasNotFailed();
		MqttListenerContainer container = Objects
			.requireNonNull(context.getBean(MqttListenerEndpointRegistry.class).getListenerContainer(id), id);
		container.stop();
		container.start();
		return this.client.deliver(topic, payload, 1,
				RecordingClient.properties(null, null, new UserProperty("a", "b")));
	}

	private static MqttListenerException failure(CompletableFuture<?> acknowledged) {
		Awaitility.await().until(acknowledged::isDone);
		return (MqttListenerException) acknowledged.handle((result, ex) -> ex).join();
	}

	record Seen(List<Object> list) {

		void add(@Nullable Object object) {
			this.list.add(object);
		}

	}

	record Reading(int value) {

	}

	record Box<T>(T content) {

	}

	enum Switch {

		ON, OFF

	}

	static class Generic {

		private final Seen seen;

		Generic(Seen seen) {
			this.seen = seen;
		}

		@MqttListener(id = "list", topics = "list")
		void list(List<Reading> readings) {
			this.seen.add(readings.get(1).value());
		}

		@MqttListener(id = "map", topics = "map")
		void map(@Payload Map<String, Reading> readings) {
			this.seen.add(readings.get("a").value());
		}

		@MqttListener(id = "message", topics = "message")
		void message(Message<List<Reading>> readings) {
			this.seen.add(readings.getPayload().get(0).value());
		}

		@MqttListener(id = "box", topics = "box")
		void box(Box<Reading> box) {
			this.seen.add(box.content().value());
		}

	}

	static class Simple {

		private final Seen seen;

		Simple(Seen seen) {
			this.seen = seen;
		}

		@MqttListener(id = "int", topics = "int")
		void integer(int number) {
			this.seen.add(number);
		}

		@MqttListener(id = "double", topics = "double")
		void decimal(Double number) {
			this.seen.add(number);
		}

		@MqttListener(id = "boolean", topics = "boolean")
		void truth(boolean truth) {
			this.seen.add(truth);
		}

		@MqttListener(id = "enum", topics = "enum")
		void choice(Switch choice) {
			this.seen.add(choice);
		}

		@MqttListener(id = "object", topics = "object")
		void object(Object payload) {
			this.seen.add(((byte[]) payload).length);
		}

		@MqttListener(id = "characters", topics = "characters")
		void characters(CharSequence payload) {
			this.seen.add(payload.toString());
		}

	}

	static class Missing {

		private final Seen seen;

		Missing(Seen seen) {
			this.seen = seen;
		}

		@MqttListener(id = "headers", topics = "headers")
		void headers(@Header(name = "x", required = false) @Nullable String nullable,
				@Header("y") Optional<String> optional, @Header(name = "z", defaultValue = "5") int number) {
			this.seen.add(nullable + " " + optional + " " + number);
		}

		@MqttListener(id = "payload", topics = "payload")
		void payload(Optional<Reading> reading) {
			this.seen.add(reading.map(Reading::value).toString());
		}

		@MqttListener(id = "optional-text", topics = "optional-text")
		void optionalText(Optional<String> text) {
			this.seen.add(text.toString());
		}

		@MqttListener(id = "optional-bytes", topics = "optional-bytes")
		void optionalBytes(@Payload Optional<byte[]> bytes) {
			this.seen.add(bytes.orElseThrow().length);
		}

		@MqttListener(id = "required", topics = "required")
		void required(@Header("missing") String missing) {
			this.seen.add("called");
		}

	}

	static class Variables {

		private final Seen seen;

		Variables(Seen seen) {
			this.seen = seen;
		}

		@MqttListener(id = "variables", topics = "n/{number}/+/{name}")
		void variables(@DestinationVariable int number, @DestinationVariable("name") String other) {
			this.seen.add(number + " " + other);
		}

		@MqttListener(id = "shared", topics = "$share/hand/s/{site}/#")
		void shared(@DestinationVariable String site) {
			this.seen.add(site);
		}

	}

	static class Grouped {

		private final Seen seen;

		Grouped(Seen seen) {
			this.seen = seen;
		}

		@MqttListener(topics = "g/{site}", client = "other", group = "crew")
		void on(@DestinationVariable String site) {
			this.seen.add(site);
		}

	}

	static class Broken {

		@MqttListener(id = "error", topics = "error")
		void on(String text) {
			throw new AssertionError("on purpose");
		}

	}

	static final class Closed {

		private final Seen seen;

		Closed(Seen seen) {
			this.seen = seen;
		}

		@MqttListener(id = "private", topics = "private")
		private void on(String text) {
			this.seen.add("private " + text);
		}

	}

	abstract static class Base<T> {

		@MqttListener(id = "generic", topics = "generic")
		void on(T payload) {
			handle(payload);
		}

		abstract void handle(T payload);

	}

	interface Defaults {

		@MqttListener(id = "default-method", topics = "default-method")
		default void byDefault(String text) {
			seen().add("default " + text);
		}

		Seen seen();

	}

	interface Handling<T> {

		void handles(T payload);

	}

	static class Inheriting extends Base<Reading> implements Defaults, Handling<Reading> {

		private final Seen seen;

		Inheriting(Seen seen) {
			this.seen = seen;
		}

		@Override
		void handle(Reading payload) {
			this.seen.add(payload.value());
		}

		@Override
		@MqttListener(id = "bridged", topics = "bridged")
		public void handles(Reading payload) {
			handle(payload);
		}

		@Override
		public Seen seen() {
			return this.seen;
		}

	}

	interface Service {

		String on(String text, String header);

	}

	static class Answering implements Service {

		private final Seen seen;

		Answering(Seen seen) {
			this.seen = seen;
		}

		@Override
		@MqttListener(id = "answering", topics = "answering")
		@SendTo("results")
		public String on(String text, @Header("a") String header) {
			this.seen.add(text + header);
			return "answer";
		}

	}

	static class Later {

		private final Seen seen;

		Later(Seen seen) {
			this.seen = seen;
		}

		@MqttListener(id = "sync", topics = "sync", errorHandler = "answeringLater")
		@SendTo("results")
		String sync(String text) {
			throw new IllegalStateException(text);
		}

		@MqttListener(id = "async", topics = "async", errorHandler = "answeringLater")
		@SendTo("results")
		CompletableFuture<String> async(String text) {
			return CompletableFuture.failedFuture(new IllegalStateException(text));
		}

		@Bean
		static MqttListenerErrorHandler answeringLater(Seen seen) {
			return (message, exception) -> {
				seen.add("handler");
				return ("good".equals(exception.getMessage())) ? CompletableFuture.completedFuture("sorry")
						: CompletableFuture.failedFuture(new IllegalStateException("so is the handler"));
			};
		}

	}

	static class ByHand {

		@MqttListener(topics = "a")
		void forgetful(String text) {
		}

		@MqttListener(topics = "b", qos = 0)
		void needsNone(String text) {
		}

		@MqttListener(topics = "c")
		void careful(String text, Acknowledgment acknowledgment) {
		}

		@MqttListener(topics = "d", ackMode = "auto")
		void automatic(String text) {
		}

	}

	/** Wraps as an auto-proxy creator does. */
	static class Proxying implements BeanPostProcessor {

		private final boolean ofClasses;

		Proxying(boolean ofClasses) {
			this.ofClasses = ofClasses;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (!(bean instanceof Answering answering)) {
				return bean;
			}
			ProxyFactory factory = new ProxyFactory(answering);
			factory.setProxyTargetClass(this.ofClasses);
			factory.addAdvice((org.aopalliance.intercept.MethodInterceptor) (invocation) -> {
				if (invocation.getMethod().getName().equals("on")) {
					answering.seen.add("proxy");
				}
				return invocation.proceed();
			});
			return factory.getProxy();
		}

	}

	static class LazyBeans {

		@Bean
		@Lazy
		Listening lazy() {
			return new Listening();
		}

		@Bean
		@Scope("prototype")
		Listening prototype() {
			return new Listening();
		}

	}

	static class Listening {

		@MqttListener(topics = "listening")
		void on(String text) {
		}

	}

	static class Simplest {

		@MqttListener(topics = "simplest")
		void on(String text) {
		}

	}

	@EnableMqttListeners
	static class Enabling {

	}

}
