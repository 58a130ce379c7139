package io.github.mqttspringboot.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;

import io.github.mqttspringboot.client.ClientState;
import io.github.mqttspringboot.client.ManagedMqttClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The dashboard and the alert rules of {@code docs/observability} ask for what a scrape
 * of the sample has.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "sample.broker.port=0")
class ObservabilityTests {

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((?<query>.+),\\s*(?<label>\\w+)\\)");

	private final HttpClient http = HttpClient.newHttpClient();

	private final URI prometheus;

	@Autowired
	private ManagedMqttClient client;

	ObservabilityTests(@Value("${local.server.port}") int port) {
		this.prometheus = URI.create("http://127.0.0.1:" + port + "/actuator/prometheus");
	}

	@BeforeEach
	void connected() {
		await().atMost(Duration.ofSeconds(30)).until(() -> this.client.state() == ClientState.CONNECTED);
	}

	@Test
	void scrapeHasAllThatThePanelsName() throws Exception {
		Scrape scrape = scrape();
		List<String> missing = new ArrayList<>();
		for (JsonNode panel : ObservabilityDocs.panels()) {
			for (JsonNode target : panel.path("targets")) {
				Set<String> legend = ObservabilityDocs.labels(target.path("legendFormat").asString(""));
				missing.addAll(scrape.missing(target.get("expr").stringValue(), legend));
			}
		}
		assertThat(missing).isEmpty();
	}

	@Test
	void scrapeHasAllThatTheVariablesName() throws Exception {
		Scrape scrape = scrape();
		List<String> missing = new ArrayList<>();
		for (JsonNode variable : ObservabilityDocs.dashboard().at("/templating/list")) {
			if (variable.get("type").stringValue().equals("query")) {
				Matcher query = LABEL_VALUES.matcher(variable.at("/query/query").stringValue());
				assertThat(query.matches()).isTrue();
				missing.addAll(scrape.missing(query.group("query"), Set.of(query.group("label"))));
			}
		}
		assertThat(missing).isEmpty();
	}

	@Test
	void scrapeHasAllThatTheAlertsName() throws Exception {
		Scrape scrape = scrape();
		List<String> missing = new ArrayList<>();
		for (Map<String, Object> rule : ObservabilityDocs.rules()) {
			Set<String> shown = ObservabilityDocs.labels(rule.get("annotations").toString());
			missing.addAll(scrape.missing((String) rule.get("expr"), shown));
		}
		assertThat(missing).isEmpty();
	}

	/**
	 * Those of other series make Prometheus before 2.43 refuse the scrape.
	 */
	@Test
	void exemplarsOfTracesAreOnCountersAndBucketsOnly() throws Exception {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> scrape().series().containsKey("http_server_requests_seconds_count"));
		assertThat(exemplars()).allMatch((line) -> line.matches("\\w+(_total|_bucket)\\{.*"));
	}

	private List<String> exemplars() throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(this.prometheus)
			.header("Accept", "application/openmetrics-text;version=1.0.0")
			.build();
		HttpResponse<String> response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("application/openmetrics-text"));
		return response.body().lines().filter((line) -> line.contains(" # {")).toList();
	}

	private Scrape scrape() throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(this.prometheus).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		return Scrape.parse(response.body());
	}

}
