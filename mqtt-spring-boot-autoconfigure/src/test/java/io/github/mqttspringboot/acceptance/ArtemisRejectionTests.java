package io.github.mqttspringboot.acceptance;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.testing.ArtemisBroker;

import static org.assertj.core.api.Assertions.assertThat;

class ArtemisRejectionTests extends AbstractAuthorizationTests {

	private final ArtemisBroker broker = ArtemisBroker.builder().maximumPacketSize(MAXIMUM_PACKET_SIZE).start();

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Test
	void aWrongPasswordStopsTheClientAndNotTheApplication() {
		try (ArtemisBroker secured = ArtemisBroker.builder().user("user", "right").start();
				App app = App.start("mqtt.servers=" + secured.uri(), "mqtt.username=user", "mqtt.password=wrong")) {
			app.awaitState(ClientState.FAILED);
			assertThat(app.isRunning()).isTrue();
			assertThat(app.client().reconnectStatus().fatalKind()).isEqualTo(FatalKind.AUTH);
			assertThat(app.health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(app.health().getDetails().toString()).contains("0x86 Bad User Name or Password")
				.doesNotContain("wrong");
		}
	}

	@Override
	String uri() {
		return this.broker.uri();
	}

	@Override
	int port() {
		return this.broker.port();
	}

	@Override
	void stopBroker() {
		this.broker.stop();
	}

	@Override
	void startBroker() {
		this.broker.start();
	}

	@Override
	long connectionsSeenByBroker() {
		return this.broker.connectionCount();
	}

}
