package io.github.mqttspringboot.integration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;
import io.github.mqttspringboot.error.ReasonCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link FilterGuard}.
 */
class FilterGuardTests {

	private static final Duration BAR_TIME = Duration.ofMinutes(10);

	private static final Duration AFTER = Duration.ofMillis(200);

	private static final MqttFailure CLOSED = MqttFailure.local(LocalError.CONNECTION_CLOSED).build();

	private final Clock clock = mock();

	private final FilterGuard guard = new FilterGuard(BAR_TIME, this.clock);

	private Instant now = Instant.ofEpochSecond(1_000_000);

	@BeforeEach
	void startClock() {
		given(this.clock.getZone()).willReturn(ZoneOffset.UTC);
		given(this.clock.millis()).willAnswer((call) -> this.now.toEpochMilli());
	}

	@Test
	void aFilterThatIsAloneAtTwoMoreLossesIsBarred() {
		assertThat(lossWith("a", "b")).isEmpty();
		assertThat(this.guard.strikes("a")).isZero();
		answered("b");
		assertThat(lossWith("a")).isEmpty();
		assertThat(this.guard.isBarred("a")).isFalse();
		assertThat(lossWith("a")).containsExactly("a");
		assertThat(this.guard.isBarred("a")).isTrue();
		assertThat(this.guard.isBarred("b")).isFalse();
		assertThat(this.guard.hasSuspectBelow(FilterGuard.MAX_STRIKES)).isFalse();
	}

	@Test
	void twoLossesBarNobody() {
		lossWith("a");
		lossWith("a");
		assertThat(this.guard.isBarred("a")).isFalse();
		answered("a");
		assertThat(this.guard.strikes("a")).isEqualTo(-1);
	}

	@Test
	void filtersThatAreOutTogetherGetNoStrikes() {
		for (int i = 0; i < 5; i++) {
			assertThat(lossWith("a", "b")).isEmpty();
		}
		assertThat(this.guard.strikes("a")).isZero();
	}

	@Test
	void aFilterThatNobodyWaitsForIsNotGuilty() {
		answered("a");
		lossWith();
		assertThat(this.guard.strikes("a")).isEqualTo(-1);
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVER_SHUTTING_DOWN", "SERVER_BUSY", "KEEP_ALIVE_TIMEOUT", "TOPIC_NAME_INVALID" })
	void aReasonThatNoSubscribeCanHaveIsNoStrike(ReasonCode code) {
		for (int i = 0; i < 5; i++) {
			assertThat(loss(MqttFailure.of(PacketType.DISCONNECT, code).build(), Duration.ZERO, "a")).isEmpty();
		}
		assertThat(this.guard.strikes("a")).isEqualTo(-1);
	}

	@Test
	void aLinkThatIsDeadIsNoStrike() {
		loss(MqttFailure.local(LocalError.PING_TIMEOUT).build(), Duration.ZERO, "a");
		assertThat(this.guard.strikes("a")).isEqualTo(-1);
	}

	@Test
	void aCloseCountsWithinTheWindowAndACodeAtAnyTime() {
		loss(CLOSED, FilterGuard.SUSPECT_WINDOW.plusMillis(1), "a");
		assertThat(this.guard.strikes("a")).isEqualTo(-1);
		loss(CLOSED, FilterGuard.SUSPECT_WINDOW, "a");
		assertThat(this.guard.strikes("a")).isZero();
		MqttFailure refused = MqttFailure.of(PacketType.DISCONNECT, ReasonCode.TOPIC_FILTER_INVALID).build();
		loss(refused, Duration.ofSeconds(25), "a");
		assertThat(this.guard.strikes("a")).isOne();
	}

	@Test
	void whatWasSentOnTheNextConnectionIsNotGuilty() {
		this.guard.sent(List.of("a"));
		this.guard.connectionLost(CLOSED, this.now.toEpochMilli() - 1);
		assertThat(this.guard.strikes("a")).isEqualTo(-1);
	}

	@Test
	void guiltThatWandersIsTheNetworks() {
		lossWith("a", "b");
		lossWith("a");
		assertThat(this.guard.strikes("a")).isOne();
		lossWith("b");
		assertThat(List.of(this.guard.strikes("a"), this.guard.strikes("b"))).containsOnly(-1);
	}

	@Test
	void twoGuiltyOnesAreBothBarredThoughTheGuiltWanders() {
		int losses = 0;
		while (!(this.guard.isBarred("a") && this.guard.isBarred("b")) && losses < 50) {
			losses++;
			if (!this.guard.hasSuspectBelow(FilterGuard.MAX_STRIKES)) {
				lossWith("a", "b");
			}
			else {
				answered("c");
				boolean first = !this.guard.isBarred("a")
						&& (this.guard.isBarred("b") || this.guard.strikes("a") <= this.guard.strikes("b"));
				lossWith((first) ? "a" : "b");
			}
		}
		assertThat(losses).isEqualTo(8);
		assertThat(this.guard.isBarred("c")).isFalse();
	}

	@Test
	void aBarEndsAndOneMoreLossBarsAgain() {
		bar("a");
		this.now = this.now.plus(AFTER).plus(BAR_TIME).minusMillis(1);
		assertThat(this.guard.isBarred("a")).isTrue();
		this.now = this.now.plusMillis(1);
		assertThat(this.guard.isBarred("a")).isFalse();
		assertThat(this.guard.hasSuspectBelow(FilterGuard.MAX_STRIKES)).isTrue();
		assertThat(lossWith("a")).containsExactly("a");
		assertThat(this.guard.isBarred("a")).isTrue();
	}

	@Test
	void twoThatTryAgainAndFailAreBarredAgainAtOnce() {
		bar("a");
		bar("b");
		this.now = this.now.plus(AFTER).plus(BAR_TIME);
		assertThat(lossWith("a")).containsExactly("a");
		assertThat(lossWith("b")).containsExactly("b");
	}

	@Test
	void withoutBarTimeABarStays() {
		FilterGuard guard = new FilterGuard(Duration.ZERO, this.clock);
		for (int i = 0; i <= FilterGuard.MAX_STRIKES; i++) {
			guard.sent(List.of("a"));
			guard.connectionLost(CLOSED, this.now.toEpochMilli());
			guard.ended(List.of("a"), false);
		}
		this.now = this.now.plus(Duration.ofDays(365));
		assertThat(guard.isBarred("a")).isTrue();
		assertThat(guard.advice()).doesNotContain(" s later");
	}

	@Test
	void aLossWithoutAnyOfThemLetsABarredOneTryAgain() {
		bar("a");
		lossWith("b");
		lossWith();
		assertThat(this.guard.isBarred("a")).isFalse();
		assertThat(this.guard.strikes("b")).isEqualTo(-1);
		assertThat(lossWith("a")).containsExactly("a");
	}

	@Test
	void aFilterIsForgiven() {
		bar("a");
		this.guard.forgive(List.of("a"));
		assertThat(this.guard.isBarred("a")).isFalse();
		assertThat(this.guard.strikes("a")).isEqualTo(-1);
	}

	private void bar(String filter) {
		for (int i = 0; i <= FilterGuard.MAX_STRIKES; i++) {
			lossWith(filter);
		}
		assertThat(this.guard.isBarred(filter)).isTrue();
	}

	private void answered(String filter) {
		this.guard.sent(List.of(filter));
		this.guard.ended(List.of(filter), true);
	}

	private Collection<String> lossWith(String... filters) {
		return loss(CLOSED, AFTER, filters);
	}

	private Collection<String> loss(MqttFailure failure, Duration after, String... filters) {
		List<String> sent = List.of(filters);
		this.guard.sent(sent);
		Instant time = this.now.plus(after);
		List<String> barred = this.guard.connectionLost(failure, time.toEpochMilli());
		this.guard.ended(sent, false);
		return barred;
	}

}
