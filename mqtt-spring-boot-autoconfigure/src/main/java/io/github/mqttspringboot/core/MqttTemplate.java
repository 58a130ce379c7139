package io.github.mqttspringboot.core;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationListener;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.Assert;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.core.MqttPublishInterceptor.Operation;
import io.github.mqttspringboot.event.MqttClientStateChangedEvent;
import io.github.mqttspringboot.packet.Topics;

/**
 * {@link MqttOperations} on a {@link ManagedMqttClient}. What is set is to be set before
 * the template is used. As a bean it hears of the client's stop; else requests in flight
 * end with their timeout.
 *
 * @since 0.1.0
 */
public class MqttTemplate implements MqttOperations, ApplicationListener<MqttClientStateChangedEvent>, DisposableBean {

	private static final Set<ClientState> STOPPED = Set.of(ClientState.STOPPING, ClientState.STOPPED,
			ClientState.FAILED);

	private final ManagedMqttClient client;

	private final Object lock = new Object();

	private PayloadWriter payloadWriter;

	private PayloadReader payloadReader;

	private @Nullable MqttPublishInterceptor interceptor;

	private @Nullable String defaultTopic;

	private @Nullable String replyTopic;

	private Duration requestTimeout = Duration.ofSeconds(30);

	private volatile @Nullable Requests requests;

	/**
	 * Create a template that publishes bytes and strings.
	 * @param client the client
	 */
	public MqttTemplate(ManagedMqttClient client) {
		this(client, null);
	}

	/**
	 * Create a template that publishes bytes, strings and what the converter takes.
	 * @param client the client
	 * @param messageConverter converts payloads to {@code byte[]} or {@link String} and
	 * may set the content type header, and converts replies; {@code null} for none
	 */
	public MqttTemplate(ManagedMqttClient client, @Nullable MessageConverter messageConverter) {
		Assert.notNull(client, "'client' must not be null");
		this.client = client;
		this.payloadWriter = new PayloadWriter(messageConverter);
		this.payloadReader = new PayloadReader(messageConverter);
	}

	/**
	 * Return the client.
	 * @return the client
	 */
	public final ManagedMqttClient getClient() {
		return this.client;
	}

	/**
	 * Set the message converter.
	 * @param messageConverter converts payloads to {@code byte[]} or {@link String} and
	 * may set the content type header, and converts replies; {@code null} for none
	 */
	public void setMessageConverter(@Nullable MessageConverter messageConverter) {
		this.payloadWriter = new PayloadWriter(messageConverter);
		this.payloadReader = new PayloadReader(messageConverter);
	}

	/**
	 * Set what sees each message before it is sent, instead of the interceptor that the
	 * client has.
	 * @param interceptor the interceptor; the default is {@code null} for none
	 */
	public void setPublishInterceptor(@Nullable MqttPublishInterceptor interceptor) {
		this.interceptor = interceptor;
	}

	/**
	 * Set the topic of messages that name none.
	 * @param defaultTopic the topic name; the default is {@code null} for none
	 */
	public void setDefaultTopic(@Nullable String defaultTopic) {
		this.defaultTopic = defaultTopic;
	}

	/**
	 * Set the topic on which replies come. No other client, of any instance of the
	 * application, may have the same.
	 * @param replyTopic the topic name; the default is {@code null} for
	 * {@code replies/<client-id>/<random>}
	 * @throws IllegalArgumentException if it is no topic name
	 */
	public void setReplyTopic(@Nullable String replyTopic) {
		String problem = (replyTopic != null) ? Topics.checkName(replyTopic) : null;
		Assert.isTrue(problem == null, () -> "The reply topic is not a valid topic name: the " + problem);
		this.replyTopic = replyTopic;
	}

	/**
	 * Set how long a request may take, from the call to its reply.
	 * @param requestTimeout the time, above zero; the default is 30 seconds
	 */
	public void setRequestTimeout(Duration requestTimeout) {
		Assert.isTrue(!requestTimeout.isNegative() && !requestTimeout.isZero(), "'requestTimeout' must be positive");
		this.requestTimeout = requestTimeout;
	}

	@Override
	public CompletableFuture<PublishResult> publish(String topic, Object payload) {
		return publish(topic, payload, MqttTemplate::asItIs);
	}

	@Override
	public CompletableFuture<PublishResult> publish(String topic, Object payload,
			Consumer<PublishRequest.Builder> customizer) {
		check(topic, payload, customizer);
		try {
			return publish(builder(topic, payload, customizer));
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	@Override
	public CompletableFuture<PublishResult> send(Message<?> message) {
		Assert.notNull(message, "'message' must not be null");
		try {
			String topic = HeaderWriter.topic(message.getHeaders(), this.defaultTopic);
			PublishRequest.Builder builder = PublishRequest.to(topic);
			this.payloadWriter.write(topic, message.getPayload(), message.getHeaders(), builder);
			HeaderWriter.write(message.getHeaders(), builder);
			return publish(builder);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletableFuture<PublishResult> publish(PublishRequest.Builder message) {
		Consumer<@Nullable Throwable> ended = intercept(Operation.PUBLISH, message);
		PublishRequest request = message.build();
		return (ended != null) ? told(ended, () -> this.client.publish(request)) : this.client.publish(request);
	}

	@Override
	public <T> CompletableFuture<T> request(String topic, Object payload, Class<T> replyType) {
		return request(topic, payload, replyType, MqttTemplate::asItIs);
	}

	@Override
	public <T> CompletableFuture<T> request(String topic, Object payload, Class<T> replyType,
			Consumer<PublishRequest.Builder> customizer) {
		Assert.notNull(replyType, "'replyType' must not be null");
		return doRequest(topic, payload, replyType, customizer);
	}

	@Override
	public <T> CompletableFuture<T> request(String topic, Object payload, ParameterizedTypeReference<T> replyType) {
		return request(topic, payload, replyType, MqttTemplate::asItIs);
	}

	@Override
	public <T> CompletableFuture<T> request(String topic, Object payload, ParameterizedTypeReference<T> replyType,
			Consumer<PublishRequest.Builder> customizer) {
		Assert.notNull(replyType, "'replyType' must not be null");
		return doRequest(topic, payload, replyType.getType(), customizer);
	}

	// The reader has checked that the reply is of the type
	@SuppressWarnings("unchecked")
	private <T> CompletableFuture<T> doRequest(String topic, Object payload, Type replyType,
			Consumer<PublishRequest.Builder> customizer) {
		check(topic, payload, customizer);
		try {
			PublishRequest.Builder message = builder(topic, payload, customizer);
			Consumer<@Nullable Throwable> ended = intercept(Operation.REQUEST, message);
			return (CompletableFuture<T>) ((ended != null) ? told(ended, () -> requests().send(message, replyType))
					: requests().send(message, replyType));
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private @Nullable Consumer<@Nullable Throwable> intercept(Operation operation, PublishRequest.Builder message) {
		MqttPublishInterceptor interceptor = this.interceptor;
		if (interceptor == null) {
			return null;
		}
		message.observed(false);
		return interceptor.intercept(this.client, operation, message);
	}

	private static <T> CompletableFuture<T> told(Consumer<@Nullable Throwable> ended,
			Supplier<CompletableFuture<T>> sending) {
		CompletableFuture<T> outcome;
		try {
			outcome = sending.get();
		}
		catch (RuntimeException ex) {
			ended.accept(ex);
			throw ex;
		}
		// The same future, not one that depends on it: it may be cancelled
		outcome.whenComplete((result, ex) -> ended.accept(ex));
		return outcome;
	}

	private Requests requests() {
		Requests requests = this.requests;
		if (requests == null) {
			synchronized (this.lock) {
				requests = this.requests;
				if (requests == null) {
					requests = new Requests(this.client, this.payloadReader, this.replyTopic, this.requestTimeout);
					this.requests = requests;
				}
			}
		}
		return requests;
	}

	/**
	 * Return how many messages came on the reply topic that answer no request, or no
	 * longer.
	 * @return the number since the template was made
	 */
	public long getUnmatchedReplyCount() {
		Requests requests = this.requests;
		return (requests != null) ? requests.unmatchedCount() : 0;
	}

	/**
	 * Return how many requests wait for their replies.
	 * @return the number
	 */
	public int getPendingRequestCount() {
		Requests requests = this.requests;
		return (requests != null) ? requests.pendingCount() : 0;
	}

	/**
	 * Fail the requests that wait for replies if the client has stopped.
	 */
	@Override
	public void onApplicationEvent(MqttClientStateChangedEvent event) {
		// One that has been started again since takes requests that are to live
		if (event.getSource() == this.client && STOPPED.contains(this.client.state())) {
			stopped();
		}
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	/**
	 * Fail the requests that wait for replies.
	 */
	@Override
	public void destroy() {
		stopped();
	}

	private void stopped() {
		Requests requests = this.requests;
		if (requests != null) {
			requests.stopped();
		}
	}

	private static void asItIs(PublishRequest.Builder builder) {
	}

	private static void check(String topic, Object payload, Consumer<PublishRequest.Builder> customizer) {
		Assert.notNull(topic, "'topic' must not be null");
		Assert.notNull(payload, "'payload' must not be null");
		Assert.notNull(customizer, "'customizer' must not be null");
	}

	private PublishRequest.Builder builder(String topic, Object payload, Consumer<PublishRequest.Builder> customizer) {
		PublishRequest.Builder builder = PublishRequest.to(topic);
		this.payloadWriter.write(topic, payload, null, builder);
		customizer.accept(builder);
		return builder;
	}

}
