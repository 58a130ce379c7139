package io.github.mqttspringboot.error;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What each failure means unless the application says otherwise: every reason code of
 * every packet (MQTT 5 §2.4) and every {@link LocalError}.
 * <p>
 * A code that MQTT 5 does not know for the packet, vendor codes included, follows the
 * packet's general rule: acknowledgements are {@link ErrorClass#RECOVERABLE}, CONNACK and
 * DISCONNECT {@link ErrorClass#RECONNECT}, AUTH is {@link ErrorClass#FATAL}.
 * <p>
 * Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class DefaultErrorTable {

	private static final DefaultErrorTable STANDARD = new DefaultErrorTable(false);

	private static final DefaultErrorTable CREDENTIALS_PROVIDER = new DefaultErrorTable(true);

	private final ErrorRows rows = new ErrorRows();

	private final boolean credentialsProvider;

	private DefaultErrorTable(boolean credentialsProvider) {
		this.credentialsProvider = credentialsProvider;
	}

	/**
	 * Return the table for fixed credentials: a server that refuses them refuses them
	 * again.
	 * @return the table
	 */
	public static DefaultErrorTable standard() {
		return STANDARD;
	}

	/**
	 * Return the table for an application that supplies fresh credentials for each
	 * attempt: CONNACK 0x86 and 0x87 are {@link ErrorClass#THROTTLED}.
	 * @return the table
	 */
	public static DefaultErrorTable withCredentialsProvider() {
		return CREDENTIALS_PROVIDER;
	}

	/**
	 * Return what a failure means for the network connection.
	 * @param failure the failure
	 * @return the class of its row
	 */
	public ErrorClass errorClass(MqttFailure failure) {
		return row(failure).errorClass();
	}

	/**
	 * Return why a failure is fatal, once it has been decided what it means.
	 * @param failure the failure
	 * @param decided the class that the policy chose for it
	 * @return the kind of its row, {@link FatalKind#POLICY} if it has none, {@code null}
	 * if the failure was not decided to be {@link ErrorClass#FATAL}
	 */
	public @Nullable FatalKind kind(MqttFailure failure, ErrorClass decided) {
		if (decided != ErrorClass.FATAL) {
			return null;
		}
		FatalKind kind = row(failure).kind();
		return (kind != null) ? kind : FatalKind.POLICY;
	}

	/**
	 * Return why a failure is fatal by default.
	 * @param failure the failure
	 * @return the kind of its row, {@code null} if its class is not
	 * {@link ErrorClass#FATAL}
	 */
	public @Nullable FatalKind kind(MqttFailure failure) {
		return kind(failure, errorClass(failure));
	}

	/**
	 * Return whether an operation of the client may have provoked the failure, so that
	 * repeating it would provoke it again.
	 * @param failure the failure
	 * @return {@code true} if what was in flight is suspect
	 */
	public boolean suspect(MqttFailure failure) {
		return row(failure).suspect();
	}

	/**
	 * Return the classes that a property or a policy may choose for a failure instead of
	 * its default.
	 * <ul>
	 * <li>CONNACK from 0x80 on and any DISCONNECT: RECONNECT, THROTTLED, FATAL; for 0x9C
	 * and 0x9D also REDIRECT.</li>
	 * <li>Acknowledgements (PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK) from 0x80
	 * on: RECOVERABLE, RECONNECT, THROTTLED, FATAL.</li>
	 * <li>PUBACK and PUBREC 0x10, UNSUBACK 0x11, PUBCOMP 0x92: SUCCESS, RECOVERABLE.</li>
	 * <li>Local errors that prevented or ended a connection: RECONNECT, THROTTLED, FATAL.
	 * That includes what the client could not accept from the server, and
	 * {@link LocalError#INTERNAL_ERROR}.</li>
	 * <li>Everything else: none. That includes all local errors that leave the connection
	 * alone, {@link LocalError#PERSISTENCE_UNAVAILABLE}, which is found before any
	 * connection, and AUTH.</li>
	 * </ul>
	 * @param failure the failure
	 * @return the classes in their order, empty if the default is the only one
	 */
	public Set<ErrorClass> allowedOverrides(MqttFailure failure) {
		return AllowedOverrides.of(failure, row(failure));
	}

	private ErrorRow row(MqttFailure failure) {
		LocalError error = failure.localError();
		if (error != null) {
			return localRow(error, failure);
		}
		ReasonCode code = failure.reasonCode();
		ErrorRow row = (code != null) ? this.rows.find(failure.packet(), code) : null;
		if (row == null) {
			return unknownCode(failure.packet());
		}
		return (this.credentialsProvider && isRefusedCredentials(failure)) ? row.withErrorClass(ErrorClass.THROTTLED)
				: row;
	}

	private ErrorRow localRow(LocalError error, MqttFailure failure) {
		ErrorRow refusedUpgrade = (error == LocalError.WEBSOCKET_HANDSHAKE_REFUSED)
				? refusedUpgrade(failure.httpStatus()) : null;
		ErrorRow row = (refusedUpgrade != null) ? refusedUpgrade : this.rows.find(error);
		if (row == null) {
			throw new IllegalStateException("The default table has no row for " + error);
		}
		return row;
	}

	private static @Nullable ErrorRow refusedUpgrade(int httpStatus) {
		return switch (httpStatus) {
			case 401, 403 -> new ErrorRow(ErrorClass.FATAL, FatalKind.AUTH, false);
			case 404 -> new ErrorRow(ErrorClass.FATAL, FatalKind.CONFIG, false);
			default -> null;
		};
	}

	private static ErrorRow unknownCode(PacketType packet) {
		return switch (packet) {
			case PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK -> new ErrorRow(ErrorClass.RECOVERABLE, null, false);
			case AUTH -> new ErrorRow(ErrorClass.FATAL, FatalKind.PROTOCOL, false);
			default -> new ErrorRow(ErrorClass.RECONNECT, null, false);
		};
	}

	private static boolean isRefusedCredentials(MqttFailure failure) {
		return failure.packet() == PacketType.CONNACK && (failure.reasonCode() == ReasonCode.BAD_USER_NAME_OR_PASSWORD
				|| failure.reasonCode() == ReasonCode.NOT_AUTHORIZED);
	}

}
