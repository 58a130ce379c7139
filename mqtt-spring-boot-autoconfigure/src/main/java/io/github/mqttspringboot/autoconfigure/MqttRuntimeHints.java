package io.github.mqttspringboot.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * What Paho does by name, and a native image must be told of: its network modules are
 * found by {@link java.util.ServiceLoader}, its logger and its messages by their names.
 */
class MqttRuntimeHints implements RuntimeHintsRegistrar {

	private static final String PAHO = "org.eclipse.paho.mqttv5.";

	private static final String MODULES = "META-INF/services/" + PAHO + "client.spi.NetworkModuleFactory";

	/** Paho asks for an instance of each. */
	private static final List<String> CREATED = List.of("client.internal.TCPNetworkModuleFactory",
			"client.internal.SSLNetworkModuleFactory", "client.websocket.WebSocketNetworkModuleFactory",
			"client.websocket.WebSocketSecureNetworkModuleFactory", "client.internal.ResourceBundleCatalog",
			"client.logging.JSR47Logger");

	private static final List<String> BUNDLES = List.of("common.nls.messages", "client.internal.nls.logcat");

	/** Paho asks whether they are there. */
	private static final List<String> LOOKED_UP = List.of("java.security.GeneralSecurityException",
			"java.util.ResourceBundle");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern(MODULES);
		CREATED.forEach((type) -> hints.reflection()
			.registerType(TypeReference.of(PAHO + type), MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS));
		BUNDLES.forEach((bundle) -> hints.resources().registerResourceBundle(PAHO + bundle));
		LOOKED_UP.forEach((type) -> hints.reflection().registerType(TypeReference.of(type)));
	}

}
