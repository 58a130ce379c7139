package consumer.everything;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.mqtt.outbound.Mqttv5PahoMessageHandler;

import io.github.mqttspringboot.integration.MqttClientManager;

@SpringBootApplication
public class EverythingApplication {

	public static void main(String[] args) {
		SpringApplication.run(EverythingApplication.class, args);
	}

	@Bean
	DirectChannel archiveChannel() {
		return new DirectChannel();
	}

	@Bean
	IntegrationFlow archive(DirectChannel archiveChannel, @Qualifier("archive") MqttClientManager manager) {
		Mqttv5PahoMessageHandler handler = new Mqttv5PahoMessageHandler(manager);
		handler.setDefaultTopic("archive/readings");
		handler.setDefaultQos(1);
		return IntegrationFlow.from(archiveChannel).handle(handler).get();
	}

}
