package consumer.integration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.mqtt.inbound.Mqttv5PahoMessageDrivenChannelAdapter;
import org.springframework.integration.mqtt.outbound.Mqttv5PahoMessageHandler;
import org.springframework.integration.mqtt.support.MqttHeaders;

import io.github.mqttspringboot.integration.MqttClientManager;

@SpringBootApplication
public class IntegrationApplication {

	public static void main(String[] args) {
		SpringApplication.run(IntegrationApplication.class, args);
	}

	@Bean
	IntegrationFlow readings(MqttClientManager manager) {
		Mqttv5PahoMessageDrivenChannelAdapter adapter = new Mqttv5PahoMessageDrivenChannelAdapter(manager,
				"meters/+/reading");
		adapter.setPayloadType(String.class);
		return IntegrationFlow.from(adapter)
			.enrichHeaders((headers) -> headers.headerExpression(MqttHeaders.TOPIC,
					"headers.mqtt_receivedTopic.replace('/reading', '/receipt')"))
			.transform(String.class, (reading) -> "received " + reading)
			.channel("outbound")
			.get();
	}

	@Bean
	IntegrationFlow publish(MqttClientManager manager) {
		Mqttv5PahoMessageHandler handler = new Mqttv5PahoMessageHandler(manager);
		handler.setDefaultQos(1);
		return IntegrationFlow.from("outbound").handle(handler).get();
	}

}
