package io.github.mqttspringboot.paho;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.wire.ConnectRequest;
import io.github.mqttspringboot.client.wire.WireConnection;
import io.github.mqttspringboot.client.wire.WireListener;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.packet.ConnAck;
import io.github.mqttspringboot.packet.Disconnect;
import io.github.mqttspringboot.packet.MqttPacket;
import io.github.mqttspringboot.packet.PacketException;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishAck;

/**
 * One network connection. A thread of its own starts Paho, then writes, then reports the
 * end; Paho's receiver thread reads. The end is known from the socket alone, never from
 * what Paho says about it.
 */
final class PahoConnection implements WireConnection, GateModule.Gate {

	private static final int READ_BUFFER = 32 * 1024;

	private static final long PATIENCE_MILLIS = 1000;

	private static final long FAREWELL_MILLIS = 500;

	private static final int NEGATIVE = 0x80;

	private static final byte[] NOTHING = new byte[0];

	// A CONNACK without properties: what the server has really said is not for Paho
	private static final byte[] SUCCESS = { 0x20, 3, 0, 0, 0 };

	private final ConnectRequest request;

	private final ConnectOptionsFactory optionsFactory;

	private final Reports reports;

	private final Failures failures;

	private final Link link = new Link();

	private final PacketWriter writer;

	private final InboundGate inbound;

	private final OutboundGate outbound;

	private final PahoThreads threads = new PahoThreads(this.link);

	private final Executor patience = CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);

	private byte @Nullable [] readBuffer;

	private boolean toldPaho;

	/** Whether something has come that is going to be answered with a packet. */
	private boolean answerDue;

	private volatile @Nullable Transport transport;

	/**
	 * Create a connection.
	 * @param request what to connect to and how
	 * @param listener whom to tell
	 * @param optionsFactory makes Paho's options
	 */
	PahoConnection(ConnectRequest request, WireListener listener, ConnectOptionsFactory optionsFactory) {
		this.request = request;
		this.optionsFactory = optionsFactory;
		this.reports = new Reports(listener);
		this.failures = new Failures(request.server());
		this.writer = new PacketWriter(this.link, this.reports);
		this.inbound = new InboundGate(request.maximumPacketSize(), this.failures, new Outlet());
		this.outbound = new OutboundGate(new ConnectRewriter(request.maximumPacketSize()));
	}

	/**
	 * Start the connection's thread.
	 */
	void open() {
		try {
			Thread thread = new Thread(this::run, "mqtt-" + this.request.clientName() + "-wire");
			// Paho's threads inherit it: none of them keeps the JVM alive
			thread.setDaemon(true);
			thread.start();
		}
		catch (Throwable ex) {
			this.reports.closed(this.failures.internal("The connection's thread could not be started", ex));
		}
	}

	@Override
	public void send(MqttPacket packet) {
		this.link.offer(packet);
	}

	@Override
	public void disconnect(Disconnect disconnect) {
		this.link.leave(disconnect);
		watch(this.writer.progress());
	}

	@Override
	public long withdraw() {
		return this.link.withdraw();
	}

	@Override
	public void abort() {
		this.link.end(this.failures.endedByUs(this.link.isAccepted(), "closed the connection to"), null);
		closeTransport();
	}

	private void run() {
		try {
			start();
			this.threads.hurry();
			write();
		}
		catch (Throwable ex) {
			this.link.end(this.failures.internal("The connection failed", ex), null);
		}
		finally {
			closeTransport();
			this.reports.closed(outcome());
			this.threads.bury();
		}
	}

	private void start() throws MqttException, NoSuchAlgorithmException {
		ServerAddress address = ServerAddress.of(this.request.server());
		MqttConnectionOptions options = this.optionsFactory.create(this.request);
		Transport connecting = new Transport(address, this.request.connectTimeout(),
				TransportSettings.of(this.request, address, options), this.link::answerWaiting);
		this.transport = connecting;
		options.setSocketFactory(new CapturingSocketFactory(connecting));
		if (this.link.outcome() != null) {
			return;
		}
		GateClient client = new GateClient(address.pahoUri(), this.request.clientId(),
				(module) -> new GateModule(module, this));
		this.threads.client(client);
		client.connect(options);
	}

	private void write() throws InterruptedException {
		Transport connected = this.transport;
		if (connected == null) {
			return;
		}
		try {
			if (this.writer.run(connected)) {
				connected.closeOutput();
				this.link.awaitReaderDone(FAREWELL_MILLIS);
			}
			else if (connected.isPeerClosing()) {
				connected.closeOutput();
			}
		}
		catch (IOException ex) {
			// The server may have said why it closes: that is worth a wait
			this.link.awaitReaderDone(PATIENCE_MILLIS);
			this.link.end(this.failures.ended(this.link.isAccepted(), ex, false), null);
		}
	}

	private MqttFailure outcome() {
		this.link.end(this.failures.endedByUs(this.link.isAccepted(), "disconnected from"), null);
		MqttFailure outcome = this.link.outcome();
		if (outcome == null) {
			throw new IllegalStateException("The connection has not ended");
		}
		return outcome;
	}

	private void watch(long progress) {
		this.patience.execute(() -> {
			long now = this.writer.progress();
			if (now == progress) {
				closeTransport();
				this.link.end(this.failures.endedByUs(this.link.isAccepted(), "could not write to"), null);
			}
			else {
				watch(now);
			}
		});
	}

	private void closeTransport() {
		Transport current = this.transport;
		if (current != null) {
			current.close();
		}
	}

	@Override
	public void transportReady() throws IOException {
		this.reports.tell(WireListener::opened);
		this.link.transportReady(Thread.currentThread());
	}

	@Override
	public void transportFailed(Exception error) {
		this.link.end(this.failures.transport(error), null);
	}

	@Override
	public void pahoStopped() {
		this.link.end(this.failures.endedByUs(this.link.isAccepted(), "gave up on"), null);
	}

	@Override
	public byte[] read(InputStream input) {
		this.threads.reader(this::readerDied);
		this.link.awaitReadable();
		try {
			Verdict verdict = pump(input);
			if (verdict == null) {
				return SUCCESS;
			}
			end(verdict, input);
		}
		catch (Throwable ex) {
			this.link.end(this.failures.internal("Reading from the connection failed", ex), null);
		}
		this.link.readerDone();
		return NOTHING;
	}

	private @Nullable Verdict pump(InputStream input) {
		byte[] buffer = buffer();
		while (true) {
			int count;
			try {
				count = input.read(buffer);
			}
			catch (IOException ex) {
				return ended(ex);
			}
			if (count < 0) {
				return ended(null);
			}
			this.answerDue = false;
			Verdict verdict = this.inbound.consume(ByteBuffer.wrap(buffer, 0, count));
			if (verdict != null) {
				return verdict;
			}
			if (!this.answerDue) {
				acknowledge();
			}
			if (this.inbound.insidePacket()) {
				this.reports.tell(WireListener::receiving);
			}
			if (this.inbound.accepted() && !this.toldPaho) {
				this.toldPaho = true;
				return null;
			}
		}
	}

	private void acknowledge() {
		Transport current = this.transport;
		if (current != null) {
			current.acknowledge();
		}
	}

	private Verdict ended(@Nullable IOException cause) {
		if (this.link.farewell() != null) {
			return Verdict.silent(this.failures.endedByUs(this.inbound.accepted(), "disconnected from"));
		}
		return this.inbound.end(cause);
	}

	private void end(Verdict verdict, InputStream input) {
		if (verdict.parting() == Verdict.SILENT) {
			this.link.end(verdict.failure(), null);
			leave();
			return;
		}
		if (this.link.end(verdict.failure(), new Disconnect(verdict.parting()))) {
			watch(this.writer.progress());
			drain(input);
		}
	}

	// A close frame wants an answer, and the writer may be stuck
	private void leave() {
		Transport current = this.transport;
		if (current != null && current.isPeerClosing()) {
			watch(this.writer.progress());
		}
		else {
			closeTransport();
		}
	}

	// What stays unread makes the system reset the connection and lose our DISCONNECT
	private void drain(InputStream input) {
		try {
			while (input.read(buffer()) >= 0) {
				continue;
			}
		}
		catch (IOException ex) {
			// Closed by this side
		}
	}

	private byte[] buffer() {
		byte[] buffer = this.readBuffer;
		if (buffer == null) {
			buffer = new byte[READ_BUFFER];
			this.readBuffer = buffer;
		}
		return buffer;
	}

	private void readerDied(Throwable error) {
		this.link.end(this.failures.internal("Paho's receiver died", error), null);
		this.link.readerDone();
	}

	@Override
	public void write(byte[] bytes, int offset, int length, OutputStream output) {
		this.threads.sender();
		try {
			if (this.outbound.write(ByteBuffer.wrap(bytes, offset, length), output)) {
				this.link.connectSent();
			}
		}
		catch (IOException ex) {
			// The reader finds out, and perhaps why
			this.link.connectSent();
		}
		catch (PacketException | RuntimeException ex) {
			this.link.end(this.failures.internal("Paho's CONNECT could not be sent", ex), null);
			this.link.connectSent();
		}
	}

	/**
	 * Where the packets of the server go.
	 */
	private final class Outlet implements InboundGate.Outlet {

		@Override
		public void connAck(ConnAck connAck) {
			if (connAck.code() == 0) {
				PahoConnection.this.link.accepted();
			}
			PahoConnection.this.reports.tell((listener) -> listener.connAck(connAck));
		}

		@Override
		public void received(MqttPacket packet) {
			PahoConnection.this.answerDue |= isAnswered(packet);
			PahoConnection.this.reports.tell((listener) -> listener.received(packet));
		}

		private static boolean isAnswered(MqttPacket packet) {
			if (packet instanceof Publish publish) {
				return publish.qos() > 0;
			}
			return packet instanceof PublishAck ack
					&& (ack.type() == PacketType.PUBREL || (ack.type() == PacketType.PUBREC && ack.code() < NEGATIVE));
		}

	}

}
