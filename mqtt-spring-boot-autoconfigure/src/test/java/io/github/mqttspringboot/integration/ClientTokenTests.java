package io.github.mqttspringboot.integration;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.FakeMqttClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClientToken}.
 */
class ClientTokenTests {

	private final List<String> told = new ArrayList<>();

	private final MqttActionListener listener = new MqttActionListener() {

		@Override
		public void onSuccess(IMqttToken token) {
			ClientTokenTests.this.told.add("success " + token.getUserContext());
		}

		@Override
		public void onFailure(IMqttToken token, Throwable exception) {
			ClientTokenTests.this.told.add("failure " + exception.getMessage());
		}

	};

	@Test
	void itEndsOnceAndTellsOnce() throws MqttException {
		ClientToken token = token(this.listener);
		assertThat(token.isComplete()).isFalse();
		token.succeed(1, 2);
		token.fail(new ClientOperationException(0x87, "late", null));
		token.setActionCallback(this.listener);
		token.waitForCompletion();
		assertThat(token.isComplete()).isTrue();
		assertThat(token.getException()).isNull();
		assertThat(token.getReasonCodes()).containsExactly(1, 2);
		assertThat(token.getGrantedQos()).containsExactly(1, 2);
		assertThat(this.told).containsExactly("success context");
	}

	@Test
	void itFailsWithTheReasonCode() {
		ClientToken token = token(this.listener);
		token.fail(new ClientOperationException(0x87, "no", null), 0x87);
		assertThatExceptionOfType(MqttException.class).isThrownBy(() -> token.waitForCompletion(1))
			.withMessage("no")
			.satisfies((ex) -> assertThat(ex.getReasonCode()).isEqualTo(0x87));
		assertThat(this.told).containsExactly("failure no");
	}

	@Test
	void aListenerThatComesLateIsToldAtOnce() {
		ClientToken token = token(null);
		token.succeed();
		token.setActionCallback(this.listener);
		assertThat(this.told).containsExactly("success context");
	}

	@Test
	void aListenerThatThrowsChangesNothing() throws MqttException {
		ClientToken token = token(new MqttActionListener() {

			@Override
			public void onSuccess(IMqttToken token) {
				throw new IllegalStateException("no");
			}

			@Override
			public void onFailure(IMqttToken token, Throwable exception) {
			}

		});
		token.succeed();
		token.waitForCompletion(1);
	}

	@Test
	void whoeverWaitsTooShortIsToldSo() {
		ClientToken token = token(null);
		assertThatExceptionOfType(MqttException.class).isThrownBy(() -> token.waitForCompletion(1))
			.withMessageContaining("something")
			.satisfies(
					(ex) -> assertThat(ex.getReasonCode()).isEqualTo(MqttClientException.REASON_CODE_CLIENT_TIMEOUT));
	}

	@Test
	void whoeverIsInterruptedStaysSo() {
		ClientToken token = token(null);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(MqttException.class).isThrownBy(token::waitForCompletion)
			.withMessageContaining("Interrupted");
		assertThat(Thread.interrupted()).isTrue();
	}

	private static ClientToken token(MqttActionListener listener) {
		LinklessMqttClient client = mock();
		given(client.client()).willReturn(new FakeMqttClient());
		return new ClientToken(client, "something", new String[] { "a" }, 1, null, "context", listener);
	}

}
