package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.mqttspringboot.client.JournalRecord.Published;
import io.github.mqttspringboot.packet.Publish;
import io.github.mqttspringboot.packet.PublishProperties;

/**
 * Journals for tests of them.
 */
final class Journals {

	private Journals() {
	}

	static Published published(long key, String payload) {
		return published(key, 1, payload.getBytes(StandardCharsets.UTF_8));
	}

	static Published published(long key, int qos, byte[] payload) {
		PublishProperties properties = new PublishProperties(1, 60L, null, "reply/to", new byte[] { 1, 2, 3 },
				List.of(), List.of(), "text/plain");
		return new Published(key, new Publish((int) (key % 65_535) + 1, "a/b", qos, true, false, properties, payload),
				1_700_000_000_000L, false, false);
	}

	static byte[] bytes(String clientId, List<? extends JournalRecord> records) {
		ByteBuffer header = JournalCodec.header(clientId);
		ByteBuffer bytes = ByteBuffer.allocate(header.limit() + records.stream().mapToInt(JournalCodec::size).sum())
			.put(header);
		records.forEach((record) -> JournalCodec.encode(record, bytes));
		return bytes.array();
	}

	/** The only journal in a directory. */
	static Path only(Path directory) throws IOException {
		return all(directory, ".journal").get(0);
	}

	static List<Path> all(Path directory, String ending) throws IOException {
		try (var files = Files.list(directory)) {
			return files.filter((file) -> file.toString().contains(ending)).sorted().toList();
		}
	}

	/** What a crash at this moment would leave. */
	static Path copy(Path directory, Path target) throws IOException {
		Files.createDirectories(target);
		for (Path file : all(directory, ".journal")) {
			Files.copy(file, target.resolve(file.getFileName()));
		}
		return target;
	}

	/** Records without the payload arrays, which have no equals. */
	static List<String> describe(JournalImage image) {
		return image.records().stream().map(Journals::describe).toList();
	}

	static String describe(JournalRecord record) {
		if (record instanceof Published published) {
			return published.key() + " " + published.packet() + " " + published.packet().topic() + " "
					+ published.packet().properties().messageExpiryInterval() + " "
					+ published.packet().properties().contentType() + " " + published.expiresAt() + " "
					+ published.released() + " " + published.lost() + " "
					+ new String(published.packet().payload(), StandardCharsets.ISO_8859_1).hashCode();
		}
		return record.toString();
	}

}
