package io.github.mqttspringboot.error;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The classes that may replace the class of a row.
 */
final class AllowedOverrides {

	private static final Set<ErrorClass> NONE = Set.of();

	private static final Set<ErrorClass> NOT_AN_ERROR = set(ErrorClass.SUCCESS, ErrorClass.RECOVERABLE);

	private static final Set<ErrorClass> REJECTION = set(ErrorClass.RECOVERABLE, ErrorClass.RECONNECT,
			ErrorClass.THROTTLED, ErrorClass.FATAL);

	private static final Set<ErrorClass> CONNECTION_ENDED = set(ErrorClass.RECONNECT, ErrorClass.THROTTLED,
			ErrorClass.FATAL);

	private static final Set<ErrorClass> REDIRECTED = set(ErrorClass.RECONNECT, ErrorClass.THROTTLED,
			ErrorClass.REDIRECT, ErrorClass.FATAL);

	private AllowedOverrides() {
	}

	static Set<ErrorClass> of(MqttFailure failure, ErrorRow row) {
		return switch (failure.packet()) {
			case CONNACK -> isError(failure) ? connectionEnded(row) : NONE;
			case DISCONNECT -> connectionEnded(row);
			case PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK -> acknowledgement(failure);
			case LOCAL -> local(failure, row);
			default -> NONE;
		};
	}

	private static Set<ErrorClass> connectionEnded(ErrorRow row) {
		return (row.errorClass() == ErrorClass.REDIRECT) ? REDIRECTED : CONNECTION_ENDED;
	}

	private static Set<ErrorClass> acknowledgement(MqttFailure failure) {
		ReasonCode code = failure.reasonCode();
		// PUBREC had transferred the ownership: the exchange is complete either way
		boolean completed = failure.packet() == PacketType.PUBCOMP && code == ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
		if (completed || code == ReasonCode.NO_MATCHING_SUBSCRIBERS || code == ReasonCode.NO_SUBSCRIPTION_EXISTED) {
			return NOT_AN_ERROR;
		}
		return isError(failure) ? REJECTION : NONE;
	}

	private static Set<ErrorClass> local(MqttFailure failure, ErrorRow row) {
		boolean connected = row.errorClass().endsConnection()
				&& failure.localError() != LocalError.PERSISTENCE_UNAVAILABLE;
		return connected ? CONNECTION_ENDED : NONE;
	}

	private static boolean isError(MqttFailure failure) {
		return failure.code() >= 0x80;
	}

	private static Set<ErrorClass> set(ErrorClass first, ErrorClass... others) {
		return Collections.unmodifiableSet(EnumSet.of(first, others));
	}

}
