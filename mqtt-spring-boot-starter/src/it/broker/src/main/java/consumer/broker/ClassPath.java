package consumer.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an application is made of, as Maven has resolved it, without what only its test
 * needs.
 */
public final class ClassPath {

	private ClassPath() {
	}

	/**
	 * Return the names of the artifacts.
	 * @return the names in alphabetical order
	 */
	public static List<String> artifacts() {
		try {
			String classPath = Files.readString(Path.of("target", "class-path")).strip();
			// In a repository: …/artifact/version/artifact-version.jar
			return Stream.of(classPath.split(System.getProperty("path.separator")))
				.map(Path::of)
				.map((jar) -> jar.getName(jar.getNameCount() - 3).toString())
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
