package io.github.mqttspringboot.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishResult;
import io.github.mqttspringboot.core.MqttTemplate;
import io.github.mqttspringboot.listener.MqttListenerEndpointRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The order in which the application ends.
 */
class ShutdownTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@Test
	void aRequestThatIsUnderWayStillPublishes() throws Exception {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(SampleApplication.class,
				SlowController.class)
			.run("--server.port=0", "--sample.broker.port=0");
		ManagedMqttClient client = context.getBean(ManagedMqttClient.class);
		SlowController controller = context.getBean(SlowController.class);
		MqttListenerEndpointRegistry listeners = context.getBean(MqttListenerEndpointRegistry.class);
		String url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/slow";
		await().atMost(TIMEOUT).until(() -> client.state() == ClientState.CONNECTED);
		CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
		assertThat(controller.entered.await(30, TimeUnit.SECONDS)).isTrue();
		Thread closing = new Thread(context::close, "closing");
		closing.start();
		await().atMost(TIMEOUT).until(() -> !listeners.isRunning());
		assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
		controller.proceed.countDown();
		assertThat(response.get(30, TimeUnit.SECONDS).body()).isEqualTo("PUBACK SUCCESS");
		closing.join(TIMEOUT.toMillis());
		assertThat(client.state()).isEqualTo(ClientState.STOPPED);
	}

	@RestController
	static class SlowController {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch proceed = new CountDownLatch(1);

		private final MqttTemplate template;

		SlowController(MqttTemplate template) {
			this.template = template;
		}

		@GetMapping("/slow")
		String slow() throws Exception {
			this.entered.countDown();
			assertThat(this.proceed.await(30, TimeUnit.SECONDS)).isTrue();
			PublishResult result = this.template.publish("sample/last", "x").get(30, TimeUnit.SECONDS);
			return "PUBACK " + result.reasonCode();
		}

	}

}
