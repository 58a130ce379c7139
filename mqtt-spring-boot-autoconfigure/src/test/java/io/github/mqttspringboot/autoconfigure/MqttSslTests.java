package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.DefaultManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Wire;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.testing.Certificates;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code mqtt.ssl.*}.
 */
class MqttSslTests {

	private final RecordingWire wire = new RecordingWire();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean(Wire.class, () -> this.wire)
		.withPropertyValues("spring.ssl.bundle.pem.broker.truststore.certificate=" + Certificates.get().authority(),
				"spring.ssl.bundle.pem.broker.options.enabled-protocols=TLSv1.3",
				"spring.ssl.bundle.pem.broker.options.ciphers=TLS_AES_128_GCM_SHA256");

	@Test
	void withoutABundleTheContextIsTheJdks() {
		this.runner.withPropertyValues("mqtt.servers=mqtts://broker")
			.run((context) -> assertThat(request()).satisfies((request) -> {
				assertThat(request.server()).isEqualTo(URI.create("mqtts://broker:8883"));
				assertThat(request.sslContext()).isNull();
			}));
	}

	@Test
	void aBundleMeansTls() {
		this.runner.withPropertyValues("mqtt.servers=mqtt://broker", "mqtt.ssl.bundle=broker").run((context) -> {
			assertThat(request().server()).isEqualTo(URI.create("mqtts://broker:8883"));
			SSLContext ssl = request().sslContext();
			assertThat(ssl).isNotNull();
			assertThat(ssl.getDefaultSSLParameters().getProtocols()).containsExactly("TLSv1.3");
			assertThat(ssl.getDefaultSSLParameters().getCipherSuites()).containsExactly("TLS_AES_128_GCM_SHA256");
			assertThat(ssl.getProtocol()).isEqualTo("TLS");
		});
	}

	@Test
	void enabledMeansTls() {
		this.runner.withPropertyValues("mqtt.servers=ws://broker", "mqtt.ssl.enabled=true")
			.run((context) -> assertThat(request().server()).isEqualTo(URI.create("wss://broker:443/mqtt")));
	}

	@Test
	void disabledABundleIsForTheServersThatAskForTls() {
		this.runner
			.withPropertyValues("mqtt.servers=mqtt://a,mqtts://b", "mqtt.ssl.bundle=broker", "mqtt.ssl.enabled=false")
			.run((context) -> {
				assertThat(context.getBean(MqttConnectionDetails.class).getServers())
					.containsExactly(URI.create("mqtt://a:1883"), URI.create("mqtts://b:8883"));
				assertThat(request().sslContext()).isNotNull();
			});
	}

	@Test
	void connectionDetailsOfTheUserBringTheirOwnBundle() {
		MqttConnectionDetails mine = new MqttConnectionDetails() {

			@Override
			public List<URI> getServers() {
				return List.of(URI.create("mqtts://mine"));
			}

			@Override
			public SslBundle getSslBundle() {
				return trusting(SslOptions.of(null, new String[] { "TLSv1.2" }));
			}

		};
		this.runner.withBean(MqttConnectionDetails.class, () -> mine)
			.withPropertyValues("mqtt.ssl.bundle=nonsense")
			.run((context) -> {
				SSLContext ssl = request().sslContext();
				assertThat(ssl).isNotNull();
				assertThat(ssl.getDefaultSSLParameters().getProtocols()).containsExactly("TLSv1.2");
			});
	}

	@Test
	void anUnknownBundleIsExplained() {
		assertFailure("mqtt.ssl.bundle=nonsense", (analysis) -> {
			assertThat(analysis.getDescription()).contains("mqtt.ssl.bundle", "\"nonsense\"",
					"There is no such SSL bundle");
			assertThat(analysis.getAction()).contains("spring.ssl.bundle", "[broker]");
		}, "mqtt.servers=mqtts://broker");
	}

	@Test
	void aBundleThatCannotBeReadIsExplained() {
		assertFailure("mqtt.ssl.bundle=bad",
				(analysis) -> assertThat(analysis.getDescription()).contains("mqtt.ssl.bundle", "\"bad\"",
						"TLS cannot be set up with it"),
				"mqtt.servers=mqtts://broker",
				"spring.ssl.bundle.jks.bad.keystore.location=" + Certificates.get().keyStore(Certificates.CLIENT),
				"spring.ssl.bundle.jks.bad.keystore.type=PKCS12", "spring.ssl.bundle.jks.bad.keystore.password=wrong");
	}

	private void assertFailure(String property, Consumer<FailureAnalysis> analysis, String... others) {
		this.runner.withPropertyValues(others).withPropertyValues(property).run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(failure).isNotNull();
			FailureAnalysis result = new InvalidMqttPropertyFailureAnalyzer(null).analyze(failure);
			assertThat(result).isNotNull();
			analysis.accept(result);
		});
	}

	@Test
	void aReloadedBundleReconnects() {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("mine", trusting(SslOptions.NONE));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
			.withBean(Wire.class, () -> this.wire)
			.withBean(DefaultSslBundleRegistry.class, () -> registry)
			.withPropertyValues("mqtt.servers=mqtts://broker", "mqtt.ssl.bundle=mine", "mqtt.reconnect.floor=1h",
					"mqtt.reconnect.max-delay=2h")
			.run((context) -> {
				SSLContext ssl = request().sslContext();
				assertThat(ssl).isNotNull();
				this.wire.fail();
				registry.updateBundle("mine", trusting(SslOptions.of(null, new String[] { "TLSv1.2" })));
				Awaitility.await().until(() -> this.wire.requests.size() == 2);
				assertThat(this.wire.requests.get(1).sslContext()).isSameAs(ssl);
				assertThat(ssl.getDefaultSSLParameters().getProtocols()).containsExactly("TLSv1.2");
				DefaultManagedMqttClient client = context.getBean(DefaultManagedMqttClient.class);
				client.stop();
				registry.updateBundle("mine", trusting(SslOptions.NONE));
				assertStaysStopped(client);
				assertThat(ssl.getDefaultSSLParameters().getProtocols()).contains("TLSv1.3");
			});
	}

	@Test
	void aStopWinsOverABundleThatIsReloadedBeforeTheClientHearsOfTheStop() {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("mine", trusting(SslOptions.NONE));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
			.withBean(Wire.class, () -> this.wire)
			.withBean(DefaultSslBundleRegistry.class, () -> registry)
			.withPropertyValues("mqtt.servers=mqtts://broker", "mqtt.ssl.bundle=mine")
			.run((context) -> {
				request();
				CountDownLatch busy = new CountDownLatch(1);
				this.wire.busy = busy;
				registry.updateBundle("mine", trusting(SslOptions.NONE));
				Awaitility.await().until(() -> this.wire.requests.size() == 2);
				DefaultManagedMqttClient client = context.getBean(DefaultManagedMqttClient.class);
				client.stop(() -> {
				});
				registry.updateBundle("mine", trusting(SslOptions.NONE));
				busy.countDown();
				assertStaysStopped(client);
			});
	}

	private void assertStaysStopped(DefaultManagedMqttClient client) {
		// It is refused after all that the client was told before
		assertThat(client.publish(PublishRequest.to("a").build())).failsWithin(Duration.ofSeconds(10));
		assertThat(client.state()).isEqualTo(ClientState.STOPPED);
		assertThat(client.isRunning()).isFalse();
		assertThat(this.wire.requests).hasSize(2);
	}

	private static SslBundle trusting(SslOptions options) {
		SslStoreBundle stores = new JksSslStoreBundle(null, new JksSslStoreDetails("PKCS12", null,
				Certificates.get().keyStore(Certificates.CLIENT).toString(), Certificates.PASSWORD));
		return SslBundle.of(stores, SslBundleKey.NONE, options);
	}

	private ConnectRequest request() {
		Awaitility.await().until(() -> !this.wire.requests.isEmpty());
		return this.wire.requests.get(0);
	}

	/**
	 * Remembers what it was asked to open.
	 */
	private static final class RecordingWire implements Wire {

		private final List<ConnectRequest> requests = new CopyOnWriteArrayList<>();

		private volatile @Nullable WireListener listener;

		/** What the client's own thread waits for. */
		private volatile CountDownLatch busy = new CountDownLatch(0);

		@Override
		public WireConnection open(ConnectRequest request, WireListener newListener) {
			this.listener = newListener;
			this.requests.add(request);
			await(this.busy);
			return new WireConnection() {

				@Override
				public void send(MqttPacket packet) {
				}

				@Override
				public void disconnect(Disconnect disconnect) {
					abort();
				}

				@Override
				public long withdraw() {
					return 0;
				}

				@Override
				public void abort() {
					newListener.closed(MqttFailure.local(LocalError.CONNECTION_CLOSED).build());
				}

			};
		}

		private static void await(CountDownLatch latch) {
			try {
				latch.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		void fail() {
			WireListener current = this.listener;
			assertThat(current).isNotNull();
			current.closed(MqttFailure.local(LocalError.TLS_SERVER_NOT_TRUSTED).build());
		}

	}

}
