package io.github.mqttspringboot.testcontainers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.testing.Certificates;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose test has a Mosquitto with TLS in a container.
 */
@SpringBootTest
@Testcontainers(disabledWithoutDocker = true)
class TlsContainersTests {

	private static final String AUTHORITY = "target/containers-tests-authority.crt";

	@Container
	@ServiceConnection("eclipse-mosquitto")
	@PemTrustStore(certificate = "file:" + AUTHORITY)
	static final MosquittoContainer mosquitto = MosquittoContainer.tls();

	static {
		// An annotation wants a constant
		try {
			Files.copy(Certificates.get().authority(), Path.of(AUTHORITY), StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Autowired
	private ManagedMqttClient client;

	@Test
	void theClientConnectsByTlsToTheContainer() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.client.state()).isEqualTo(ClientState.CONNECTED));
		assertThat(this.client.connection().server())
			.isEqualTo("mqtts://%s:%d".formatted(mosquitto.getHost(), mosquitto.getMappedPort(8883)));
		assertThat(this.client.publish(PublishRequest.to("a").payload("hello").qos(1).build()))
			.succeedsWithin(Duration.ofSeconds(10));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
