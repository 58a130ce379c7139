package io.github.mqttspringboot.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.junit.jupiter.api.Test;

import io.github.mqttspringboot.client.ClientStatistics.Key;
import io.github.mqttspringboot.error.ErrorClass;
import io.github.mqttspringboot.error.LocalError;
import io.github.mqttspringboot.error.MqttFailure;
import io.github.mqttspringboot.error.PacketType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientStatistics}.
 */
class ClientStatisticsTests {

	private final ClientStatistics statistics = new ClientStatistics(new ClientLog("default", "test"));

	@Test
	void eachClassButSuccessIsThereAtZeroFromTheStart() {
		for (ClientStatistics.Series series : List.of(this.statistics.errors(), this.statistics.reconnects())) {
			Map<Key, LongAdder> seen = new LinkedHashMap<>();
			series.observe(seen::put);
			assertThat(seen.keySet()).containsExactlyInAnyOrder(none(ErrorClass.RECOVERABLE),
					none(ErrorClass.RECONNECT), none(ErrorClass.THROTTLED), none(ErrorClass.REDIRECT),
					none(ErrorClass.FATAL));
			assertThat(seen.values()).allMatch((count) -> count.sum() == 0);
			assertThat(series.total()).isZero();
		}
	}

	@Test
	void countsAreByClassPacketAndReason() {
		ClientStatistics.Series errors = this.statistics.errors();
		errors.increment(MqttFailure.of(PacketType.PUBACK, 0x87).topic("a").build(), ErrorClass.RECOVERABLE);
		errors.increment(MqttFailure.of(PacketType.PUBACK, 0x87).topic("b").build(), ErrorClass.RECOVERABLE);
		errors.increment(MqttFailure.of(PacketType.PUBREC, 0xC7).build(), ErrorClass.RECOVERABLE);
		errors.increment(MqttFailure.local(LocalError.CONNECTION_REFUSED).build(), ErrorClass.RECONNECT);
		Map<Key, LongAdder> seen = new LinkedHashMap<>();
		errors.observe(seen::put);
		assertThat(seen.get(new Key(ErrorClass.RECOVERABLE, "puback", "not-authorized")).sum()).isEqualTo(2);
		assertThat(seen.get(new Key(ErrorClass.RECOVERABLE, "pubrec", "0xC7")).sum()).isOne();
		assertThat(seen.get(new Key(ErrorClass.RECONNECT, "local", "connection-refused")).sum()).isOne();
		assertThat(errors.total()).isEqualTo(4);
		assertThat(errors.total(ErrorClass.RECOVERABLE)).isEqualTo(3);
		assertThat(errors.total(ErrorClass.FATAL)).isZero();
		assertThat(this.statistics.reconnects().total()).isZero();
	}

	@Test
	void observersHearOfKeysThatComeLater() {
		List<Key> keys = new ArrayList<>();
		this.statistics.reconnects().observe((key, count) -> keys.add(key));
		int before = keys.size();
		for (int i = 0; i < 3; i++) {
			this.statistics.reconnects()
				.increment(MqttFailure.of(PacketType.DISCONNECT, 0x8B).build(), ErrorClass.RECONNECT);
		}
		assertThat(keys).hasSize(before + 1)
			.endsWith(new Key(ErrorClass.RECONNECT, "disconnect", "server-shutting-down"));
	}

	@Test
	void countsFromManyThreadsAreExact() throws Exception {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			Thread thread = new Thread(() -> {
				for (int j = 0; j < 10_000; j++) {
					this.statistics.errors()
						.increment(MqttFailure.of(PacketType.PUBACK, 0x80 + j % 50).build(), ErrorClass.RECOVERABLE);
				}
			});
			threads.add(thread);
			thread.start();
		}
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(this.statistics.errors().total()).isEqualTo(40_000);
	}

	private static Key none(ErrorClass errorClass) {
		return new Key(errorClass, "none", "none");
	}

}
