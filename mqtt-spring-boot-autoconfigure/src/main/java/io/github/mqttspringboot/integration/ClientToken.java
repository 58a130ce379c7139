package io.github.mqttspringboot.integration;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.paho.mqttv5.client.IMqttDeliveryToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttClientInterface;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.github.mqttspringboot.client.ClientLogs;

/**
 * Follows one operation of the client. It ends once; its listener is called once, on the
 * client's own executor. Thread-safe.
 */
final class ClientToken implements IMqttDeliveryToken {

	private static final Logger logger = LoggerFactory.getLogger(ClientToken.class);

	private static final int[] NONE = {};

	private final LinklessMqttClient client;

	private final String what;

	private final String[] topics;

	private final int messageId;

	private final @Nullable MqttMessage message;

	private final CountDownLatch ended = new CountDownLatch(1);

	private final MqttProperties responseProperties = new MqttProperties();

	private volatile @Nullable Object userContext;

	private @Nullable MqttActionListener listener;

	private boolean told;

	private volatile int[] reasonCodes = NONE;

	private volatile @Nullable MqttException exception;

	ClientToken(LinklessMqttClient client, String what, String[] topics, int messageId, @Nullable MqttMessage message,
			@Nullable Object userContext, @Nullable MqttActionListener listener) {
		this.client = client;
		this.what = what;
		this.topics = topics;
		this.messageId = messageId;
		this.message = message;
		this.userContext = userContext;
		this.listener = listener;
	}

	void succeed(int... codes) {
		end(codes, null);
	}

	void fail(MqttException cause, int... codes) {
		end(codes, cause);
	}

	private void end(int[] codes, @Nullable MqttException cause) {
		synchronized (this) {
			if (isComplete()) {
				return;
			}
			this.reasonCodes = codes;
			this.exception = cause;
			this.ended.countDown();
		}
		tell();
	}

	private void tell() {
		MqttActionListener told;
		synchronized (this) {
			told = this.listener;
			if (this.told || told == null || !isComplete()) {
				return;
			}
			this.told = true;
		}
		try {
			MqttException cause = this.exception;
			if (cause != null) {
				told.onFailure(this, cause);
			}
			else {
				told.onSuccess(this);
			}
		}
		catch (RuntimeException ex) {
			ClientLogs.write(logger, Level.WARN, this.client.client(),
					"a listener of the outcome of " + this.what + " has thrown an exception; the outcome stands", ex);
		}
	}

	@Override
	public void waitForCompletion() throws MqttException {
		waitForCompletion(-1);
	}

	@Override
	public void waitForCompletion(long timeout) throws MqttException {
		try {
			if (timeout <= 0) {
				this.ended.await();
			}
			else if (!this.ended.await(timeout, TimeUnit.MILLISECONDS)) {
				throw new ClientOperationException(MqttClientException.REASON_CODE_CLIENT_TIMEOUT,
						"No outcome of " + this.what + " within " + timeout
								+ " ms, the completion timeout of the caller; it may still come",
						null);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ClientOperationException(MqttException.REASON_CODE_CLIENT_EXCEPTION,
					"Interrupted while waiting for the outcome of " + this.what, ex);
		}
		MqttException cause = this.exception;
		if (cause != null) {
			throw cause;
		}
	}

	@Override
	public boolean isComplete() {
		return this.ended.getCount() == 0;
	}

	@Override
	public @Nullable MqttException getException() {
		return this.exception;
	}

	@Override
	public void setActionCallback(@Nullable MqttActionListener listener) {
		synchronized (this) {
			this.listener = listener;
		}
		tell();
	}

	@Override
	public synchronized @Nullable MqttActionListener getActionCallback() {
		return this.listener;
	}

	@Override
	public MqttClientInterface getClient() {
		return this.client;
	}

	@Override
	public String[] getTopics() {
		return this.topics.clone();
	}

	@Override
	public void setUserContext(@Nullable Object userContext) {
		this.userContext = userContext;
	}

	@Override
	public @Nullable Object getUserContext() {
		return this.userContext;
	}

	/**
	 * Return a number that tells this operation from others under way. It is not the
	 * packet identifier, which may change with a connection.
	 */
	@Override
	public int getMessageId() {
		return this.messageId;
	}

	@Override
	public int[] getGrantedQos() {
		return getReasonCodes();
	}

	@Override
	public int[] getReasonCodes() {
		return this.reasonCodes.clone();
	}

	@Override
	public boolean getSessionPresent() {
		return false;
	}

	/** Packets are not the caller's business: there is none. */
	@Override
	public @Nullable MqttWireMessage getResponse() {
		return null;
	}

	@Override
	public MqttProperties getResponseProperties() {
		return this.responseProperties;
	}

	@Override
	public @Nullable MqttMessage getMessage() {
		return this.message;
	}

	@Override
	public @Nullable MqttWireMessage getRequestMessage() {
		return null;
	}

	@Override
	public @Nullable MqttProperties getRequestProperties() {
		return (this.message != null) ? this.message.getProperties() : null;
	}

}
