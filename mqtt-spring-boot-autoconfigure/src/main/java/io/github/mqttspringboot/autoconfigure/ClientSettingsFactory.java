package io.github.mqttspringboot.autoconfigure;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.client.wire.Will;
import io.github.mqttspringboot.error.Printable;
import io.github.mqttspringboot.error.UserProperty;

/**
 * Makes {@link ClientSettings} of {@link MqttClientProperties}, and refuses values that
 * make no sense before anything is started with them.
 */
final class ClientSettingsFactory {

	private static final int TWO_BYTES = 65_535;

	private static final String SERVERS = "Let its getServers() return URIs such as mqtt://broker-1:1883, and the user "
			+ "name and password go to getUsername() and getPassword().";

	private static final Pattern KEY_MATERIAL = Pattern.compile("-----|\\R|[A-Za-z0-9+/=]{40}");

	private final PropertyChecks checks;

	private final @Nullable String applicationName;

	ClientSettingsFactory(String prefix, @Nullable String applicationName) {
		this.checks = new PropertyChecks(prefix);
		this.applicationName = applicationName;
	}

	ClientSettings create(String name, MqttClientProperties properties, MqttConnectionDetails connectionDetails) {
		boolean generated = !StringUtils.hasText(properties.getClientId());
		this.checks.optionalText("username", connectionDetails.getUsername());
		this.checks.notNegative("health.down-after", properties.getHealth().getDownAfter());
		return new ClientSettings(name, clientId(name, properties.getClientId()), generated, servers(connectionDetails),
				this.checks.seconds("keep-alive", properties.getKeepAlive(), TWO_BYTES),
				this.checks.positive("connect-timeout", properties.getConnectTimeout()), properties.isCleanStart(),
				this.checks.seconds("session-expiry", properties.getSessionExpiry(), PropertyChecks.FOUR_BYTES),
				this.checks.range("receive-maximum", properties.getReceiveMaximum(), 1, TWO_BYTES),
				maximumPacketSize(properties.getMaximumPacketSize()), properties.isRequestProblemInformation(),
				userProperties(properties), will(properties.getWill()),
				sslContext(connectionDetails, properties.getSsl().getBundle()), properties.isAutoStartup(),
				properties.getStartupMode(), this.checks.notNegative("startup-timeout", properties.getStartupTimeout()),
				this.checks.notNegative("log-interval", properties.getLogInterval()),
				this.checks.notNegative("incident-history", properties.getIncidentHistory()),
				reconnect(properties.getReconnect()), publish(properties.getPublish()),
				subscribe(properties.getSubscribe()), redirect(properties.getRedirect()),
				persistence(properties.getPersistence()), listener(properties.getListener()),
				poison(properties.getPoison()));
	}

	private ClientSettings.Poison poison(MqttClientProperties.Poison poison) {
		return new ClientSettings.Poison(poison.isEnabled(),
				this.checks.positive("poison.suspect-window", poison.getSuspectWindow()),
				this.checks.range("poison.max-strikes", poison.getMaxStrikes(), 1, Integer.MAX_VALUE));
	}

	private ClientSettings.Listener listener(MqttClientProperties.Listener listener) {
		return new ClientSettings.Listener(
				this.checks.range("listener.queue-capacity", listener.getQueueCapacity(), 1, Integer.MAX_VALUE));
	}

	private String clientId(String name, @Nullable String clientId) {
		return (StringUtils.hasText(clientId)) ? this.checks.text("client-id", clientId)
				: GeneratedClientId.of(this.applicationName, name);
	}

	private List<URI> servers(MqttConnectionDetails connectionDetails) {
		List<URI> servers = new ArrayList<>();
		List<URI> uris = connectionDetails.getServers();
		for (URI server : uris) {
			try {
				servers.add(ServerUri.parse(server.toString()));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidConnectionDetailsException(connectionDetails, "names the server "
						+ ServerUri.mask(server.toString(), uris) + ". " + ServerUri.reason(ex, uris), SERVERS);
			}
		}
		if (servers.isEmpty()) {
			throw new InvalidConnectionDetailsException(connectionDetails, "names no server.", SERVERS);
		}
		return servers;
	}

	private @Nullable SSLContext sslContext(MqttConnectionDetails connectionDetails, @Nullable String bundleName) {
		SslBundle bundle = connectionDetails.getSslBundle();
		if (bundle == null) {
			return null;
		}
		try {
			return new BundleSslContext(bundle);
		}
		catch (RuntimeException ex) {
			if (connectionDetails instanceof PropertiesMqttConnectionDetails) {
				throw this.checks.invalid("ssl.bundle", bundleName, "TLS cannot be set up with it: " + describe(ex),
						"Correct the SSL bundle '" + bundleName + "' below spring.ssl.bundle.");
			}
			throw new InvalidConnectionDetailsException(connectionDetails,
					"has an SSL bundle of no use for TLS: " + describe(ex), "Correct the SSL bundle of the bean.");
		}
	}

	// The last cause knows best. What is quoted may be the text of a private key
	private static String describe(RuntimeException failure) {
		Throwable last = NestedExceptionUtils.getMostSpecificCause(failure);
		String text = failure.getMessage() + ((last != failure) ? ": " + last.getMessage() : "");
		if (KEY_MATERIAL.matcher(text).find()) {
			int quoted = text.indexOf('\'');
			return (quoted >= 0) ? text.substring(0, quoted) + PropertyChecks.MASK + "."
					: last.getClass().getName() + ".";
		}
		return Printable.escape(text) + ".";
	}

	private @Nullable Long maximumPacketSize(@Nullable DataSize size) {
		if (size == null) {
			return null;
		}
		if (size.toBytes() < 1 || size.toBytes() > PropertyChecks.FOUR_BYTES) {
			throw this.checks.invalid("maximum-packet-size", size, "It is out of range.", "Use a size from 1B to "
					+ PropertyChecks.FOUR_BYTES + "B, or leave it out for the limit of the protocol.");
		}
		return size.toBytes();
	}

	private List<UserProperty> userProperties(MqttClientProperties properties) {
		List<UserProperty> userProperties = new ArrayList<>();
		properties.getUserProperties()
			.forEach((name, value) -> userProperties
				.add(new UserProperty(this.checks.text("user-properties." + Printable.escape(name), name),
						this.checks.hiddenText("user-properties." + Printable.escape(name), value))));
		return userProperties;
	}

	private @Nullable Will will(MqttClientProperties.Will will) {
		this.checks.range("will.qos", will.getQos(), 0, 2);
		this.checks.seconds("will.delay", will.getDelay(), PropertyChecks.FOUR_BYTES);
		Duration messageExpiry = will.getMessageExpiry();
		if (messageExpiry != null) {
			this.checks.seconds("will.message-expiry", messageExpiry, PropertyChecks.FOUR_BYTES);
		}
		this.checks.optionalText("will.content-type", will.getContentType());
		byte[] payload = will.getPayload().getBytes(StandardCharsets.UTF_8);
		if (payload.length > TWO_BYTES) {
			throw this.checks.invalid("will.payload", payload.length + " bytes", "It is too long.",
					"Use at most 65535 bytes.");
		}
		String topic = will.getTopic();
		if (topic == null) {
			requireNoWill(will);
			return null;
		}
		return new Will(this.checks.topicName("will.topic", topic), payload, will.getQos(), will.isRetain(),
				will.getDelay(), messageExpiry, will.getContentType());
	}

	private void requireNoWill(MqttClientProperties.Will will) {
		MqttClientProperties.Will none = new MqttClientProperties.Will();
		Map<String, Boolean> changed = new LinkedHashMap<>();
		changed.put("payload", !will.getPayload().equals(none.getPayload()));
		changed.put("qos", will.getQos() != none.getQos());
		changed.put("retain", will.isRetain() != none.isRetain());
		changed.put("delay", !will.getDelay().equals(none.getDelay()));
		changed.put("message-expiry", will.getMessageExpiry() != null);
		changed.put("content-type", will.getContentType() != null);
		changed.forEach((property, set) -> {
			if (set) {
				throw this.checks.invalid("will.topic", null,
						this.checks.name("will." + property) + " is set, but without a topic there is no will message.",
						"Set the topic that the will message is published to, or remove "
								+ this.checks.name("will." + property) + ".",
						"will." + property);
			}
		});
	}

	private ClientSettings.Reconnect reconnect(MqttClientProperties.Reconnect reconnect) {
		Duration baseDelay = this.checks.notNegative("reconnect.base-delay", reconnect.getBaseDelay());
		Duration floor = this.checks.notNegative("reconnect.floor", reconnect.getFloor());
		if (baseDelay.isZero() && floor.isZero()) {
			throw this.checks.invalid("reconnect.base-delay", "0s",
					"With " + this.checks.name("reconnect.floor")
							+ " of zero the client would reconnect without a pause.",
					"Use a positive duration such as 1s for one of them.", "reconnect.floor");
		}
		Duration throttledFloor = this.checks.positive("reconnect.throttled-floor", reconnect.getThrottledFloor());
		return new ClientSettings.Reconnect(baseDelay,
				this.checks.atLeastOne("reconnect.multiplier", reconnect.getMultiplier()),
				this.checks.notBelow("reconnect.max-delay", reconnect.getMaxDelay(), "reconnect.floor", floor), floor,
				throttledFloor,
				this.checks.notBelow("reconnect.throttled-max-delay", reconnect.getThrottledMaxDelay(),
						"reconnect.throttled-floor", throttledFloor),
				this.checks.notNegative("reconnect.initial-spread", reconnect.getInitialSpread()),
				this.checks.notNegative("reconnect.stable-after", reconnect.getStableAfter()),
				this.checks.notNegative("reconnect.max-attempts", reconnect.getMaxAttempts()),
				this.checks.notNegative("reconnect.probe-interval", reconnect.getProbeInterval()));
	}

	private ClientSettings.Publish publish(MqttClientProperties.Publish publish) {
		return new ClientSettings.Publish(this.checks.range("publish.qos", publish.getQos(), 0, 2), publish.isRetain(),
				this.checks.positive("publish.timeout", publish.getTimeout()),
				this.checks.range("publish.max-in-flight", publish.getMaxInFlight(), 1, TWO_BYTES),
				publish.getWhenDisconnected(), this.checks.notNegative("publish.buffer-size", publish.getBufferSize()),
				publish.getOnSessionLoss());
	}

	private ClientSettings.Subscribe subscribe(MqttClientProperties.Subscribe subscribe) {
		return new ClientSettings.Subscribe(this.checks.range("subscribe.qos", subscribe.getQos(), 0, 2),
				this.checks.positive("subscribe.timeout", subscribe.getTimeout()));
	}

	private ClientSettings.Redirect redirect(MqttClientProperties.Redirect redirect) {
		return new ClientSettings.Redirect(redirect.isEnabled(),
				RedirectHosts.read(this.checks, redirect.getAllowedHosts()));
	}

	private ClientSettings.Persistence persistence(MqttClientProperties.Persistence persistence) {
		String directory = persistence.getDirectory();
		if (persistence.getType() == PersistenceType.MEMORY) {
			return ClientSettings.Persistence.memory();
		}
		if (!StringUtils.hasText(directory)) {
			throw this.checks.invalid("persistence.directory", null,
					"The session is to be kept in files, but there is no directory for them.",
					"Set it to a directory that the application may write to and that outlives it, or set "
							+ this.checks.name("persistence.type") + " to memory.",
					"persistence.type");
		}
		return new ClientSettings.Persistence(PersistenceType.FILE, directory(directory));
	}

	private Path directory(String directory) {
		try {
			return Path.of(directory);
		}
		catch (InvalidPathException ex) {
			throw this.checks.invalid("persistence.directory", Printable.escape(directory),
					"It is not the name of a directory.",
					"Use a directory that the application may write to; it is made if it is not there.");
		}
	}

}
