package io.github.mqttspringboot.matrix;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientSettings;
import io.github.mqttspringboot.client.ClientSettings.Listener;
import io.github.mqttspringboot.client.ClientSettings.OnSessionLoss;
import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.Publish;
import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.ClientSettings.Redirect;
import io.github.mqttspringboot.client.ClientSettings.StartupMode;
import io.github.mqttspringboot.client.ClientSettings.Subscribe;
import io.github.mqttspringboot.client.ClientSettings.WhenDisconnected;
import io.github.mqttspringboot.client.FailingDisk;
import io.github.mqttspringboot.client.MqttConnectionOptionsCustomizer;
import io.github.mqttspringboot.client.MqttCredentialsProvider;

/**
 * How the client of a trial is set up. It reconnects within milliseconds; the delays of
 * RECONNECT and THROTTLED do not overlap.
 */
final class Setup {

	static final Duration RECONNECT_FLOOR = Duration.ofMillis(1);

	static final Duration RECONNECT_MAX = Duration.ofMillis(5);

	static final Duration THROTTLED_FLOOR = Duration.ofMillis(10);

	static final Duration THROTTLED_MAX = Duration.ofMillis(20);

	static final Duration PATIENCE = Duration.ofSeconds(20);

	List<URI> servers = List.of();

	Duration connectTimeout = PATIENCE;

	int receiveMaximum = 1000;

	@Nullable Long maximumPacketSize;

	Duration publishTimeout = PATIENCE;

	int maxInFlight = 1000;

	WhenDisconnected whenDisconnected = WhenDisconnected.BUFFER;

	int bufferSize = 1000;

	Duration probeInterval = Duration.ZERO;

	Redirect redirect = Redirect.disabled();

	Persistence persistence = Persistence.memory();

	/** What the files are on, {@code null} for the real disk. */
	@Nullable FailingDisk disk;

	@Nullable MqttCredentialsProvider credentials;

	@Nullable SSLContext sslContext;

	final List<MqttConnectionOptionsCustomizer> customizers = new ArrayList<>();

	void servers(String... uris) {
		this.servers = List.of(uris).stream().map(URI::create).toList();
	}

	ClientSettings settings(String name) {
		Reconnect reconnect = new Reconnect(RECONNECT_FLOOR, 1, RECONNECT_MAX, RECONNECT_FLOOR, THROTTLED_FLOOR,
				THROTTLED_MAX, RECONNECT_MAX, Duration.ofSeconds(30), 0, this.probeInterval);
		Publish publish = new Publish(1, false, this.publishTimeout, this.maxInFlight, this.whenDisconnected,
				this.bufferSize, OnSessionLoss.RESEND);
		return new ClientSettings(name, name, false, this.servers, Duration.ofSeconds(60), this.connectTimeout, true,
				Duration.ofMinutes(5), this.receiveMaximum, this.maximumPacketSize, true, List.of(), null,
				this.sslContext, true, StartupMode.BACKGROUND, Duration.ofSeconds(30), Duration.ofSeconds(10), 200,
				reconnect, publish, new Subscribe(1, PATIENCE), this.redirect, this.persistence, Listener.defaults(),
				ClientSettings.Poison.defaults());
	}

}
