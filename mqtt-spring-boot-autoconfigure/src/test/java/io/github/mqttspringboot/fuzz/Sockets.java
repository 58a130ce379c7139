package io.github.mqttspringboot.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * This process's descriptors that are sockets, where the system shows them. Those of the
 * local machine (Unix) do not count: the JDK opens some, once for all, when it needs
 * them.
 */
final class Sockets {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private static final Path LOCAL = Path.of("/proc/self/net/unix");

	private static final Path[] TABLES = { Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6") };

	private Sockets() {
	}

	static boolean areVisible() {
		return Files.isDirectory(DESCRIPTORS) && Files.isReadable(LOCAL);
	}

	/**
	 * Return what is open now.
	 * @return addresses and state of each socket, as the system writes them, by its
	 * number
	 */
	static Map<String, String> open() {
		Map<String, String> open = new TreeMap<>();
		try {
			Set<String> local = column(LOCAL, 6, 6).keySet();
			Map<String, String> known = new HashMap<>();
			for (Path table : TABLES) {
				known.putAll(column(table, 9, 1));
			}
			try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
				for (Path descriptor : descriptors) {
					String number = number(descriptor);
					if (!number.isEmpty() && !local.contains(number)) {
						open.put(number, known.getOrDefault(number, "not connected"));
					}
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("The descriptors could not be read", ex);
		}
		return open;
	}

	private static Map<String, String> column(Path table, int number, int from) throws IOException {
		Map<String, String> column = new HashMap<>();
		if (Files.isReadable(table)) {
			for (String line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
				List<String> fields = List.of(line.trim().split("\\s+"));
				column.put(fields.get(number),
						String.join(" ", fields.subList(from, Math.min(from + 3, fields.size()))));
			}
		}
		return column;
	}

	private static String number(Path descriptor) {
		try {
			String target = Files.readSymbolicLink(descriptor).toString();
			return target.startsWith("socket:[") ? target.substring(8, target.length() - 1) : "";
		}
		catch (IOException ex) {
			return ""; // closed meanwhile
		}
	}

}
