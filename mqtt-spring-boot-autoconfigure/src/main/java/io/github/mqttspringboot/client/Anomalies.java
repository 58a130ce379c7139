package io.github.mqttspringboot.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.UserProperty;
import io.github.mqttspringboot.event.MqttProtocolAnomalyEvent;

/**
 * Reports what the server did oddly and what costs nothing.
 */
final class Anomalies {

	private Anomalies() {
	}

	static void unsolicited(FailureReporter reporter, PacketType type, int packetId, @Nullable String reasonString,
			List<UserProperty> userProperties) {
		report(reporter,
				MqttFailure.local(LocalError.UNSOLICITED_ACK)
					.detail(type + " for packet identifier " + packetId + ", which is not in use")
					.reasonString(reasonString)
					.userProperties(userProperties)
					.build(),
				"connection kept, packet ignored");
	}

	/**
	 * Report an anomaly.
	 * @param reporter where to report it
	 * @param failure the anomaly
	 * @param action what the client does if the connection is kept
	 * @return the verdict; if it ends the connection, the anomaly is counted and logged
	 * as the incident that it becomes, not here
	 */
	static Classification report(FailureReporter reporter, MqttFailure failure, String action) {
		Classification classification = reporter.classify(failure);
		if (classification.errorClass().endsConnection()) {
			reporter.event((source, name) -> new MqttProtocolAnomalyEvent(source, name, failure, classification));
		}
		else {
			reporter.rejection(failure, classification, action,
					(source, name) -> new MqttProtocolAnomalyEvent(source, name, failure, classification));
		}
		return classification;
	}

}
