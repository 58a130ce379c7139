package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * The gate as Paho sees it. Lets Paho's module open the transport, and closes nothing:
 * whoever asks for the end, the connection closes its own socket.
 */
final class GateModule implements NetworkModule {

	private final NetworkModule module;

	private final Gate gate;

	/**
	 * Create a module.
	 * @param module the module that opens the transport
	 * @param gate what the gate does
	 */
	GateModule(NetworkModule module, Gate gate) {
		this.module = module;
		this.gate = gate;
	}

	@Override
	public void start() throws IOException, MqttException {
		try {
			this.module.start();
			this.gate.transportReady();
		}
		catch (IOException | MqttException | RuntimeException ex) {
			this.gate.transportFailed(ex);
			throw ex;
		}
	}

	@Override
	public InputStream getInputStream() throws IOException {
		return new GateInputStream(this.module.getInputStream(), this.gate);
	}

	@Override
	public OutputStream getOutputStream() throws IOException {
		return new GateOutputStream(this.module.getOutputStream(), this.gate);
	}

	@Override
	public void stop() {
		this.gate.pahoStopped();
	}

	@Override
	public String getServerURI() {
		return this.module.getServerURI();
	}

	/**
	 * What the connection does at its gate, on Paho's threads.
	 */
	interface Gate {

		/**
		 * The transport is up.
		 * @throws IOException if the connection has ended meanwhile
		 */
		void transportReady() throws IOException;

		/**
		 * The transport did not come up.
		 * @param error why
		 */
		void transportFailed(Exception error);

		/**
		 * Read from the server until there is something for Paho.
		 * @param input what the server sends
		 * @return bytes for Paho, an empty array at the end
		 */
		byte[] read(InputStream input);

		/**
		 * Take bytes that Paho writes.
		 * @param bytes the bytes
		 * @param offset where they begin
		 * @param length how many they are
		 * @param output the way to the server
		 */
		void write(byte[] bytes, int offset, int length, OutputStream output);

		/**
		 * Paho has given up on the connection.
		 */
		void pahoStopped();

	}

}
