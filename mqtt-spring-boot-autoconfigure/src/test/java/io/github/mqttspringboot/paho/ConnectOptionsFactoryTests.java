package io.github.mqttspringboot.paho;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.MqttCredentials;
import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.Will;
import io.github.mqttspringboot.error.UserProperty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ConnectOptionsFactoryTests {

	private static final URI SERVER = URI.create("mqtt://broker");

	@Test
	void letsCustomizersChangeWhatTheEngineDoesNotLiveBy() throws Exception {
		MqttConnectionOptions options = new ConnectOptionsFactory(List.of((name, paho) -> {
			assertThat(name).isEqualTo("default");
			assertThat(paho.getUserName()).isEqualTo("user");
			paho.setUserName("other");
			paho.setAutomaticReconnect(true);
			paho.setServerURIs(new String[] { "tcp://elsewhere" });
			paho.setMaximumPacketSize(5L);
			paho.setTopicAliasMaximum(10);
			paho.setKeepAliveInterval(1);
			paho.setCleanStart(false);
			paho.setReceiveMaximum(1);
			paho.setAuthMethod("SCRAM");
		})).create(request(MqttCredentials.of("user", "pw"), null));
		assertThat(options.getUserName()).isEqualTo("other");
		assertThat(options.isAutomaticReconnect()).isFalse();
		assertThat(options.getServerURIs()).isEmpty();
		assertThat(options.getMaximumPacketSize()).isNull();
		assertThat(options.getTopicAliasMaximum()).isZero();
		assertThat(options.getKeepAliveInterval()).isEqualTo(60);
		assertThat(options.isCleanStart()).isTrue();
		assertThat(options.getReceiveMaximum()).isEqualTo(1000);
		assertThat(options.getAuthMethod()).isNull();
	}

	@Test
	void refusesWhatPahoWouldCutOff() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> create(request(MqttCredentials.of("user", new byte[65536]), null)))
			.withMessageContaining("password");
		Will will = new Will("t", new byte[65536], 0, false, Duration.ZERO, null, null);
		assertThatIllegalArgumentException().isThrownBy(() -> create(request(null, will)))
			.withMessageContaining("will payload");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> create(
					Requests.with(SERVER, null, null, null, List.of(new UserProperty("k", "ä".repeat(32768))))))
			.withMessageContaining("user property");
	}

	@Test
	void refusesWhatPahosSenderWouldDieOf() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> create(request(MqttCredentials.of("a\u0000b", "x"), null)));
	}

	private static void create(ConnectRequest request) throws Exception {
		new ConnectOptionsFactory(List.of()).create(request);
	}

	private static ConnectRequest request(MqttCredentials credentials, Will will) {
		return Requests.with(SERVER, null, credentials, will, List.of());
	}

}
