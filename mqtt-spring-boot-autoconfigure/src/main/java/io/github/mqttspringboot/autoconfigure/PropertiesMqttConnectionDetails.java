package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

import io.github.mqttspringboot.error.Printable;

/**
 * {@link MqttConnectionDetails} from {@link MqttProperties}.
 */
class PropertiesMqttConnectionDetails implements MqttConnectionDetails {

	private static final String BUNDLE = "mqtt.ssl.bundle";

	private final List<URI> servers;

	private final @Nullable String username;

	private final @Nullable String password;

	private final @Nullable SslBundle sslBundle;

	PropertiesMqttConnectionDetails(MqttProperties properties, @Nullable SslBundles sslBundles) {
		this.servers = servers(properties.getServers(), properties.getSsl());
		this.username = properties.getUsername();
		this.password = properties.getPassword();
		this.sslBundle = sslBundle(properties.getSsl(), sslBundles);
	}

	private static List<URI> servers(List<String> values, MqttProperties.Ssl ssl) {
		if (values.isEmpty()) {
			throw new InvalidMqttPropertyException("mqtt.servers", "", "There is no server.", ServerUri.ACTION);
		}
		List<URI> servers = new ArrayList<>();
		for (String value : values) {
			try {
				servers.add(ServerUri.parse(value, ssl.isEnabled()));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidMqttPropertyException("mqtt.servers", ServerUri.mask(value, values),
						ServerUri.reason(ex, values), ServerUri.ACTION);
			}
		}
		return List.copyOf(servers);
	}

	private static @Nullable SslBundle sslBundle(MqttProperties.Ssl ssl, @Nullable SslBundles sslBundles) {
		String name = ssl.getBundle();
		if (!StringUtils.hasText(name)) {
			return null;
		}
		if (sslBundles == null) {
			throw new InvalidMqttPropertyException(BUNDLE, name, "There is no SslBundles bean.",
					"Do not exclude SslAutoConfiguration, or define the bean.");
		}
		try {
			return sslBundles.getBundle(name);
		}
		catch (NoSuchSslBundleException ex) {
			throw new InvalidMqttPropertyException(BUNDLE, Printable.escape(name), "There is no such SSL bundle.",
					"Define it below spring.ssl.bundle. The bundles that exist are: " + sslBundles.getBundleNames()
							+ ".");
		}
	}

	@Override
	public List<URI> getServers() {
		return this.servers;
	}

	@Override
	public @Nullable String getUsername() {
		return this.username;
	}

	@Override
	public @Nullable String getPassword() {
		return this.password;
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		return this.sslBundle;
	}

}
