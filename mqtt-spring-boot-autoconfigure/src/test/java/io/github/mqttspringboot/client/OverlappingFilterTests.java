package io.github.mqttspringboot.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.testing.ArtemisBroker;
import io.github.mqttspringboot.testing.HiveMqBroker;
import io.github.mqttspringboot.testing.MosquittoBroker;
import io.github.mqttspringboot.testing.RequiresMosquitto;
import io.github.mqttspringboot.testing.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Filters that overlap, on real servers: each has its own way to say which it means.
 */
class OverlappingFilterTests {

	private final List<String> received = new CopyOnWriteArrayList<>();

	@Test
	@RequiresMosquitto
	void mosquittoSendsACopyForEachFilterAndEachHolderGetsOne() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous()) {
			assertThat(deliveries(broker.uri())).containsExactlyInAnyOrder("levels 1", "whole 1", "levels 2",
					"whole 2");
		}
	}

	@Test
	void hiveMqSendsOneCopyForAllAndEachHolderGetsIt() {
		try (HiveMqBroker broker = HiveMqBroker.startAnonymous()) {
			assertThat(deliveries(broker.uri())).containsExactlyInAnyOrder("levels 1", "whole 1", "levels 2",
					"whole 2");
		}
	}

	@Test
	void artemisSendsACopyForEachFilterAndSaysOfEachThatItIsForAll() {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
			assertThat(deliveries(broker.uri())).containsExactlyInAnyOrder("levels 1", "whole 1", "levels 1", "whole 1",
					"levels 2", "whole 2", "levels 2", "whole 2");
		}
	}

	@Test
	@RequiresMosquitto
	void onMosquittoEachHolderGetsOneCopyThoughOneHasOverlappingFilters() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous()) {
			assertThat(deliveriesOfASharedFilter(broker.uri())).containsExactlyInAnyOrder("one 1", "both 1", "one 2",
					"both 2");
		}
	}

	@Test
	void onArtemisEachHolderGetsEachCopyAsTheyAllSayThatTheyAreForAll() {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
			assertThat(deliveriesOfASharedFilter(broker.uri())).containsExactlyInAnyOrder("one 1", "one 1", "both 1",
					"both 1", "one 2", "one 2", "both 2", "both 2");
		}
	}

	@Test
	void onHiveMqEachHolderGetsOneCopyThoughOneHasOverlappingFilters() {
		try (HiveMqBroker broker = HiveMqBroker.startAnonymous()) {
			assertThat(deliveriesOfASharedFilter(broker.uri())).containsExactlyInAnyOrder("one 1", "both 1", "one 2",
					"both 2");
		}
	}

	@Test
	@RequiresMosquitto
	void theIdentifiersOfAKeptSessionStillMeanTheSameHolders() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous();
				TcpProxy proxy = TcpProxy.to(broker.port());
				LiveClient live = new LiveClient(proxy.uri()).connect()) {
			subscribe(live, "whole", "a/#");
			subscribe(live, "levels", "a/+");
			proxy.cutAll();
			live.awaitConnections(2);
			assertThat(live.client.connection().sessionPresent()).isTrue();
			assertThat(deliveries(live)).containsExactlyInAnyOrder("levels 1", "whole 1", "levels 2", "whole 2");
		}
	}

	@Test
	void stoppingOneHolderLeavesTheFilterToTheOtherOnArtemis() {
		try (ArtemisBroker broker = ArtemisBroker.startAnonymous()) {
			stopOne(broker.uri());
		}
	}

	@Test
	@RequiresMosquitto
	void stoppingOneHolderLeavesTheFilterToTheOtherOnMosquitto() {
		try (MosquittoBroker broker = MosquittoBroker.startAnonymous()) {
			stopOne(broker.uri());
		}
	}

	private void stopOne(String server) {
		try (LiveClient live = new LiveClient(server).connect()) {
			SubscriptionHolder first = subscribe(live, "first", "a");
			SubscriptionHolder second = subscribe(live, "second", "a");
			assertThat(live.client.unsubscribe(first, "a").join().entries().get(0).code()).isZero();
			live.client.publish(PublishRequest.to("a").payload("1").qos(1).build()).join();
			Awaitility.await().untilAsserted(() -> assertThat(this.received).containsExactly("second 1"));
			assertThat(live.client.unsubscribe(second, "a").join().entries().get(0).code()).isZero();
			assertThat(live.client.unsubscribe(second, "a").join().entries().get(0).code()).isEqualTo(0x11);
		}
	}

	private List<String> deliveries(String server) {
		try (LiveClient live = new LiveClient(server).connect()) {
			subscribe(live, "whole", "a/#");
			subscribe(live, "levels", "a/+");
			return deliveries(live);
		}
	}

	private List<String> deliveriesOfASharedFilter(String server) {
		try (LiveClient live = new LiveClient(server).connect()) {
			subscribe(live, "one", "a/#");
			subscribe(live, "both", "a/#", "a/b");
			return deliveries(live);
		}
	}

	private List<String> deliveries(LiveClient live) {
		subscribe(live, "end", "end");
		live.client.publish(PublishRequest.to("a/b").payload("1").qos(1).build()).join();
		live.client.publish(PublishRequest.to("a/b").payload("2").qos(1).build()).join();
		// What comes too often has come once the last has
		live.client.publish(PublishRequest.to("end").payload("").qos(1).build()).join();
		Awaitility.await().untilAsserted(() -> assertThat(this.received).contains("end "));
		return this.received.stream().filter((each) -> !each.equals("end ")).toList();
	}

	private SubscriptionHolder subscribe(LiveClient live, String name, String... filters) {
		SubscriptionHolder holder = SubscriptionHolder.named(name);
		live.client
			.subscribe(Stream.of(filters)
				.map((filter) -> SubscribeRequest.to(filter)
					.qos(1)
					.holder(holder)
					.handler((message) -> this.received
						.add(name + " " + new String(message.payload(), StandardCharsets.UTF_8)))
					.build())
				.toArray(SubscribeRequest[]::new))
			.join();
		return holder;
	}

}
