package io.github.mqttspringboot.autoconfigure;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GeneratedClientId}.
 */
class GeneratedClientIdTests {

	@Test
	void itIsTheNameOfTheApplicationAndEightCharacters() {
		assertThat(GeneratedClientId.of("meter-gateway")).matches("meter-gateway-[a-z0-9]{8}");
	}

	@Test
	void itIsMqttAndEightCharactersWithoutTheNameOfAnApplication() {
		assertThat(GeneratedClientId.of(null)).matches("mqtt-[a-z0-9]{8}");
		assertThat(GeneratedClientId.of(" ")).matches("mqtt-[a-z0-9]{8}");
	}

	@Test
	void itStaysTheSame() {
		assertThat(GeneratedClientId.of("a")).isEqualTo(GeneratedClientId.of("a"));
	}

}
