package io.github.mqttspringboot.client;

import java.nio.file.Path;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.client.ClientSettings.PersistenceType;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The engine's end of the journal: takes in what it held, and tells the two halves of the
 * session what is on the disk.
 */
final class SessionJournal implements SessionStore.Listener {

	private final EngineContext context;

	private final OutboundFlow outbound;

	private final InboundFlow inbound;

	private final SubscribeFlow subscribes;

	private final Supervisor supervisor;

	private final Executor engine;

	SessionJournal(EngineContext context, OutboundFlow outbound, InboundFlow inbound, SubscribeFlow subscribes,
			Supervisor supervisor, Executor engine) {
		this.context = context;
		this.outbound = outbound;
		this.inbound = inbound;
		this.subscribes = subscribes;
		this.supervisor = supervisor;
		this.engine = engine;
	}

	/**
	 * Open the journal, unless it is open. Called before the client is started, on the
	 * caller's thread, because it may block.
	 * @return why it cannot be opened, so that the client has failed; {@code null} if it
	 * is open
	 */
	@Nullable MqttFailure open() {
		try {
			SessionStore.Recovered recovered = this.context.store().open(this);
			if (recovered.position() != SessionStore.SYNCED) {
				this.engine.execute(() -> restore(recovered));
			}
			return null;
		}
		catch (SessionStoreException ex) {
			MqttFailure failure = MqttFailure.local(LocalError.PERSISTENCE_UNAVAILABLE)
				.detail("the session's journal in the directory '" + directory() + "' ('"
						+ this.context.settings().property("persistence.directory") + "') cannot be used: "
						+ ex.getMessage())
				.cause(ex.getCause())
				.build();
			this.engine.execute(() -> this.supervisor.refuseToStart(failure));
			return failure;
		}
	}

	private @Nullable Path directory() {
		Path directory = this.context.settings().persistence().directory();
		return (directory != null) ? directory.toAbsolutePath() : null;
	}

	private void restore(SessionStore.Recovered recovered) {
		warn();
		synced(recovered);
		if (!recovered.isEmpty()) {
			this.context.reporter()
				.info("the journal holds a session: " + recovered.outbound().size() + " publishes and "
						+ recovered.inbound().size() + " inbound QoS 2 messages were in flight");
			this.supervisor.sessionRecovered();
			this.outbound.recovered();
		}
		this.inbound.restore(recovered.inbound(), recovered.position());
		this.outbound.restore(recovered.outbound());
	}

	private void synced(SessionStore.Recovered recovered) {
		this.outbound.synced(recovered.position());
		this.inbound.synced(recovered.position());
		this.subscribes.synced(recovered.position());
	}

	private void warn() {
		ClientSettings settings = this.context.settings();
		if (settings.persistence().type() != PersistenceType.FILE) {
			return;
		}
		String type = "'" + settings.property("persistence.type") + "'";
		if (settings.clientIdGenerated()) {
			this.context.reporter()
				.warn("journal-id", type + " is 'file', but the client id is made up anew at every start: nobody will"
						+ " find this session again. Set '" + settings.property("client-id") + "'");
		}
		else if (settings.cleanStart()) {
			this.context.reporter()
				.warn("journal-clean",
						type + " is 'file', but '" + settings.property("clean-start") + "' is true: the first"
								+ " connection after a restart ends the session that is kept. Set it to false");
		}
	}

	@Override
	public void synced(long position) {
		this.engine.execute(() -> {
			this.inbound.synced(position);
			this.outbound.synced(position);
			this.subscribes.synced(position);
		});
	}

	@Override
	public void failed(long first, long last, Throwable cause) {
		this.engine.execute(() -> {
			if (!this.outbound.notStored(first, last, cause)) {
				this.context.reporter()
					.warn("journal-failed",
							"the session's journal in '" + this.context.settings().persistence().directory()
									+ "' could not be written (" + Texts.describe(cause)
									+ "). Acknowledgements of QoS 2 messages wait until it can be"
									+ Advice.suffix(MqttFailure.local(LocalError.PERSISTENCE_FAILED).build(),
											this.context.settings()));
			}
		});
	}

	@Override
	public void repaired(String problem, boolean lost) {
		this.context.reporter().repaired(problem, lost);
	}

}
