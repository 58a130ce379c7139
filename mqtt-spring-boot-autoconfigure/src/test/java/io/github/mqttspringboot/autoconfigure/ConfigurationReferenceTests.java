package io.github.mqttspringboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The properties' reference says what the metadata says. After a change run this with
 * {@code -Dreference.write=true}.
 */
class ConfigurationReferenceTests {

	private static final Path FILE = Path.of("..", "docs", "configuration.md");

	@Test
	void theTablesOfTheDocumentationAreThoseOfTheMetadata() throws Exception {
		ConfigurationReference reference = new ConfigurationReference(ConfigurationMetadata.read());
		String text = Files.readString(FILE);
		String expected = replace(replace(text, "properties", reference.tables()), "reasons", reference.reasons());
		if (Boolean.getBoolean("reference.write")) {
			Files.writeString(FILE, expected);
		}
		assertThat(Files.readString(FILE)).as("run this test with -Dreference.write=true").isEqualTo(expected);
	}

	@Test
	void everyPropertyAndEveryReasonIsInTheDocumentation() throws Exception {
		ConfigurationMetadata metadata = ConfigurationMetadata.read();
		assertThat(Files.readString(FILE))
			.contains(metadata.properties().keySet().stream().map((name) -> "| `" + name + "` |").toList())
			.contains(metadata.hints("mqtt.error-policy.local.keys").stream().map((name) -> "`" + name + "`").toList());
	}

	private static String replace(String text, String name, String content) throws IOException {
		String start = "<!-- " + name + " -->\n";
		String end = "<!-- /" + name + " -->";
		assertThat(text).contains(start, end);
		return text.substring(0, text.indexOf(start) + start.length()) + content + text.substring(text.indexOf(end));
	}

}
