package io.github.mqttspringboot.observation;

import java.util.Locale;

import io.micrometer.common.KeyValues;

import io.github.mqttspringboot.observation.MqttObservation.PublishLowCardinalityKeyNames;

/**
 * The default {@link MqttPublishObservationConvention}.
 *
 * @since 0.1.0
 */
public class DefaultMqttPublishObservationConvention implements MqttPublishObservationConvention {

	@Override
	public String getName() {
		return "mqtt.publish";
	}

	/**
	 * Return the name of the span: without the topic, which may be any.
	 */
	@Override
	public String getContextualName(MqttSenderContext context) {
		return operation(context);
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(MqttSenderContext context) {
		ServerAddress server = ServerAddress.of(context.getClient().connection().server());
		return KeyValues.of(PublishLowCardinalityKeyNames.CLIENT.withValue(context.getClient().name()),
				PublishLowCardinalityKeyNames.MESSAGING_SYSTEM.withValue(Keys.SYSTEM),
				PublishLowCardinalityKeyNames.MESSAGING_OPERATION_TYPE.withValue("send"),
				PublishLowCardinalityKeyNames.MESSAGING_OPERATION_NAME.withValue(operation(context)),
				PublishLowCardinalityKeyNames.SERVER_ADDRESS.withValue(server.host()),
				PublishLowCardinalityKeyNames.SERVER_PORT.withValue(server.port()),
				PublishLowCardinalityKeyNames.ERROR_TYPE.withValue(Keys.errorType(context.getError())));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(MqttSenderContext context) {
		return Keys.highCardinality(context.getClient(), context.getTopic());
	}

	private static String operation(MqttSenderContext context) {
		return context.getOperation().name().toLowerCase(Locale.ROOT);
	}

}
