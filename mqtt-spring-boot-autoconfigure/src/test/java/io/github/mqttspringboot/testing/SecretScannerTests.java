package io.github.mqttspringboot.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import io.github.mqttspringboot.client.ManagedMqttClient;
import io.github.mqttspringboot.client.PublishRequest;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SecretScanner}, and for {@link LogCapture} where it scans.
 */
class SecretScannerTests {

	private static final String SECRET = "hunter2?";

	private static final byte[] BYTES = SECRET.getBytes(StandardCharsets.UTF_8);

	private final SecretScanner scanner = new SecretScanner("another", SECRET);

	static Stream<Object> placesOfASecret() {
		IOException suppressed = new IOException("no message");
		suppressed.addSuppressed(new IOException(SECRET));
		return Stream.of("a " + SECRET + " b", new StringBuilder(SECRET), BYTES, SECRET.toCharArray(),
				Base64.getEncoder().encodeToString(BYTES), HexFormat.of().withUpperCase().formatHex(BYTES),
				Arrays.toString(BYTES), List.of(1, List.of(SECRET)), Map.of(SECRET, 1), Map.of("a", BYTES),
				Optional.of(BYTES), List.of(1, new Object[] { 1, BYTES }),
				new IOException("x", new IOException(SECRET)), suppressed, new Holder(BYTES),
				MqttFailure.local(LocalError.INTERNAL_ERROR).cause(new IOException(SECRET)).build(),
				PublishRequest.to("a").payload(BYTES).build());
	}

	@ParameterizedTest
	@MethodSource("placesOfASecret")
	void aSecretIsFoundWhereverItIs(Object place) {
		this.scanner.walk("here", place);
		assertThat(this.scanner.findings()).isNotEmpty()
			.allMatch((finding) -> finding.startsWith("here") && finding.contains("shows " + SECRET));
	}

	@Test
	void whatIsNoSecretIsNotFound() {
		Object[] circle = { "hunter", BYTES.length, null, null };
		circle[3] = circle;
		this.scanner.walk("here", circle);
		this.scanner.walk("here", PublishRequest.to("hunter1").payload("hunter3").build());
		assertThat(this.scanner.findings()).isEmpty();
	}

	@Test
	void aSecretIsFoundInALogFromItsMessageToItsKeyValues() {
		try (LogCapture log = LogCapture.start()) {
			var logger = LoggerFactory.getLogger(ManagedMqttClient.class);
			logger.trace("{}", SECRET);
			logger.info("a message without its argument", new Holder(BYTES));
			logger.info("a message", new IOException(SECRET));
			logger.atDebug().addKeyValue("key", SECRET).log("a message");
			log.scan(this.scanner);
		}
		assertThat(this.scanner.findings()).extracting((finding) -> finding.substring(0, finding.indexOf(" shows ")))
			.anyMatch((place) -> place.endsWith("ManagedMqttClient"))
			.anyMatch((place) -> place.contains("arguments[0].value()"))
			.anyMatch((place) -> place.contains("exception.getMessage()"))
			.anyMatch((place) -> place.contains("key values"));
	}

	/**
	 * Shows nothing in print.
	 *
	 * @param value what it holds
	 */
	@SuppressWarnings("ArrayRecordComponent")
	private record Holder(byte[] value) {

		@Override
		public String toString() {
			return "Holder";
		}

	}

}
