package io.github.mqttspringboot.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation shows the code that the tests run.
 */
class DocumentedFlowsTests {

	@Test
	void theFlowsOfTheDocumentationAreThoseThatAreTested() throws IOException {
		String tested = between(Path.of("src/test/java/io/github/mqttspringboot/integration/MeterFlows.java"),
				"// tag::flows[]\n", "// end::flows[]");
		String documented = between(Path.of("../docs/spring-integration.md"), "<!-- flows -->\n```java\n", "```");
		assertThat(documented).isEqualTo(tested);
	}

	private static String between(Path file, String start, String end) throws IOException {
		String text = Files.readString(file);
		int from = text.indexOf(start);
		assertThat(from).as("%s in %s", start, file).isNotNegative();
		return text.substring(from + start.length(), text.indexOf(end, from + start.length()));
	}

}
