package io.github.mqttspringboot.testing;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets each wait for a state take as long as a busy machine needs: what holds is seen as
 * soon as it holds, and a limit that only a quiet machine keeps would test the machine.
 */
public final class PatienceExtension implements BeforeAllCallback {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.setDefaultTimeout(PATIENCE);
	}

}
