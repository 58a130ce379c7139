package io.github.mqttspringboot.fuzz;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts this process's descriptors that are sockets, where the system shows them.
 */
final class Sockets {

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private Sockets() {
	}

	static boolean areVisible() {
		return Files.isDirectory(DESCRIPTORS);
	}

	static int count() {
		int count = 0;
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
			for (Path descriptor : descriptors) {
				if (isSocket(descriptor)) {
					count++;
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("The descriptors could not be read", ex);
		}
		return count;
	}

	private static boolean isSocket(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
		}
		catch (IOException ex) {
			// Closed meanwhile
			return false;
		}
	}

}
