package io.github.mqttspringboot.client;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MaskedException;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;
import io.github.mqttspringboot.packet.ConnAck;

/**
 * Opens one network connection: credentials, transport, CONNECT, each within
 * {@code mqtt.connect-timeout}. Used on the engine's thread only.
 */
final class Dialer {

	private final ClientSettings settings;

	private final Scheduler scheduler;

	private final Connector connector;

	private final Listener listener;

	Dialer(ClientSettings settings, Scheduler scheduler, Connector connector, Listener listener) {
		this.settings = settings;
		this.scheduler = scheduler;
		this.connector = connector;
		this.listener = listener;
	}

	void dial(Attempt attempt) {
		if (!this.connector.needsCredentials()) {
			open(attempt, null);
			return;
		}
		attempt.timer = this.scheduler.schedule(this.settings.connectTimeout(),
				() -> credentialsFailed(attempt,
						"the MqttCredentialsProvider took longer than " + this.settings.connectTimeout().toMillis()
								+ " ms ('" + this.settings.property("connect-timeout") + "')",
						null));
		attempt.credentials = this.connector.credentials((credentials) -> open(attempt, credentials),
				(cause) -> credentialsFailed(attempt, "the MqttCredentialsProvider threw " + cause.getMessage(),
						cause));
	}

	private void credentialsFailed(Attempt attempt, String detail, @Nullable Throwable cause) {
		if (this.listener.isCurrent(attempt) && attempt.connection == null) {
			this.listener.ended(attempt,
					MqttFailure.local(LocalError.CREDENTIALS_UNAVAILABLE).detail(detail).cause(cause).build());
		}
	}

	private void open(Attempt attempt, @Nullable MqttCredentials credentials) {
		if (!this.listener.isCurrent(attempt)) {
			return;
		}
		attempt.release();
		attempt.timer = this.scheduler.schedule(this.settings.connectTimeout(), () -> timedOut(attempt));
		attempt.connection = this.connector.open(new ConnectRequest(this.settings.name(), attempt.server,
				this.settings.clientId(), attempt.cleanStart, this.settings.keepAlive(), this.settings.sessionExpiry(),
				this.settings.receiveMaximum(), this.settings.maximumPacketSize(),
				this.settings.requestProblemInformation(), this.settings.userProperties(), credentials,
				this.settings.will(), this.settings.sslContext(), this.settings.connectTimeout()), attempt);
	}

	private void timedOut(Attempt attempt) {
		if (!this.listener.isCurrent(attempt) || attempt.link != null) {
			return;
		}
		attempt.abort();
		MqttFailure.Builder failure = MqttFailure
			.local((attempt.opened) ? LocalError.CONNACK_TIMEOUT : LocalError.CONNECT_TIMEOUT);
		this.listener.ended(attempt,
				failure
					.detail(((attempt.opened) ? "no CONNACK from " : "no connection to ") + attempt.server + " within "
							+ this.settings.connectTimeout().toMillis() + " ms")
					.build());
	}

	/**
	 * Check a CONNACK.
	 * @param attempt the connection that it came on
	 * @param connAck the packet
	 * @return why the server has refused the connection, {@code null} if it has not
	 */
	static @Nullable MqttFailure check(Attempt attempt, ConnAck connAck) {
		if (connAck.code() == ReasonCode.SUCCESS.value()) {
			return null;
		}
		return MqttFailure.of(PacketType.CONNACK, connAck.code())
			.detail("from " + attempt.server)
			.reasonString(connAck.reasonString())
			.userProperties(connAck.userProperties())
			.serverReference(connAck.serverReference())
			.build();
	}

	/**
	 * Opens connections and fetches credentials.
	 */
	interface Connector {

		boolean needsCredentials();

		/**
		 * Fetch credentials.
		 * @param provided called with them
		 * @param failed called with why there are none
		 * @return ends the search, if nobody waits for them any more
		 */
		Runnable credentials(Consumer<@Nullable MqttCredentials> provided, Consumer<MaskedException> failed);

		WireConnection open(ConnectRequest request, Attempt attempt);

	}

	/**
	 * Knows which attempt counts, and hears how it ends.
	 */
	interface Listener {

		boolean isCurrent(Attempt attempt);

		void ended(Attempt attempt, MqttFailure failure);

	}

}
