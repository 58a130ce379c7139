package io.github.mqttspringboot.error;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GuardedErrorClassificationPolicy}.
 */
class GuardedErrorClassificationPolicyTests {

	private static final MqttFailure PUBACK_NOT_AUTHORIZED = MqttFailure
		.of(PacketType.PUBACK, ReasonCode.NOT_AUTHORIZED)
		.topic("denied/x")
		.build();

	private static final Classification DEFAULT = new Classification(ErrorClass.RECOVERABLE, "default");

	private final List<Overruled> overruled = new ArrayList<>();

	@ParameterizedTest
	@EnumSource(names = { "RECOVERABLE", "RECONNECT", "THROTTLED", "FATAL" })
	void anAllowedAnswerStands(ErrorClass errorClass) {
		Classification answer = new Classification(errorClass, "my rule");
		assertThat(guard((failure) -> answer).classify(PUBACK_NOT_AUTHORIZED)).isSameAs(answer);
		assertThat(this.overruled).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "SUCCESS", "REDIRECT" })
	void anAnswerThatIsNotAllowedIsOverruled(ErrorClass errorClass) {
		assertThat(guard((failure) -> new Classification(errorClass, "my rule")).classify(PUBACK_NOT_AUTHORIZED))
			.isEqualTo(DEFAULT);
		assertThat(this.overruled).singleElement().satisfies((overruled) -> {
			assertThat(overruled.failure()).isSameAs(PUBACK_NOT_AUTHORIZED);
			assertThat(overruled.message()).contains("answered " + errorClass + ", which is not allowed here",
					"PUBACK 0x87 Not authorized", "RECOVERABLE", getClass().getSimpleName());
			assertThat(overruled.cause()).isNull();
		});
	}

	@Test
	void aPolicyThatThrowsIsOverruled() {
		IllegalStateException exception = new IllegalStateException("broken");
		assertThat(guard((failure) -> {
			throw exception;
		}).classify(PUBACK_NOT_AUTHORIZED)).isEqualTo(DEFAULT);
		assertThat(this.overruled).singleElement().satisfies((overruled) -> {
			assertThat(overruled.message()).contains("threw java.lang.IllegalStateException");
			assertThat(overruled.cause()).isSameAs(exception);
		});
	}

	@Test
	void aPolicyThatThrowsAnErrorOrACheckedExceptionIsOverruled() {
		assertThat(guard((failure) -> {
			throw new NoClassDefFoundError("com/example/Gone");
		}).classify(PUBACK_NOT_AUTHORIZED)).isEqualTo(DEFAULT);
		assertThat(guard((failure) -> sneakyThrow(new IOException("unreadable"))).classify(PUBACK_NOT_AUTHORIZED))
			.isEqualTo(DEFAULT);
		assertThat(this.overruled).extracting(Overruled::cause)
			.hasExactlyElementsOfTypes(NoClassDefFoundError.class, IOException.class);
	}

	@Test
	void aPolicyThatAnswersNullIsOverruled() {
		assertThat(guard((failure) -> null).classify(PUBACK_NOT_AUTHORIZED)).isEqualTo(DEFAULT);
		assertThat(this.overruled).singleElement()
			.satisfies((overruled) -> assertThat(overruled.message()).contains("answered null"));
	}

	@ParameterizedTest
	@MethodSource("io.github.mqttspringboot.error.DefaultErrorTableTests#matrix")
	void theDefaultClassIsAlwaysAllowed(ErrorMatrix.Row row) {
		MqttFailure failure = row.failure();
		Classification answer = new Classification(DefaultErrorTable.standard().errorClass(failure), "my rule");
		assertThat(guard((ignored) -> answer).classify(failure)).isSameAs(answer);
		assertThat(this.overruled).isEmpty();
	}

	@Test
	void anUnknownCodeIsGuardedAsItsPacket() {
		MqttFailure vendor = MqttFailure.of(PacketType.DISCONNECT, 0xC0).build();
		assertThat(guard((failure) -> new Classification(ErrorClass.THROTTLED, "mine")).classify(vendor).rule())
			.isEqualTo("mine");
		assertThat(guard((failure) -> new Classification(ErrorClass.RECOVERABLE, "mine")).classify(vendor))
			.isEqualTo(new Classification(ErrorClass.RECONNECT, "default"));
	}

	@Test
	void theTableOfTheDefaultPolicyOverrules() {
		MqttFailure refused = MqttFailure.of(PacketType.CONNACK, ReasonCode.NOT_AUTHORIZED).build();
		ErrorClassificationPolicy policy = DefaultErrorClassificationPolicy.builder()
			.table(DefaultErrorTable.withCredentialsProvider())
			.build();
		assertThat(guard(policy).classify(refused).errorClass()).isEqualTo(ErrorClass.THROTTLED);
		assertThat(new GuardedErrorClassificationPolicy((failure) -> null, DefaultErrorTable.withCredentialsProvider(),
				this::overruled)
			.classify(refused)
			.errorClass()).isEqualTo(ErrorClass.THROTTLED);
	}

	@Test
	void theTableThatComesWithAPolicyOverrules() {
		MqttFailure refused = MqttFailure.of(PacketType.CONNACK, ReasonCode.NOT_AUTHORIZED).build();
		ErrorClassificationPolicy nothing = (failure) -> null;
		GuardedErrorClassificationPolicy guard = guard(
				new TabledErrorClassificationPolicy(nothing, DefaultErrorTable.withCredentialsProvider()));
		assertThat(guard.classify(refused).errorClass()).isEqualTo(ErrorClass.THROTTLED);
		assertThat(guard.hasCredentialsProvider()).isTrue();
		assertThat(this.overruled.get(0).message()).contains(nothing.getClass().getName());
		assertThat(guard(nothing).classify(refused).errorClass()).isEqualTo(ErrorClass.FATAL);
		assertThat(guard(nothing).hasCredentialsProvider()).isFalse();
	}

	@Test
	void tellsTheKindOfWhatThePolicyMadeFatal() {
		GuardedErrorClassificationPolicy guard = guard((failure) -> new Classification(ErrorClass.FATAL, "mine"));
		MqttFailure banned = MqttFailure.of(PacketType.CONNACK, ReasonCode.BANNED).build();
		assertThat(guard.kind(PUBACK_NOT_AUTHORIZED, guard.classify(PUBACK_NOT_AUTHORIZED)))
			.isEqualTo(FatalKind.POLICY);
		assertThat(guard.kind(banned, guard.classify(banned))).isEqualTo(FatalKind.BANNED);
		assertThat(guard.kind(banned, new Classification(ErrorClass.THROTTLED, "mine"))).isNull();
	}

	@Test
	void tellsWhetherAFailureIsSuspect() {
		GuardedErrorClassificationPolicy guard = guard(new DefaultErrorClassificationPolicy());
		assertThat(guard.suspect(MqttFailure.local(LocalError.CONNECTION_CLOSED).build())).isTrue();
		assertThat(guard.suspect(MqttFailure.local(LocalError.PING_TIMEOUT).build())).isFalse();
	}

	private GuardedErrorClassificationPolicy guard(ErrorClassificationPolicy policy) {
		return GuardedErrorClassificationPolicy.of(policy, this::overruled);
	}

	private void overruled(MqttFailure failure, String message, @Nullable Throwable cause) {
		this.overruled.add(new Overruled(failure, message, cause));
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <T extends Throwable> Classification sneakyThrow(Throwable exception) throws T {
		throw (T) exception;
	}

	record Overruled(MqttFailure failure, String message, @Nullable Throwable cause) {

	}

}
