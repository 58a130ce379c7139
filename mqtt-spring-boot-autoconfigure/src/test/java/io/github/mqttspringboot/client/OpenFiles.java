package io.github.mqttspringboot.client;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What this JVM has open.
 */
final class OpenFiles {

	static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private OpenFiles() {
	}

	/**
	 * Return the targets of all descriptors.
	 * @return the targets; those that are no files on disk do not begin with a slash
	 */
	static List<String> all() {
		List<String> targets = new ArrayList<>();
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
			for (Path descriptor : descriptors) {
				try {
					if (Files.isSymbolicLink(descriptor)) {
						targets.add(Files.readSymbolicLink(descriptor).toString());
					}
				}
				catch (NoSuchFileException ex) {
					// Closed meanwhile
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("The descriptors could not be read", ex);
		}
		return targets;
	}

	/**
	 * Return the files in a directory that are open.
	 * @param directory the directory
	 * @return the files; none where descriptors cannot be looked at
	 * @throws IOException if the directory is none
	 */
	static List<String> under(Path directory) throws IOException {
		String prefix = directory.toRealPath() + "/";
		return Files.isDirectory(DESCRIPTORS) ? all().stream().filter((target) -> target.startsWith(prefix)).toList()
				: List.of();
	}

}
