package io.github.mqttspringboot.autoconfigure;

import java.util.ResourceBundle;
import java.util.ServiceLoader;

import org.eclipse.paho.mqttv5.client.logging.JSR47Logger;
import org.eclipse.paho.mqttv5.client.logging.LoggerFactory;
import org.eclipse.paho.mqttv5.client.spi.NetworkModuleFactory;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.ResourceBundleHint;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MqttRuntimeHints}, against the Paho that is there.
 */
class MqttRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	MqttRuntimeHintsTests() {
		new MqttRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
	}

	@Test
	void everyNetworkModuleOfPahoCanBeFound() {
		String services = "META-INF/services/" + NetworkModuleFactory.class.getName();
		assertThat(getClass().getClassLoader().getResource(services)).isNotNull();
		assertThat(RuntimeHintsPredicates.resource().forResource(services)).accepts(this.hints);
		assertThat(ServiceLoader.load(NetworkModuleFactory.class)).hasSize(4)
			.allSatisfy((factory) -> assertThat(
					RuntimeHintsPredicates.reflection().onConstructorInvocation(factory.getClass().getConstructor()))
				.accepts(this.hints));
	}

	@Test
	void pahosLoggerCanBeMade() throws Exception {
		assertThat(LoggerFactory.getLogger("org.eclipse.paho.mqttv5.client.internal.nls.logcat", "any"))
			.isInstanceOf(JSR47Logger.class);
		assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(JSR47Logger.class.getConstructor()))
			.accepts(this.hints);
	}

	@Test
	void everyBundleAndEveryTypeIsThere() {
		assertThat(this.hints.resources().resourceBundleHints()).isNotEmpty()
			.extracting(ResourceBundleHint::getBaseName)
			.allSatisfy((name) -> assertThat(ResourceBundle.getBundle(name).keySet()).isNotEmpty());
		assertThat(this.hints.reflection().typeHints()).isNotEmpty()
			.allSatisfy((type) -> assertThat(Class.forName(type.getType().getName())).isNotNull());
	}

}
