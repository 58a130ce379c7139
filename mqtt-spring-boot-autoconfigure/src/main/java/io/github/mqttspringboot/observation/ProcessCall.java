package io.github.mqttspringboot.observation;

import java.util.concurrent.CompletionStage;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * A call with a message. The observation of it is the current one while it runs.
 */
@FunctionalInterface
interface ProcessCall {

	@Nullable CompletionStage<?> run() throws Exception;

	/**
	 * Run it, and end the observation unless there is a stage, whose end is to be that of
	 * the observation.
	 * @param observation the observation, started
	 * @param call what to call
	 * @return what the call returned
	 * @throws Exception what the call threw
	 */
	static @Nullable CompletionStage<?> within(Observation observation, ProcessCall call) throws Exception {
		CompletionStage<?> stage;
		try (Observation.Scope scope = observation.openScope()) {
			stage = call.run();
		}
		catch (Throwable ex) {
			end(observation, ex);
			throw ex;
		}
		if (stage == null) {
			end(observation, null);
		}
		return stage;
	}

	static void end(Observation observation, @Nullable Throwable failure) {
		if (failure != null) {
			observation.error(Keys.unwrap(failure));
		}
		observation.stop();
	}

}
