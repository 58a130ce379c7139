package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttClientInterceptor}.
 */
class MqttClientInterceptorTests {

	private final TestClient test = new TestClient();

	private final List<String> seen = new ArrayList<>();

	private @Nullable RuntimeException thrown;

	MqttClientInterceptorTests() {
		this.test.client.setInterceptor(new Recording());
	}

	@Test
	void theMessageOfTheInterceptorIsPublished() {
		this.test.connect();
		this.test.client.publish(PublishRequest.to("a").qos(1).build());
		this.test.time.run();
		assertThat(this.seen).containsExactly("publish a");
		assertThat(published()).singleElement()
			.satisfies((packet) -> assertThat(packet.properties().contentType()).isEqualTo("intercepted"));
	}

	@Test
	void whatAnInterceptorThrowsFailsThePublish() {
		this.test.connect();
		this.thrown = new IllegalStateException("broken");
		assertThat(this.test.client.publish(PublishRequest.to("a").qos(1).build())).isCompletedExceptionally();
		this.test.time.run();
		assertThat(published()).isEmpty();
	}

	@Test
	void itGoesAroundHandlersOnly() {
		this.test.connect();
		this.test.client.subscribe(SubscribeRequest.to("a").handler((message) -> this.seen.add("handled")).build(),
				SubscribeRequest.to("b").build());
		this.test.time.run();
		assertThat(this.seen).containsExactly("around a");
		this.test.receive(new Publish(0, "a", 0, false, false, PublishProperties.NONE, new byte[0]));
		assertThat(this.seen).containsExactly("around a", "before a", "handled");
	}

	@Test
	void itDoesNotSeeWhatIsNotToBeObserved() {
		this.test.connect();
		this.test.client.publish(PublishRequest.to("a").qos(1).observed(false).build());
		this.test.client
			.subscribe(SubscribeRequest.to("a").handler((message) -> this.seen.add("handled")).observed(false).build());
		this.test.time.run();
		this.test.receive(new Publish(0, "a", 0, false, false, PublishProperties.NONE, new byte[0]));
		assertThat(this.seen).containsExactly("handled");
		assertThat(published()).hasSize(1);
	}

	private List<Publish> published() {
		return this.test.link().sent(PacketType.PUBLISH).stream().map(Publish.class::cast).toList();
	}

	/** Writes down what it sees, and changes what is published. */
	private final class Recording implements MqttClientInterceptor {

		@Override
		public CompletableFuture<PublishResult> publish(ManagedMqttClient client, PublishRequest request,
				Function<PublishRequest, CompletableFuture<PublishResult>> publishing) {
			if (MqttClientInterceptorTests.this.thrown != null) {
				throw MqttClientInterceptorTests.this.thrown;
			}
			assertThat(client).isSameAs(MqttClientInterceptorTests.this.test.client);
			MqttClientInterceptorTests.this.seen.add("publish " + request.topic());
			return publishing.apply(request.mutate().contentType("intercepted").build());
		}

		@Override
		public MessageHandler around(ManagedMqttClient client, SubscribeRequest request, MessageHandler handler) {
			MqttClientInterceptorTests.this.seen.add("around " + request.filter());
			return (message) -> {
				MqttClientInterceptorTests.this.seen.add("before " + message.topic());
				return handler.handle(message);
			};
		}

	}

}
