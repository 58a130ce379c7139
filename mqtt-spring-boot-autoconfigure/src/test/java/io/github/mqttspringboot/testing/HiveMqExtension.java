package io.github.mqttspringboot.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.async.TimeoutFallback;
import com.hivemq.extension.sdk.api.auth.Authorizer;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.general.ModifiableUserProperties;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.packets.suback.ModifiableSubackPacket;
import com.hivemq.extension.sdk.api.packets.unsuback.ModifiableUnsubackPacket;
import com.hivemq.extension.sdk.api.packets.unsuback.UnsubackReasonCode;
import com.hivemq.extension.sdk.api.packets.unsubscribe.UnsubscribePacket;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * What makes a {@link HiveMqBroker} answer as the topic says.
 */
final class HiveMqExtension implements ExtensionMain {

	private static final Pattern ANSWER = Pattern.compile("answer/0x([0-9A-F]{2})/.*");

	private final Map<String, String> users;

	private final Map<String, Integer> connects = new ConcurrentHashMap<>();

	HiveMqExtension(Map<String, String> users) {
		this.users = users;
	}

	int connectCount(String clientId) {
		return this.connects.getOrDefault(clientId, 0);
	}

	@Override
	public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
		SimpleAuthenticator authenticator = this::authenticate;
		Authorizer authorizer = new HiveMqAuthorizer();
		Services.securityRegistry().setAuthenticatorProvider((provider) -> authenticator);
		Services.securityRegistry().setAuthorizerProvider((provider) -> authorizer);
		Services.initializerRegistry().setClientInitializer((initializer, client) -> initialize(client));
	}

	@Override
	public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
		// Its registrations go with the broker
	}

	private void authenticate(SimpleAuthInput input, SimpleAuthOutput output) {
		this.connects.merge(input.getClientInformation().getClientId(), 1, Integer::sum);
		String user = input.getConnectPacket().getUserName().orElse(null);
		String password = input.getConnectPacket()
			.getPassword()
			.map((bytes) -> StandardCharsets.UTF_8.decode(bytes).toString())
			.orElse(null);
		if (user == null || this.users.isEmpty() || Objects.equals(password, this.users.get(user))) {
			output.authenticateSuccessfully();
		}
		else {
			output.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD, HiveMqBroker.REASON);
		}
	}

	private static void initialize(ClientContext client) {
		client.addPublishInboundInterceptor(HiveMqExtension::publish);
		client.addPubackOutboundInterceptor((input, output) -> {
			if (isRefusal(input.getPubackPacket().getReasonCode())) {
				hint(output.getPubackPacket().getUserProperties());
			}
		});
		client.addPubrecOutboundInterceptor((input, output) -> {
			if (isRefusal(input.getPubrecPacket().getReasonCode())) {
				hint(output.getPubrecPacket().getUserProperties());
			}
		});
		client.addSubackOutboundInterceptor((input, output) -> {
			ModifiableSubackPacket suback = output.getSubackPacket();
			if (suback.getReasonString().isPresent()) {
				// HiveMQ joins the reasons of all filters, which adds a full stop
				suback.setReasonString(HiveMqBroker.REASON);
				hint(suback.getUserProperties());
			}
		});
		Map<Integer, List<String>> unsubscribes = new ConcurrentHashMap<>();
		client.addUnsubscribeInboundInterceptor((input, output) -> {
			UnsubscribePacket unsubscribe = input.getUnsubscribePacket();
			unsubscribes.put(unsubscribe.getPacketIdentifier(), unsubscribe.getTopicFilters());
			if (unsubscribe.getTopicFilters().stream().anyMatch(HiveMqExtension::isRefused)) {
				// Only an interceptor that never ends prevents an unsubscribe
				output.async(Duration.ofMillis(1), TimeoutFallback.FAILURE);
			}
		});
		client.addUnsubackOutboundInterceptor((input, output) -> unsuback(
				unsubscribes.remove(input.getUnsubackPacket().getPacketIdentifier()), output.getUnsubackPacket()));
	}

	private static void publish(PublishInboundInput input, PublishInboundOutput output) {
		PublishPacket publish = input.getPublishPacket();
		Integer code = answerTo(publish.getTopic());
		if (code == null) {
			return;
		}
		if (publish.getQos().getQosNumber() == 0) {
			output.preventPublishDelivery();
			return;
		}
		AckReasonCode answer = Mqtt5PubAckReasonCode.fromCode(code).toAckReasonCode();
		if (isRefusal(answer)) {
			output.preventPublishDelivery(answer, HiveMqBroker.REASON);
		}
		else {
			output.preventPublishDelivery(answer);
		}
	}

	private static void unsuback(List<String> filters, ModifiableUnsubackPacket unsuback) {
		List<UnsubackReasonCode> codes = new ArrayList<>(unsuback.getReasonCodes());
		for (int i = 0; i < codes.size(); i++) {
			Integer code = answerTo(filters.get(i));
			if (code != null) {
				codes.set(i, Mqtt5UnsubAckReasonCode.fromCode(code).toUnsubackReasonCode());
			}
		}
		unsuback.setReasonCodes(codes);
		if (filters.stream().anyMatch(HiveMqExtension::isRefused)) {
			unsuback.setReasonString(HiveMqBroker.REASON);
			hint(unsuback.getUserProperties());
		}
	}

	private static boolean isRefused(String topic) {
		Integer code = answerTo(topic);
		return code != null && code >= 0x80;
	}

	private static boolean isRefusal(AckReasonCode code) {
		return code != AckReasonCode.SUCCESS && code != AckReasonCode.NO_MATCHING_SUBSCRIBERS;
	}

	private static void hint(ModifiableUserProperties properties) {
		properties.addUserProperty(HiveMqBroker.HINT, HiveMqBroker.HINT_VALUE);
	}

	static @Nullable Integer answerTo(String topic) {
		if (topic.equals("denied") || topic.startsWith("denied/")) {
			return 0x87;
		}
		Matcher matcher = ANSWER.matcher(topic);
		return matcher.matches() ? Integer.valueOf(matcher.group(1), 16) : null;
	}

}
