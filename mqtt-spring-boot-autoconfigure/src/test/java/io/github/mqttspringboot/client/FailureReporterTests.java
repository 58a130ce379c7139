package io.github.mqttspringboot.client;

import java.io.IOException;
import java.io.UncheckedIOException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureReporter}, through a client on a fake wire.
 */
class FailureReporterTests {

	@Test
	void aCredentialsProviderThatThrowsIsTracedAtDebugWithoutMessages() {
		Logger logger = (Logger) LoggerFactory.getLogger(ManagedMqttClient.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		logger.setLevel(Level.DEBUG);
		try {
			credentialsThatFail();
			logger.setLevel(Level.INFO);
			credentialsThatFail();
		}
		finally {
			logger.setLevel(null);
			logger.detachAppender(log);
		}
		assertThat(log.list).filteredOn((line) -> line.getLevel() == Level.WARN)
			.hasSize(2)
			.allSatisfy((line) -> assertThat(line.getFormattedMessage()).contains("CREDENTIALS_UNAVAILABLE",
					"java.lang.IllegalStateException", "DEBUG", "io.github.mqttspringboot.client.ManagedMqttClient"));
		assertThat(log.list).filteredOn((line) -> line.getLevel() == Level.DEBUG).singleElement().satisfies((line) -> {
			assertThat(line.getFormattedMessage()).contains("MQTT client 'default'");
			assertThat(ThrowableProxyUtil.asString(line.getThrowableProxy())).contains(
					"java.lang.IllegalStateException", "at " + FailureReporterTests.class.getName() + ".vault(",
					"UnsupportedOperationException", "UncheckedIOException", "java.io.IOException");
		});
		assertThat(log.list).allSatisfy((line) -> {
			assertThat(line.getFormattedMessage()).doesNotContain("hunter2");
			assertThat(ThrowableProxyUtil.asString(line.getThrowableProxy())).doesNotContain("hunter2");
			assertThat(line.getThrowableProxy() != null).isEqualTo(line.getLevel() == Level.DEBUG);
		});
	}

	private static void credentialsThatFail() {
		TestClient test = new TestClient((config) -> config.with((c) -> c.credentials = (name) -> vault())).start();
		Awaitility.await().until(() -> {
			test.time.run();
			return test.client.state() == ClientState.WAITING;
		});
	}

	private static MqttCredentials vault() {
		IOException root = new IOException("hunter2 is wrong");
		IllegalStateException failure = new IllegalStateException("password=hunter2",
				new UncheckedIOException("for hunter2", root));
		failure.addSuppressed(new UnsupportedOperationException("hunter2"));
		root.initCause(failure);
		throw failure;
	}

}
