package io.github.mqttspringboot.packet;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.UserProperty;

/**
 * Properties of a PUBLISH (MQTT 5 §3.3.2.3). The correlation data array is neither copied
 * nor to be changed.
 *
 * @param payloadFormatIndicator 1 if the payload is UTF-8 text, {@code null} if absent
 * @param messageExpiryInterval in seconds, 0 to 4,294,967,295, {@code null} if absent
 * @param topicAlias 1 to 65,535, {@code null} if absent
 * @param responseTopic the response topic, {@code null} if absent
 * @param correlationData the correlation data, {@code null} if absent
 * @param userProperties the user properties in their order
 * @param subscriptionIdentifiers each 1 to 268,435,455, from the server only
 * @param contentType the content type, {@code null} if absent
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent")
public record PublishProperties(@Nullable Integer payloadFormatIndicator, @Nullable Long messageExpiryInterval,
		@Nullable Integer topicAlias, @Nullable String responseTopic, byte @Nullable [] correlationData,
		List<UserProperty> userProperties, List<Integer> subscriptionIdentifiers, @Nullable String contentType) {

	/** No properties. */
	public static final PublishProperties NONE = new PublishProperties(null, null, null, null, null, List.of(),
			List.of(), null);

}
