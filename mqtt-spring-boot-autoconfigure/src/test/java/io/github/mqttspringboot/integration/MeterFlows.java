package io.github.mqttspringboot.integration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.mqtt.inbound.Mqttv5PahoMessageDrivenChannelAdapter;
import org.springframework.integration.mqtt.outbound.Mqttv5PahoMessageHandler;
import org.springframework.integration.mqtt.support.MqttHeaders;

/**
 * The flows of the documentation.
 */
// tag::flows[]
@Configuration(proxyBeanMethods = false)
class MeterFlows {

	@Bean
	IntegrationFlow meterReadings(MqttClientManager manager) {
		Mqttv5PahoMessageDrivenChannelAdapter adapter = new Mqttv5PahoMessageDrivenChannelAdapter(manager,
				"meters/+/reading");
		adapter.setPayloadType(String.class);
		return IntegrationFlow.from(adapter)
			.enrichHeaders((headers) -> headers.headerExpression(MqttHeaders.TOPIC,
					"headers.mqtt_receivedTopic.replace('/reading', '/receipt')"))
			.transform(String.class, (reading) -> "received " + reading)
			.channel("receipts")
			.get();
	}

	@Bean
	IntegrationFlow meterReceipts(MqttClientManager manager) {
		Mqttv5PahoMessageHandler handler = new Mqttv5PahoMessageHandler(manager);
		handler.setDefaultQos(1);
		return IntegrationFlow.from("receipts").handle(handler).get();
	}

}
// end::flows[]
