package io.github.mqttspringboot.autoconfigure;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GeneratedClientId}.
 */
class GeneratedClientIdTests {

	@Test
	void itIsTheNameOfTheApplicationAndEightCharacters() {
		assertThat(GeneratedClientId.of("meter-gateway", "default")).matches("meter-gateway-[a-z0-9]{8}");
	}

	@Test
	void itIsMqttAndEightCharactersWithoutTheNameOfAnApplication() {
		assertThat(GeneratedClientId.of(null, "default")).matches("mqtt-[a-z0-9]{8}");
		assertThat(GeneratedClientId.of(" ", "default")).matches("mqtt-[a-z0-9]{8}");
	}

	@Test
	void eachClientHasItsOwn() {
		assertThat(GeneratedClientId.of("a", "telemetry")).matches("a-[a-z0-9]{8}")
			.isNotEqualTo(GeneratedClientId.of("a", "default"));
	}

	@Test
	void itStaysTheSame() {
		assertThat(GeneratedClientId.of("a", "default")).isEqualTo(GeneratedClientId.of("a", "default"));
	}

}
