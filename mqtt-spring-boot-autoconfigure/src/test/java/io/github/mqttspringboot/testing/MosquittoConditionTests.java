package io.github.mqttspringboot.testing;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

import static org.assertj.core.api.Assertions.assertThat;

class MosquittoConditionTests {

	@Test
	void saysHowToInstallWhatIsMissing() {
		ConditionEvaluationResult result = MosquittoCondition.evaluate(Optional.empty(),
				Optional.of(Path.of("/usr/bin/mosquitto_passwd")));
		assertThat(result.isDisabled()).isTrue();
		assertThat(result.getReason().orElse("")).contains("'mosquitto'", "apt-get install mosquitto");
	}

	@Test
	void runsWhereBothProgramsAre() {
		ConditionEvaluationResult result = MosquittoCondition.evaluate(Optional.of(Path.of("/usr/sbin/mosquitto")),
				Optional.of(Path.of("/usr/bin/mosquitto_passwd")));
		assertThat(result.isDisabled()).isFalse();
	}

	@Test
	void doesNotFindWhatIsNotThere() {
		assertThat(MosquittoBroker.find("no-such-program-anywhere")).isEmpty();
		assertThat(MosquittoBroker.find("sh")).isPresent();
	}

}
