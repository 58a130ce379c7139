package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.mqttspringboot.client.JournalReader.Condition;
import io.github.mqttspringboot.client.JournalReader.Result;
import io.github.mqttspringboot.client.JournalRecord.Completed;
import io.github.mqttspringboot.client.JournalRecord.Ended;
import io.github.mqttspringboot.client.JournalRecord.NewSession;
import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.client.JournalRecord.Received;
import io.github.mqttspringboot.client.JournalRecord.Released;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JournalReader} and {@link JournalCodec}.
 */
class JournalReaderTests {

	private static final String ID = "me";

	private static final List<JournalRecord> EVERY_KIND = List.of(Journals.published(1, "old"), new Received(9),
			new NewSession(), Journals.published(2, 2, new byte[200]), Journals.published(3, "three"), new Released(2),
			new Received(65_535), new Received(7), new Completed(7), new Ended(3), Journals.published(4, "four"));

	@TempDir
	Path directory;

	@Test
	void whatWasWrittenIsRead() throws IOException {
		Result result = read(Journals.bytes(ID, EVERY_KIND));
		assertThat(result.condition()).isEqualTo(Condition.GOOD);
		assertThat(Journals.describe(result.image())).containsExactly(
				Journals.describe(Journals.published(1, "old").withLost()),
				Journals.describe(Journals.published(2, 2, new byte[200]).withReleased()),
				Journals.describe(Journals.published(4, "four")), Journals.describe(new Received(65_535)));
		Result again = read(Journals.bytes(ID, result.image().records()));
		assertThat(Journals.describe(again.image())).isEqualTo(Journals.describe(result.image()));
	}

	@Test
	void aJournalTornAtAnyByteIsGoodUpToItsLastWholeRecord() throws IOException {
		byte[] whole = Journals.bytes(ID, EVERY_KIND);
		List<Integer> ends = ends();
		for (int size = 0; size < whole.length; size++) {
			int end = size;
			Result result = read(Arrays.copyOf(whole, size));
			int records = (int) ends.stream().filter((position) -> position <= end).count();
			boolean clean = size == 0 || ends.contains(size);
			assertThat(result.condition()).as("torn at %d", size).isEqualTo((clean) ? Condition.GOOD : Condition.TORN);
			assertThat((int) result.good())
				.isEqualTo(ends.stream().filter((position) -> position <= end).max(Integer::compare).orElse(0));
			assertThat(Journals.describe(result.image()))
				.isEqualTo(Journals.describe(image(EVERY_KIND.subList(0, Math.max(0, records - 1)))));
		}
	}

	@Test
	void aTailOfZeroesIsTorn() throws IOException {
		byte[] whole = Journals.bytes(ID, EVERY_KIND);
		Result result = read(Arrays.copyOf(whole, whole.length + 100_000));
		assertThat(result.condition()).isEqualTo(Condition.TORN);
		assertThat(result.good()).isEqualTo(whole.length);
	}

	@Test
	void anyFlippedBitIsFoundAndWhatIsBeforeItCounts() throws IOException {
		byte[] whole = Journals.bytes(ID, EVERY_KIND);
		List<Integer> ends = ends();
		int last = ends.get(ends.size() - 2);
		Random random = new Random(1);
		for (int position = 0; position < whole.length; position++) {
			int flipped = position;
			byte[] bytes = whole.clone();
			bytes[position] ^= (byte) (1 << random.nextInt(8));
			Result result = read(bytes);
			// Of the last record nobody can tell whether it was torn or damaged
			assertThat(result.condition()).as("flipped in %d", position)
				.isEqualTo((position < last) ? Condition.DAMAGED : Condition.TORN);
			int records = (int) ends.stream().filter((end) -> end <= flipped).count();
			assertThat(Journals.describe(result.image()))
				.isEqualTo(Journals.describe(image(EVERY_KIND.subList(0, Math.max(0, records - 1)))));
		}
	}

	/** The reader looks for it window by window, of 64 KiB. */
	@Test
	void aWholeRecordBehindADamagedOneIsFoundWhereverItBegins() throws IOException {
		int overhead = JournalCodec.size(Journals.published(1, 1, new byte[0]));
		int header = JournalCodec.header(ID).limit();
		for (int size = 65_536 - 6; size <= 65_536 + 6; size++) {
			byte[] bytes = Journals.bytes(ID,
					List.of(Journals.published(1, 1, new byte[size - overhead]), new NewSession()));
			bytes[header + size / 2] ^= 1;
			assertThat(read(bytes).condition()).as("behind %d bytes", size).isEqualTo(Condition.DAMAGED);
		}
	}

	@Test
	void aRecordOfAnUnknownKindIsDamageAndNoEndlessCrash() throws IOException {
		byte[] whole = Journals.bytes(ID, List.of(new NewSession()));
		int kind = whole.length - 1;
		whole[kind] = 99;
		ByteBuffer bytes = ByteBuffer.wrap(whole);
		bytes.putInt(kind - 4, JournalCodec.checksum(1, bytes.duplicate().position(kind)));
		assertThat(read(whole).condition()).isEqualTo(Condition.DAMAGED);
	}

	@Test
	void theJournalOfAnotherClientIsNotTaken() throws IOException {
		Result result = read(Journals.bytes("another", EVERY_KIND));
		assertThat(result.condition()).isEqualTo(Condition.DAMAGED);
		assertThat(result.image().isEmpty()).isTrue();
	}

	@Test
	void aPayloadThatLooksLikeARecordChangesNothing() throws IOException {
		byte[] fake = Journals.bytes(ID, List.of(Journals.published(77, "fake")));
		List<JournalRecord> records = List.of(Journals.published(1, "good"), Journals.published(2, 1, fake));
		assertThat(read(Journals.bytes(ID, records)).image().outbound()).extracting(Published::key)
			.containsExactly(1L, 2L);
		byte[] whole = Journals.bytes(ID, records);
		assertThat(read(Arrays.copyOf(whole, whole.length - 1)).image().outbound()).extracting(Published::key)
			.containsExactly(1L);
	}

	@Test
	void aPayloadFullOfMarksIsReadInTime() throws IOException {
		ByteBuffer marks = ByteBuffer.allocate(8_000_000);
		while (marks.hasRemaining()) {
			marks.putInt(JournalCodec.MARK).putInt(4_000_000);
		}
		byte[] whole = Journals.bytes(ID, List.of(Journals.published(1, 1, marks.array())));
		assertThat(read(Arrays.copyOf(whole, whole.length - 1)).good()).isEqualTo(JournalCodec.header(ID).limit());
	}

	@Test
	void randomBytesAreNeverMoreThanDamage() throws IOException {
		Random random = new Random(2);
		for (int i = 0; i < 300; i++) {
			byte[] bytes = new byte[random.nextInt(2000)];
			random.nextBytes(bytes);
			assertThat(read(bytes).image().isEmpty()).isTrue();
		}
	}

	private static List<Integer> ends() {
		List<Integer> ends = new ArrayList<>();
		ends.add(JournalCodec.header(ID).limit());
		EVERY_KIND.forEach((record) -> ends.add(ends.get(ends.size() - 1) + JournalCodec.size(record)));
		return ends;
	}

	private static JournalImage image(List<JournalRecord> records) {
		JournalImage image = new JournalImage();
		records.forEach(image::apply);
		return image;
	}

	private Result read(byte[] bytes) throws IOException {
		Path file = this.directory.resolve("test.journal");
		Files.write(file, bytes);
		return JournalReader.read(file, ID);
	}

}
