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
 * {@link MqttConnectionDetails} from {@link MqttClientProperties}.
 */
class PropertiesMqttConnectionDetails implements MqttConnectionDetails {

	private final String prefix;

	private final List<URI> servers;

	private final @Nullable String username;

	private final @Nullable String password;

	private final @Nullable SslBundle sslBundle;

	PropertiesMqttConnectionDetails(String prefix, MqttClientProperties properties, @Nullable SslBundles sslBundles) {
		this.prefix = prefix;
		this.servers = servers(properties.getServers(), properties.getSsl());
		this.username = properties.getUsername();
		this.password = properties.getPassword();
		this.sslBundle = sslBundle(properties.getSsl(), sslBundles);
	}

	private List<URI> servers(List<String> values, MqttClientProperties.Ssl ssl) {
		if (values.isEmpty()) {
			throw invalid("servers", "", "There is no server.", ServerUri.action(this.prefix));
		}
		List<URI> servers = new ArrayList<>();
		for (String value : values) {
			try {
				servers.add(ServerUri.parse(value, ssl.isEnabled()));
			}
			catch (IllegalArgumentException ex) {
				throw invalid("servers", ServerUri.mask(value, values), ServerUri.reason(ex, values),
						ServerUri.action(this.prefix));
			}
		}
		return List.copyOf(servers);
	}

	private @Nullable SslBundle sslBundle(MqttClientProperties.Ssl ssl, @Nullable SslBundles sslBundles) {
		String name = ssl.getBundle();
		if (!StringUtils.hasText(name)) {
			return null;
		}
		if (sslBundles == null) {
			throw invalid("ssl.bundle", name, "There is no SslBundles bean.",
					"Do not exclude SslAutoConfiguration, or define the bean.");
		}
		try {
			return sslBundles.getBundle(name);
		}
		catch (NoSuchSslBundleException ex) {
			throw invalid("ssl.bundle", Printable.escape(name), "There is no such SSL bundle.",
					"Define it below spring.ssl.bundle, as in spring.ssl.bundle.pem.<name>. "
							+ (sslBundles.getBundleNames().isEmpty() ? "There is none at all."
									: "The bundles that exist are: " + sslBundles.getBundleNames() + "."));
		}
	}

	private InvalidMqttPropertyException invalid(String property, String value, @Nullable String reason,
			String action) {
		return new InvalidMqttPropertyException(this.prefix + "." + property, value, reason, action);
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
