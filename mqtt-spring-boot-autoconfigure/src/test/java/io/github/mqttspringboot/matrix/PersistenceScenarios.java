package io.github.mqttspringboot.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.util.FileSystemUtils;

import io.github.mqttspringboot.client.ClientSettings.Persistence;
import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.client.FailingDisk;
import io.github.mqttspringboot.client.MqttPublishRejectedException;
import io.github.mqttspringboot.client.MqttStartupException;
import io.github.mqttspringboot.event.MqttPublishRejectedEvent;
import io.github.mqttspringboot.testing.When;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Rows of the session's journal in files.
 */
final class PersistenceScenarios {

	private PersistenceScenarios() {
	}

	static void failed(Trial trial) throws IOException {
		Path directory = Files.createTempDirectory("mqtt-journal");
		try {
			FailingDisk disk = new FailingDisk();
			trial.setup.disk = disk;
			trial.setup.persistence = new Persistence(PersistenceType.FILE, directory);
			trial.connect();
			disk.full(true);
			for (int qos = 1; qos <= 2; qos++) {
				MqttPublishRejectedException ex = trial.failed(trial.publish("lost/" + qos, qos),
						MqttPublishRejectedException.class);
				assertThat(ex).hasMessageContaining(directory.toString()).hasMessageContaining("it was not sent");
			}
			trial.expectRejections(MqttPublishRejectedEvent.class, 2);
			assertThat(Trial.get(trial.publish("untouched", 0)).code()).isZero();
			disk.full(false);
			trial.finish();
			assertThat(trial.broker.received(When.publish("lost/#"))).isEmpty();
		}
		finally {
			trial.close();
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	static void unavailable(Trial trial) throws IOException {
		Path parent = Files.createTempDirectory("mqtt-journal");
		try {
			Path directory = Files.createFile(parent.resolve("a-file"));
			trial.setup.persistence = new Persistence(PersistenceType.FILE, directory);
			assertThatExceptionOfType(MqttStartupException.class).isThrownBy(() -> trial.client().start())
				.withMessageContaining(directory.toString())
				.withMessageContaining("('mqtt.clients." + trial.name + ".persistence.directory')")
				.satisfies((ex) -> trial.check(ex.getFailure(), ex.getClassification()));
			assertThat(trial.broker.connectionCount()).isZero();
			Files.delete(directory);
			trial.expectConnectionPrevented();
			trial.finish();
		}
		finally {
			trial.close();
			FileSystemUtils.deleteRecursively(parent);
		}
	}

}
