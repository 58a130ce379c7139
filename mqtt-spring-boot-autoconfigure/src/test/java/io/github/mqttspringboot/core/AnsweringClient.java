package io.github.mqttspringboot.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionStatus;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client whose server does what a test says.
 */
class AnsweringClient extends FakeMqttClient {

	final List<SubscribeRequest> subscribed = new ArrayList<>();

	CompletableFuture<SubscribeResult> subscription = CompletableFuture.completedFuture(new SubscribeResult(List.of()));

	CompletableFuture<PublishResult> publication = CompletableFuture
		.completedFuture(new PublishResult("a/b", 1, PacketType.PUBACK, 0, ReasonCode.SUCCESS, null, List.of()));

	ClientState state = ClientState.CONNECTED;

	/** What waits for {@link #release()}, {@code null} if nothing has to. */
	@Nullable BlockingQueue<Runnable> held;

	@Override
	public Executor futureExecutor() {
		return (this.held != null) ? this.held::add : super.futureExecutor();
	}

	/**
	 * Wait for a task of the executor and run it.
	 */
	void release() throws InterruptedException {
		assertThat(this.held).isNotNull();
		this.held.take().run();
	}

	@Override
	public ClientState state() {
		return this.state;
	}

	@Override
	public CompletableFuture<SubscribeResult> subscribe(SubscribeRequest... requests) {
		this.subscribed.addAll(List.of(requests));
		subscriptions(this.subscribed.stream()
			.map((request) -> new SubscriptionStatus(request.filter(), 1, SubscriptionStatus.State.ACTIVE, 1, null))
			.toArray(SubscriptionStatus[]::new));
		return this.subscription;
	}

	@Override
	public CompletableFuture<PublishResult> publish(PublishRequest request) {
		super.publish(request);
		return this.publication;
	}

	/**
	 * Answer a request.
	 * @param index its place among those published
	 * @param payload the payload of the reply
	 */
	void reply(int index, String payload) {
		reply(published().get(index).correlationData(), payload);
	}

	void reply(byte @Nullable [] correlationData, String payload) {
		SubscribeRequest subscription = this.subscribed.get(0);
		assertThat(subscription.handler()).isNotNull();
		PublishProperties properties = new PublishProperties(null, null, null, null, correlationData, List.of(),
				List.of(), null);
		try {
			subscription.handler()
				.handle(new ReceivedMessage(subscription.filter(), payload.getBytes(), 1, false, false, properties));
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
