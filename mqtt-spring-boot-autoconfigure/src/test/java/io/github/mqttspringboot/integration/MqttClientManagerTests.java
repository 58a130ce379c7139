package io.github.mqttspringboot.integration;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.integration.channel.NullChannel;
import org.springframework.integration.mqtt.inbound.Mqttv5PahoMessageDrivenChannelAdapter;
import org.springframework.messaging.converter.ByteArrayMessageConverter;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.FakeMqttClient;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.ReceivedMessage;
import io.github.mqttspringboot.client.SubscribeRequest;
import io.github.mqttspringboot.client.SubscribeResult;
import io.github.mqttspringboot.client.SubscriptionHolder;
import io.github.mqttspringboot.client.UnsubscribeResult;
import io.github.mqttspringboot.event.MqttConnectedEvent;
import io.github.mqttspringboot.packet.PublishProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link MqttClientManager} and who holds what.
 */
class MqttClientManagerTests {

	private final ManagedMqttClient client = mock();

	private MqttClientManager manager;

	@BeforeEach
	void create() {
		given(this.client.name()).willReturn("default");
		given(this.client.state()).willReturn(ClientState.CONNECTED);
		given(this.client.connection()).willReturn(new FakeMqttClient().connection());
		given(this.client.subscribe(any(SubscribeRequest[].class)))
			.willReturn(CompletableFuture.completedFuture(new SubscribeResult(List.of())));
		given(this.client.unsubscribe(any(SubscriptionHolder.class), any(String[].class)))
			.willReturn(CompletableFuture.completedFuture(new UnsubscribeResult(List.of())));
		create(true);
	}

	private void create(boolean cleanStart) {
		this.manager = new MqttClientManager(this.client, "mqtt://one", cleanStart);
		this.manager.setApplicationEventPublisher((event) -> {
		});
		this.manager.start();
	}

	@Test
	void eachAdapterIsAHolderWhateverItSubscribesAndWhenever() {
		Mqttv5PahoMessageDrivenChannelAdapter left = adapter("left", "a/#");
		Mqttv5PahoMessageDrivenChannelAdapter right = adapter("right", "a/#");
		left.addTopic("b", 1);
		left.connectComplete(true);
		List<SubscribeRequest> requests = requests();
		assertThat(requests).extracting((request) -> String.valueOf(request.holder()))
			.containsExactly("Spring Integration adapter 'left'", "Spring Integration adapter 'right'",
					"Spring Integration adapter 'left'", "Spring Integration adapter 'left'",
					"Spring Integration adapter 'left'");
		SubscriptionHolder leftHolder = requests.get(0).holder();
		SubscriptionHolder rightHolder = requests.get(1).holder();
		assertThat(requests.get(3).holder()).isSameAs(leftHolder).isNotSameAs(rightHolder);
		right.removeTopic("a/#");
		verify(this.client).unsubscribe(rightHolder, "a/#");
		left.stop();
		verify(this.client).unsubscribe(leftHolder, "a/#", "b");
		assertThat(right.isRunning()).isTrue();
	}

	@Test
	void whoeverElseSubscribesIsOneHolder() {
		adapter("left", "a/#");
		SharedMqttClient shared = (SharedMqttClient) this.manager.getClient();
		assertThat(shared).isNotNull();
		shared.subscribe("x", 1);
		shared.subscribe("y", 2);
		assertThat(requests()).extracting((request) -> String.valueOf(request.holder()))
			.containsExactly("Spring Integration adapter 'left'", "Spring Integration", "Spring Integration");
	}

	@Test
	void anAdapterThatIsRemovedAfterTheClientHasStoppedLeavesTheServerAlone() {
		Mqttv5PahoMessageDrivenChannelAdapter adapter = adapter("left", "a/#");
		given(this.client.state()).willReturn(ClientState.STOPPED);
		this.manager.removeCallback(adapter);
		verify(this.client, never()).unsubscribe(any(SubscriptionHolder.class), any(String[].class));
	}

	@ParameterizedTest
	@CsvSource({ "CONNECTED, true", "CONNECTED, false", "WAITING, true", "WAITING, false", "FAILED, false" })
	void anAdapterThatIsRemovedLetsGoWhatItHolds(ClientState state, boolean cleanStart) {
		create(cleanStart);
		Mqttv5PahoMessageDrivenChannelAdapter adapter = adapter("left", "a/#");
		given(this.client.state()).willReturn(state);
		this.manager.removeCallback(adapter);
		SubscriptionHolder holder = requests().get(0).holder();
		verify(this.client).unsubscribe(holder, "a/#");
	}

	@Test
	void anAdapterThatIsRemovedWhileTheClientIsStoppedLetsGoOnceThereIsAConnection() throws Exception {
		create(false);
		given(this.client.state()).willReturn(ClientState.STOPPED);
		Mqttv5PahoMessageDrivenChannelAdapter adapter = adapter("left", "a/#");
		SubscribeRequest early = requests().get(0);
		this.manager.removeCallback(adapter);
		verify(this.client, never()).unsubscribe(any(SubscriptionHolder.class), any(String[].class));
		given(this.client.state()).willReturn(ClientState.CONNECTED);
		assertThat(early.handler()).isNotNull();
		CompletionStage<?> processed = early.handler().handle(message());
		this.manager.onApplicationEvent(new MqttConnectedEvent(this.client, "default", "mqtt://one", false, true));
		verify(this.client).unsubscribe(early.holder(), "a/#");
		assertThat(processed).isCompleted();
		assertThat(early.handler().handle(message())).isNull();
	}

	@Test
	void messagesKeptForAnAdapterThatIsRemovedAreNotHeldForEver() throws Exception {
		create(false);
		given(this.client.state()).willReturn(ClientState.STOPPED);
		Mqttv5PahoMessageDrivenChannelAdapter adapter = adapter("left", "a/#");
		SubscribeRequest early = requests().get(0);
		given(this.client.state()).willReturn(ClientState.CONNECTED);
		assertThat(early.handler()).isNotNull();
		CompletionStage<?> processed = early.handler().handle(message());
		assertThat(processed).isNotCompleted();
		this.manager.removeCallback(adapter);
		verify(this.client).unsubscribe(early.holder(), "a/#");
		assertThat(processed).isCompleted();
		assertThat(early.handler().handle(message())).isNull();
	}

	private static ReceivedMessage message() {
		PublishProperties properties = new PublishProperties(null, null, null, null, null, List.of(), List.of(), null);
		return new ReceivedMessage("a/b", new byte[0], 1, false, false, properties);
	}

	private List<SubscribeRequest> requests() {
		ArgumentCaptor<SubscribeRequest[]> calls = ArgumentCaptor.forClass(SubscribeRequest[].class);
		verify(this.client, atLeastOnce()).subscribe(calls.capture());
		List<SubscribeRequest> requests = new ArrayList<>();
		calls.getAllValues().forEach((call) -> requests.addAll(List.of(call)));
		return requests;
	}

	private Mqttv5PahoMessageDrivenChannelAdapter adapter(String name, String... filters) {
		Mqttv5PahoMessageDrivenChannelAdapter adapter = new Mqttv5PahoMessageDrivenChannelAdapter(this.manager,
				filters);
		adapter.setBeanName(name);
		adapter.setBeanFactory(new DefaultListableBeanFactory());
		adapter.setApplicationEventPublisher((event) -> {
		});
		adapter.setMessageConverter(new ByteArrayMessageConverter());
		adapter.setOutputChannel(new NullChannel());
		adapter.afterPropertiesSet();
		adapter.start();
		return adapter;
	}

}
