package io.github.mqttspringboot.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerList}.
 */
class ServerListTests {

	private static final URI ONE = URI.create("mqtt://one");

	private static final URI TWO = URI.create("mqtt://two");

	private static final URI THREE = URI.create("mqtt://three");

	private final ServerList servers = new ServerList(List.of(ONE, TWO, THREE));

	@Test
	void eachAttemptGoesThroughAllInOrder() {
		assertThat(attempt()).containsExactly(ONE, TWO, THREE);
		assertThat(attempt()).containsExactly(ONE, TWO, THREE);
	}

	@Test
	void anAttemptStartsAtTheFirstWhereverTheLastOneEnded() {
		this.servers.begin();
		this.servers.next();
		assertThat(attempt()).containsExactly(ONE, TWO, THREE);
	}

	@Test
	void theServerThatRefusedGoesLastOnce() {
		this.servers.refused(ONE);
		assertThat(attempt()).containsExactly(TWO, THREE, ONE);
		assertThat(attempt()).containsExactly(ONE, TWO, THREE);
	}

	@Test
	void onlyTheLastToRefuseGoesLast() {
		this.servers.refused(ONE);
		this.servers.refused(TWO);
		assertThat(attempt()).containsExactly(ONE, THREE, TWO);
	}

	@Test
	void aConnectionForgetsWhoRefused() {
		this.servers.refused(ONE);
		this.servers.accepted();
		assertThat(attempt()).containsExactly(ONE, TWO, THREE);
	}

	@Test
	void aServerThatIsNotConfiguredChangesNothing() {
		this.servers.refused(URI.create("mqtt://elsewhere"));
		assertThat(attempt()).containsExactly(ONE, TWO, THREE);
	}

	@Test
	void whereAServerPointsToIsTriedFirstAndOnce() {
		URI four = URI.create("mqtt://four");
		this.servers.beginAt(List.of(four, TWO));
		assertThat(this.servers.beginsElsewhere()).isTrue();
		assertThat(attempt()).containsExactly(four, TWO, ONE, THREE);
		assertThat(this.servers.beginsElsewhere()).isFalse();
		assertThat(attempt()).containsExactly(ONE, TWO, THREE);
	}

	@Test
	void aDetourWithinAnAttemptGoesOnWithWhatHasNotBeenTried() {
		URI four = URI.create("mqtt://four");
		this.servers.begin();
		assertThat(this.servers.divert(List.of(four, THREE))).isEqualTo(four);
		assertThat(this.servers.next()).isEqualTo(THREE);
		assertThat(this.servers.next()).isEqualTo(TWO);
		assertThat(this.servers.next()).isNull();
	}

	@Test
	void whoBeginsAnewTakesNoDetour() {
		this.servers.beginAt(List.of(URI.create("mqtt://four")));
		this.servers.stay();
		assertThat(attempt()).containsExactly(ONE, TWO, THREE);
	}

	@Test
	void aServerIsOtherUnlessItHasSentTheClientAway() {
		assertThat(this.servers.hasOther()).isTrue();
		this.servers.sentAway(ONE);
		this.servers.sentAway(TWO);
		this.servers.sentAway(URI.create("mqtt://elsewhere"));
		assertThat(this.servers.hasOther()).isTrue();
		this.servers.sentAway(THREE);
		assertThat(this.servers.hasOther()).isFalse();
		this.servers.accepted();
		assertThat(this.servers.hasOther()).isTrue();
	}

	@Test
	void theOnlyServerIsTriedEvenIfItRefused() {
		ServerList only = new ServerList(List.of(ONE));
		only.refused(ONE);
		assertThat(only.begin()).isEqualTo(ONE);
		assertThat(only.next()).isNull();
	}

	private List<URI> attempt() {
		List<URI> tried = new ArrayList<>();
		for (URI server = this.servers.begin(); server != null; server = this.servers.next()) {
			tried.add(server);
		}
		return tried;
	}

}
