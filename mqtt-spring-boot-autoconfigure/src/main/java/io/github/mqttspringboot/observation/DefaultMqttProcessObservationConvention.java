package io.github.mqttspringboot.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

import io.github.mqttspringboot.observation.MqttObservation.ProcessLowCardinalityKeyNames;

/**
 * The default {@link MqttProcessObservationConvention}.
 *
 * @since 0.1.0
 */
public class DefaultMqttProcessObservationConvention implements MqttProcessObservationConvention {

	private static final String PROCESS = "process";

	@Override
	public String getName() {
		return "mqtt.process";
	}

	/**
	 * Return the name of the span, with the topic filter.
	 */
	@Override
	public String getContextualName(MqttReceiverContext context) {
		return (context.getFilter() != null) ? PROCESS + " " + context.getFilter() : PROCESS;
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(MqttReceiverContext context) {
		ServerAddress server = ServerAddress.of(context.getClient().connection().server());
		String filter = context.getFilter();
		return KeyValues.of(ProcessLowCardinalityKeyNames.CLIENT.withValue(context.getClient().name()),
				ProcessLowCardinalityKeyNames.LISTENER.withValue(context.getListenerId()),
				ProcessLowCardinalityKeyNames.MESSAGING_SYSTEM.withValue(Keys.SYSTEM),
				ProcessLowCardinalityKeyNames.MESSAGING_OPERATION_TYPE.withValue(PROCESS),
				ProcessLowCardinalityKeyNames.MESSAGING_OPERATION_NAME.withValue(PROCESS),
				ProcessLowCardinalityKeyNames.MESSAGING_DESTINATION_TEMPLATE
					.withValue((filter != null) ? filter : KeyValue.NONE_VALUE),
				ProcessLowCardinalityKeyNames.SERVER_ADDRESS.withValue(server.host()),
				ProcessLowCardinalityKeyNames.SERVER_PORT.withValue(server.port()),
				ProcessLowCardinalityKeyNames.ERROR_TYPE.withValue(Keys.errorType(context.getError())));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(MqttReceiverContext context) {
		return Keys.highCardinality(context.getClient(), context.getMessage().topic());
	}

}
