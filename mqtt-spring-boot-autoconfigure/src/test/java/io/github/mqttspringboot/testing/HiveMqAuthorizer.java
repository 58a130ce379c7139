package io.github.mqttspringboot.testing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.hivemq.extension.sdk.api.auth.PublishAuthorizer;
import com.hivemq.extension.sdk.api.auth.SubscriptionAuthorizer;
import com.hivemq.extension.sdk.api.auth.parameter.PublishAuthorizerInput;
import com.hivemq.extension.sdk.api.auth.parameter.PublishAuthorizerOutput;
import com.hivemq.extension.sdk.api.auth.parameter.SubscriptionAuthorizerInput;
import com.hivemq.extension.sdk.api.auth.parameter.SubscriptionAuthorizerOutput;
import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * What makes a {@link HiveMqBroker} refuse filters, and end connections, as the topic
 * says.
 */
final class HiveMqAuthorizer implements PublishAuthorizer, SubscriptionAuthorizer {

	private static final Pattern DISCONNECT = Pattern.compile("disconnect/0x([0-9A-F]{2})/.*");

	@Override
	public void authorizePublish(PublishAuthorizerInput input, PublishAuthorizerOutput output) {
		DisconnectReasonCode code = disconnectFor(input.getPublishPacket().getTopic());
		if (code != null) {
			output.disconnectClient(code, HiveMqBroker.REASON);
		}
		else {
			output.authorizeSuccessfully();
		}
	}

	@Override
	public void authorizeSubscribe(SubscriptionAuthorizerInput input, SubscriptionAuthorizerOutput output) {
		String filter = input.getSubscription().getTopicFilter();
		DisconnectReasonCode disconnect = disconnectFor(filter);
		Integer code = HiveMqExtension.answerTo(filter);
		if (disconnect != null) {
			output.disconnectClient(disconnect, HiveMqBroker.REASON);
		}
		else if (code != null) {
			output.failAuthorization(Mqtt5SubAckReasonCode.fromCode(code).toSubackReasonCode(), HiveMqBroker.REASON);
		}
		else {
			output.authorizeSuccessfully();
		}
	}

	private static @Nullable DisconnectReasonCode disconnectFor(String topic) {
		Matcher matcher = DISCONNECT.matcher(topic);
		return (matcher.matches())
				? Mqtt5DisconnectReasonCode.fromCode(Integer.parseInt(matcher.group(1), 16)).toDisconnectReasonCode()
				: null;
	}

}
