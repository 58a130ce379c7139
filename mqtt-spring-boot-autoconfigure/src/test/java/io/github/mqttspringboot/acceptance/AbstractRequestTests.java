package io.github.mqttspringboot.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageBuilder;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.MqttNotConnectedException;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.core.MqttMessageHeaders;
import io.github.mqttspringboot.core.MqttMessageMapper;
import io.github.mqttspringboot.core.MqttTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Messages, requests and replies of the template over a real broker.
 */
abstract class AbstractRequestTests {

	private static final int CONCURRENT_REQUESTS = 1000;

	abstract String uri();

	@Test
	void eachOfManyConcurrentRequestsGetsItsOwnTypedReply() throws Exception {
		try (App asking = connected("asking"); App answering = connected("answering")) {
			subscribe(answering, "sum/#", (message) -> answer(answering, message));
			MqttTemplate template = asking.bean(MqttTemplate.class);
			List<CompletableFuture<Sum>> sums = new ArrayList<>();
			for (int i = 0; i < CONCURRENT_REQUESTS; i++) {
				sums.add(template.request("sum/" + i, new Question(i, 1), Sum.class));
			}
			for (int i = 0; i < CONCURRENT_REQUESTS; i++) {
				assertThat(sums.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(new Sum(i + 1));
			}
			assertThat(template.getPendingRequestCount()).isZero();
			assertThat(template.getUnmatchedReplyCount()).isZero();
			assertThat(asking.client().subscriptions()).hasSize(1);
			assertThat(asking.client().statistics().connections()).isOne();
		}
	}

	@Test
	void aReplyThatComesAfterAReconnectIsWaitedFor() throws Exception {
		try (App asking = connected("asking"); App answering = connected("answering")) {
			BlockingQueue<ReceivedMessage> requests = new LinkedBlockingQueue<>();
			subscribe(answering, "sum/#", requests::add);
			CompletableFuture<Sum> sum = asking.bean(MqttTemplate.class)
				.request("sum/x", new Question(1, 2), Sum.class);
			ReceivedMessage request = requests.poll(30, TimeUnit.SECONDS);
			asking.client().reconnect();
			Awaitility.await().untilAsserted(() -> assertThat(asking.client().statistics().connections()).isEqualTo(2));
			assertThat(sum).isNotDone();
			assertThat(request).isNotNull();
			answer(answering, request);
			assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(new Sum(3));
		}
	}

	@Test
	void aStopEndsTheWaitAtOnce() throws Exception {
		try (App asking = connected("asking"); App answering = connected("answering")) {
			BlockingQueue<ReceivedMessage> requests = new LinkedBlockingQueue<>();
			subscribe(answering, "sum/#", requests::add);
			CompletableFuture<Sum> sum = asking.bean(MqttTemplate.class)
				.request("sum/x", new Question(1, 2), Sum.class);
			assertThat(requests.poll(30, TimeUnit.SECONDS)).isNotNull();
			asking.client().stop();
			assertFailed(sum, MqttNotConnectedException.class).hasMessageContaining("sum/x");
		}
	}

	@Test
	void theEndOfTheApplicationEndsTheWait() throws Exception {
		CompletableFuture<String> sum;
		try (App asking = connected("asking")) {
			MqttTemplate template = asking.bean(MqttTemplate.class);
			sum = template.request("nobody/listens", "x", String.class);
			Awaitility.await().untilAsserted(() -> assertThat(asking.client().subscriptions()).hasSize(1));
		}
		assertFailed(sum, MqttNotConnectedException.class);
	}

	@Test
	void aRequestThatTheBrokerRefusesFailsWithTheReason() {
		try (App asking = connected("asking")) {
			MqttTemplate template = asking.bean(MqttTemplate.class);
			assertFailed(template.request("denied/x", "x", String.class), MqttPublishRejectedException.class)
				.hasMessageContaining("0x87");
			assertThat(template.getPendingRequestCount()).isZero();
			assertThat(asking.client().state()).isEqualTo(ClientState.CONNECTED);
		}
	}

	@Test
	void aMessageArrivesWithItsHeadersAndItsType() throws Exception {
		try (App app = connected("gateway")) {
			BlockingQueue<ReceivedMessage> messages = new LinkedBlockingQueue<>();
			subscribe(app, "meters/+", messages::add);
			app.bean(MqttTemplate.class)
				.send(MessageBuilder.withPayload(new Question(3, 4))
					.setHeader(MqttMessageHeaders.TOPIC, "meters/7")
					.setHeader(MqttMessageHeaders.QOS, 1)
					.setHeader(MqttMessageHeaders.RESPONSE_TOPIC, "r")
					.setHeader(MqttMessageHeaders.CORRELATION_DATA, new byte[] { 1 })
					.setHeader("site", "north")
					.build())
				.get(30, TimeUnit.SECONDS);
			ReceivedMessage received = messages.poll(30, TimeUnit.SECONDS);
			assertThat(received).isNotNull();
			Message<byte[]> message = new MqttMessageMapper().toMessage(received);
			assertThat(message.getHeaders()).containsEntry("mqtt_receivedTopic", "meters/7")
				.containsEntry("mqtt_receivedQos", 1)
				.containsEntry("mqtt_responseTopic", "r")
				.containsEntry("contentType", "application/json")
				.containsEntry("site", "north");
			assertThat(message.getHeaders().get("mqtt_correlationData")).isEqualTo(new byte[] { 1 });
			assertThat(converter(app).fromMessage(message, Question.class)).isEqualTo(new Question(3, 4));
		}
	}

	App connected(String clientId, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("mqtt.servers=" + uri(), "mqtt.client-id=" + clientId, "mqtt.publish.qos=1"));
		all.addAll(List.of(properties));
		return App.connected(all.toArray(String[]::new));
	}

	static AbstractThrowableAssert<?, ? extends Throwable> assertFailed(CompletableFuture<?> future,
			Class<? extends Throwable> type) {
		return assertThat(catchThrowable(() -> future.get(20, TimeUnit.SECONDS))).isInstanceOf(ExecutionException.class)
			.cause()
			.isInstanceOf(type);
	}

	private static void subscribe(App app, String filter, Consumer<ReceivedMessage> handler) throws Exception {
		app.client().subscribe(SubscribeRequest.to(filter).qos(1).handler(handler).build()).get(30, TimeUnit.SECONDS);
	}

	private static void answer(App app, ReceivedMessage request) {
		Object question = converter(app).fromMessage(new MqttMessageMapper().toMessage(request), Question.class);
		String responseTopic = request.properties().responseTopic();
		assertThat(responseTopic).isNotNull();
		app.bean(MqttTemplate.class)
			.publish(responseTopic, new Sum(((Question) question).a() + ((Question) question).b()),
					(message) -> message.correlationData(request.properties().correlationData()));
	}

	private static MessageConverter converter(App app) {
		return app.bean("mqttMessageConverter", MessageConverter.class);
	}

	record Question(int a, int b) {

	}

	record Sum(int value) {

	}

}
