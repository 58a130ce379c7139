package io.github.mqttspringboot.client;

import org.jspecify.annotations.Nullable;

import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.MqttFailure;

/**
 * The session of an engine, made up of its parts, which are told of each change in the
 * same order. Used on the engine's thread only.
 */
final class EngineSession implements Session {

	private final EngineContext context;

	private final OutboundFlow outbound;

	private final InboundFlow inbound;

	private final SubscribeFlow subscribes;

	private final Subscriptions subscriptions;

	private final KeepAlive keepAlive;

	private @Nullable Calls calls;

	private @Nullable MqttCredentials credentials;

	EngineSession(EngineContext context, OutboundFlow outbound, InboundFlow inbound, SubscribeFlow subscribes,
			Subscriptions subscriptions) {
		this.context = context;
		this.outbound = outbound;
		this.inbound = inbound;
		this.subscribes = subscribes;
		this.subscriptions = subscriptions;
		this.keepAlive = new KeepAlive(context);
	}

	void calls(Calls calls) {
		this.calls = calls;
	}

	KeepAlive keepAlive() {
		return this.keepAlive;
	}

	OutboundFlow outbound() {
		return this.outbound;
	}

	InboundFlow inbound() {
		return this.inbound;
	}

	SubscribeFlow subscribes() {
		return this.subscribes;
	}

	@Override
	public void started() {
		if (this.calls != null) {
			this.calls.begin();
		}
	}

	@Override
	public void linkUp(Link link, boolean sessionKept) {
		this.keepAlive.linkUp(link);
		if (!sessionKept) {
			boolean remembered = this.inbound.isRemembered();
			long position = this.context.store().newSession();
			if (remembered) {
				this.subscribes.hold(position);
			}
		}
		this.context.guard().linkUp();
		this.inbound.linkUp(link, sessionKept);
		this.subscribes.linkUp(link, sessionKept);
		this.outbound.linkUp(link, sessionKept);
	}

	@Override
	public void linkDown() {
		this.keepAlive.linkDown();
		this.inbound.linkDown();
		this.subscribes.linkDown();
		this.outbound.linkDown();
	}

	@Override
	public void stopped(String detail, @Nullable MqttFailure cause) {
		if (this.calls != null) {
			this.calls.end(cause);
		}
		this.outbound.stopped(detail, cause);
		this.subscribes.stopped(detail, cause);
	}

	@Override
	public void forget() {
		this.outbound.forget();
		this.inbound.forget();
		this.subscriptions.sessionLost();
		this.context.store().wipe();
	}

	@Override
	public boolean isQuiet() {
		return this.outbound.isQuiet();
	}

	@Override
	public boolean isIdle() {
		return this.outbound.isIdle() && this.subscribes.isIdle();
	}

	// What ends connections

	@Override
	public PoisonRuling lost(MqttFailure failure, Classification classification) {
		return this.context.guard().lost(failure, classification);
	}

	@Override
	public void quarantine() {
		for (PoisonVerdict verdict : this.context.guard().verdicts()) {
			if (verdict.key() instanceof OutboundPublish publish) {
				this.outbound.quarantine(publish, verdict);
			}
			else {
				this.subscribes.quarantine(verdict.key(), verdict);
			}
		}
	}

	@Override
	public boolean isOnProbation() {
		return this.context.guard().isOnProbation();
	}

	@Override
	public void stable() {
		this.context.guard().stable();
	}

	/** Somebody wants a connection: what ended connections before may be tried again. */
	void forgive() {
		this.context.guard().reset();
		this.subscribes.forgive();
	}

	/**
	 * Credentials are going to be sent: with new ones the server may think better of it.
	 * @param credentials the credentials
	 */
	void credentials(@Nullable MqttCredentials credentials) {
		MqttCredentials before = this.credentials;
		this.credentials = credentials;
		if (before != null && !before.isSameAs(credentials)) {
			this.subscribes.forgive();
		}
	}

	/** Send what may be sent. */
	void next() {
		this.subscribes.packetIdsFreed();
		this.outbound.packetIdsFreed();
	}

	boolean holds(Object key) {
		return (key instanceof OutboundPublish publish) ? this.outbound.holds(publish) : this.subscribes.holds(key);
	}

}
