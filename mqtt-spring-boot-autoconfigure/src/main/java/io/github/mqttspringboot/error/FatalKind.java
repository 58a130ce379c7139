package io.github.mqttspringboot.error;

/**
 * Why a {@link ErrorClass#FATAL} failure is fatal.
 *
 * @since 0.1.0
 */
public enum FatalKind {

	/** The peers do not agree on the protocol. */
	PROTOCOL,

	/** The configuration does not fit the server. */
	CONFIG,

	/** The server refused the credentials. */
	AUTH,

	/** The server has banned the client. */
	BANNED,

	/** Another client uses the client identifier. */
	IDENTITY,

	/** The server's certificate is not trusted. */
	TLS_TRUST,

	/** The application says so, by its error policy or a limit on attempts. */
	POLICY

}
