package consumer.listeners;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class ListenersApplication {

	public static void main(String[] args) {
		SpringApplication.run(ListenersApplication.class, args);
	}

}
