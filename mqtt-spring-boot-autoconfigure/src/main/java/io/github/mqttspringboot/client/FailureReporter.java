package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.List;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

import io.github.mqttspringboot.client.ClientLog.Line;
import io.github.mqttspringboot.error.Classification;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.ErrorClassificationPolicy;
import io.github.mqttspringboot.error.FatalKind;
import io.github.mqttspringboot.error.GuardedErrorClassificationPolicy;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.event.MqttEvent;

/**
 * Makes every failure visible: verdict, count, history, log line and event. Used on the
 * engine's thread only, but for {@link #incidents()}.
 */
final class FailureReporter {

	private final ClientSettings settings;

	private final Object source;

	private final GuardedErrorClassificationPolicy policy;

	private final Scheduler scheduler;

	private final ClientStatistics statistics;

	private final EventQueue events;

	private final Announcements announcements;

	private final ClientLog log;

	private final IncidentHistory history;

	private final FoldedLog rejectionLog;

	private final FoldedLog policyLog;

	private @Nullable MqttIncident lastIncident;

	FailureReporter(ClientSettings settings, ClientLog log, Object source, ErrorClassificationPolicy policy,
			Scheduler scheduler, ClientStatistics statistics, EventQueue events, Announcements announcements) {
		this.settings = settings;
		this.log = log;
		this.source = source;
		this.policy = GuardedErrorClassificationPolicy.of(policy,
				(failure, message, cause) -> scheduler.execute(() -> overruled(failure, message, cause)));
		this.scheduler = scheduler;
		this.statistics = statistics;
		this.events = events;
		this.announcements = announcements;
		this.history = new IncidentHistory(settings.incidentHistory());
		this.rejectionLog = new FoldedLog(scheduler, settings.logInterval(), (line) -> log.write(Level.WARN, line));
		this.policyLog = new FoldedLog(scheduler, settings.logInterval(), (line) -> log.write(Level.ERROR, line));
	}

	/**
	 * Return what a person can change, as the end of a message.
	 * @param failure the failure
	 * @return a sentence after a full stop, or nothing
	 */
	String advice(MqttFailure failure) {
		return Advice.suffix(failure, this.settings, this.policy.hasCredentialsProvider());
	}

	// It may be asked about each of a storm of rejections, more than once
	private void overruled(MqttFailure failure, String message, @Nullable Throwable cause) {
		this.policyLog.write(message, failure.title(), Line.of(message, cause));
	}

	Classification classify(MqttFailure failure) {
		return this.policy.classify(failure);
	}

	/**
	 * Return whether an operation of the client may have provoked a failure.
	 * @param failure the failure
	 * @return {@code true} if what was in flight is suspect
	 */
	boolean isSuspect(MqttFailure failure) {
		return this.policy.suspect(failure);
	}

	FatalKind fatalKind(MqttFailure failure, Classification classification) {
		FatalKind kind = this.policy.kind(failure, classification);
		return (kind != null) ? kind : FatalKind.POLICY;
	}

	/**
	 * Report that one operation failed while the connection stayed.
	 * @param failure what went wrong
	 * @param classification the verdict
	 * @param action what the client did
	 * @param event creates the event from source and client name
	 */
	void rejection(MqttFailure failure, Classification classification, String action,
			BiFunction<Object, String, MqttEvent> event) {
		rejection(failure, classification, action, failure.cause(), event);
	}

	/**
	 * Report that one operation failed while the connection stayed.
	 * @param failure what went wrong
	 * @param classification the verdict
	 * @param action what the client did
	 * @param trace the exception whose stack trace is logged, {@code null} for none
	 * @param event creates the event from source and client name
	 */
	void rejection(MqttFailure failure, Classification classification, String action, @Nullable Throwable trace,
			BiFunction<Object, String, MqttEvent> event) {
		MqttIncident incident = record(failure, classification, action);
		this.rejectionLog.write(failure.title() + ' ' + failure.topic(), failure.title(),
				Line.of(incident + advice(failure), trace, incident));
		event(event);
	}

	/**
	 * Report that a connection ended or was prevented.
	 * @param failure what went wrong
	 * @param classification the verdict
	 * @param action what the client does
	 */
	void incident(MqttFailure failure, Classification classification, String action) {
		MqttIncident incident = record(failure, classification, action);
		this.lastIncident = incident;
		String message = incident + advice(failure);
		Throwable thrown = (failure.localError() == LocalError.CREDENTIALS_UNAVAILABLE) ? failure.cause() : null;
		if (thrown != null) {
			message += ". DEBUG of logger " + ManagedMqttClient.class.getName()
					+ " shows the stack trace, without messages";
		}
		// Of an error in the client itself the place matters, of all others the words do
		Throwable trace = (failure.localError() == LocalError.INTERNAL_ERROR) ? failure.cause() : null;
		boolean error = classification.errorClass() == ErrorClass.FATAL || trace != null;
		this.log.write((error) ? Level.ERROR : Level.WARN, Line.of(message, trace, incident));
		if (thrown != null) {
			this.log.write(Level.DEBUG, Line.of("what the MqttCredentialsProvider threw", thrown, incident));
		}
	}

	/**
	 * Report that an operation is not tried any more, as it ends connections. How the
	 * last one ended is counted already.
	 * @param failure how, with the operation's topic
	 * @param classification the verdict on it
	 * @param action what the client did
	 */
	void quarantined(MqttFailure failure, Classification classification, String action) {
		MqttIncident incident = new MqttIncident(this.scheduler.now(), failure, classification, action);
		this.history.add(incident);
		this.statistics.quarantinedOne();
		this.log.write(Level.ERROR, Line.of(incident + advice(failure), null, incident));
	}

	private MqttIncident record(MqttFailure failure, Classification classification, String action) {
		MqttIncident incident = new MqttIncident(this.scheduler.now(), failure, classification, action);
		this.history.add(incident);
		this.statistics.errors().increment(failure, classification.errorClass());
		return incident;
	}

	void event(BiFunction<Object, String, MqttEvent> event) {
		MqttEvent made = event.apply(this.source, this.settings.name());
		this.announcements.add(() -> this.events.publish(made));
	}

	/**
	 * Run something after all that was announced before.
	 * @param task the task
	 */
	void afterwards(Runnable task) {
		this.announcements.add(task);
	}

	void server(URI server) {
		this.log.server(server);
	}

	void info(String message) {
		this.log.info(message);
	}

	/**
	 * Warn of something that is no failure.
	 * @param key what makes messages alike
	 * @param message the message
	 */
	void warn(String key, String message) {
		this.rejectionLog.write(key, key, Line.of(message, null));
	}

	/**
	 * Tell what was wrong with the journal of the session, on any thread.
	 * @param problem what was found and done
	 * @param lost whether something is lost
	 */
	void repaired(String problem, boolean lost) {
		this.log.write((lost) ? Level.ERROR : Level.WARN, Line.of(problem, null));
	}

	void error(String message, Throwable cause) {
		this.log.error(message, cause);
	}

	void flush() {
		this.rejectionLog.flush();
		this.policyLog.flush();
		this.events.flush();
	}

	String prefix() {
		return this.log.prefix();
	}

	@Nullable MqttIncident lastIncident() {
		return this.lastIncident;
	}

	List<MqttIncident> incidents() {
		return this.history.newestFirst();
	}

}
