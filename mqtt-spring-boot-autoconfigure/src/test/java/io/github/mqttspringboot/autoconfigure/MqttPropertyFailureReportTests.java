package io.github.mqttspringboot.autoconfigure;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application prints that does not start because of a property: what, where and
 * how to fix it. Each mistake is made for the primary client and for another.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttPropertyFailureReportTests {

	@TempDir
	private Path directory;

	// The YAML, with '@' for the prefix and ';' for the end of a line; the property below
	// the prefix; the line of its origin, 0 for none; the reason; the action
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					@.servers: http://broker                       | servers | 1 | The scheme http is unknown | The scheme is mqtt or tcp (port 1883 by default)
					@.servers: broker:1883                         | servers | 1 | There is no scheme: write mqtt:// in front of the host | @.username and @.password
					@.servers: mqtt://a, mqtt://b:99999            | servers | 1 | The port 99999 is out of range | Write a list of servers such as mqtt://broker-1:1883
					@.servers:;- mqtt://a;- mqtt://b c             | servers | 3 | There is a blank inside | Write a list of servers
					@.servers: mqtt://a/path                       | servers | 1 | Only a server over WebSocket (ws or wss) has a path | only ws and wss have a path
					@.servers: mqtt://a_b                          | servers | 1 | has an underscore | Write a list of servers
					@.servers: ""                                  | servers | 1 | There is no server | Write a list of servers
					@.servers: mqtt://${NO_HOST}:1883              | servers | 1 | The placeholder ${NO_HOST} cannot be resolved | Define NO_HOST
					@.client-id: gateway-${NO_HOST}                | client-id | 1 | The placeholder ${NO_HOST} cannot be resolved | ${NO_HOST:default}
					@.keep-alive: ${NO_TIME}                       | keep-alive | 1 | The placeholder ${NO_TIME} cannot be resolved | Define NO_TIME
					@.error-policy.connack.banned: ${NO_CLASS}     | error-policy.connack.banned | 1 | The placeholder ${NO_CLASS} cannot be resolved | Define NO_CLASS
					@.client-id: "a\\0b"                           | client-id | 1 | It contains the null character | at most 65535 bytes
					@.username: "a\\0b"                            | username | 1 | It contains the null character | at most 65535 bytes
					@.keep-alive: 65536                            | keep-alive | 1 | It is out of range | from 0s to 65535s
					@.keep-alive: 1500ms                           | keep-alive | 1 | The protocol knows only whole seconds | in whole seconds
					@.keep-alive: soon                             | keep-alive | 1 | It is not a duration | such as 10s, 5m or PT1H. A number alone means seconds.
					@.connect-timeout: 0                           | connect-timeout | 1 | It is not positive | Use a positive duration such as 10s
					@.connect-timeout: soon                        | connect-timeout | 1 | It is not a duration | A number alone means millis.
					@.session-expiry: -1s                          | session-expiry | 1 | It is out of range | from 0s to 4294967295s
					@.receive-maximum: 0                           | receive-maximum | 1 | It is out of range | from 1 to 65535
					@.receive-maximum: lots                        | receive-maximum | 1 | It is not a whole number up to 2147483647 | Use a whole number
					@.maximum-packet-size: 8GB                     | maximum-packet-size | 1 | It is out of range | from 1B to 4294967295B
					@.maximum-packet-size: huge                    | maximum-packet-size | 1 | It is not a size | such as 512KB or 10MB. A number alone means bytes.
					@.clean-start: maybe                           | clean-start | 1 | It is not a truth value | Use true or false.
					@.startup-mode: quick                          | startup-mode | 1 | It is not one of the values | Use one of: background, wait, fail-fast.
					@.startup-timeout: -1s                         | startup-timeout | 1 | It is negative | Use zero or a positive duration
					@.log-interval: -1s                            | log-interval | 1 | It is negative | Use zero or a positive duration
					@.incident-history: -1                         | incident-history | 1 | It is negative | Use zero or a positive whole number
					@.ssl.bundle: nowhere                          | ssl.bundle | 1 | There is no such SSL bundle | spring.ssl.bundle.pem.<name>. There is none at all.
					@.will.topic: a/#                              | will.topic | 1 | It is not a valid topic name | without wildcards
					@.will.payload: gone                           | will.topic | 0 | @.will.payload is set, but without a topic there is no will message | or remove @.will.payload
					@.will.qos: 2                                  | will.topic | 0 | @.will.qos is set, but without a topic there is no will message | or remove @.will.qos
					@.will.retain: true                            | will.topic | 0 | @.will.retain is set, but without a topic there is no will message | or remove @.will.retain
					@.will.delay: 5                                | will.topic | 0 | @.will.delay is set, but without a topic there is no will message | or remove @.will.delay
					@.will.message-expiry: 5                       | will.topic | 0 | @.will.message-expiry is set, but without a topic | or remove @.will.message-expiry
					@.will.content-type: text/plain                | will.topic | 0 | @.will.content-type is set, but without a topic | or remove @.will.content-type
					@.will.topic: a;@.will.qos: 3                  | will.qos | 2 | It is out of range | from 0 to 2
					@.will.topic: a;@.will.delay: 1ms              | will.delay | 2 | The protocol knows only whole seconds | in whole seconds
					@.reconnect.base-delay: -1s                    | reconnect.base-delay | 1 | It is negative | Use zero or a positive duration
					@.reconnect.base-delay: 0;@.reconnect.floor: 0 | reconnect.base-delay | 1 | With @.reconnect.floor of zero the client would reconnect without a pause | Use a positive duration such as 1s for one of them
					@.reconnect.multiplier: 0.5                    | reconnect.multiplier | 1 | It is out of range | at least 1
					@.reconnect.multiplier: twice                  | reconnect.multiplier | 1 | It is not a number | Use a number such as 2 or 1.5.
					@.reconnect.floor: 10m                         | reconnect.max-delay | 0 | It is shorter than @.reconnect.floor, which is 600s | or lower @.reconnect.floor
					@.reconnect.throttled-max-delay: 10s           | reconnect.throttled-max-delay | 1 | It is shorter than @.reconnect.throttled-floor, which is 30s | at least 30s
					@.reconnect.max-attempts: -1                   | reconnect.max-attempts | 1 | It is negative | Use zero or a positive whole number
					@.redirect.allowed-hosts: mqtt://b:1883        | redirect.allowed-hosts | 1 | It has a scheme | hosts with their ports such as broker-2.example.com:8883
					@.redirect.allowed-hosts:;- a:1883;- b         | redirect.allowed-hosts | 3 | There is no port | hosts with their ports
					@.redirect.allowed-hosts: "*.b.com:1883"       | redirect.allowed-hosts | 1 | It is not a host with a port | hosts with their ports
					@.persistence.type: file                       | persistence.directory | 0 | there is no directory for them | or set @.persistence.type to memory
					@.persistence.type: disk                       | persistence.type | 1 | It is not one of the values | Use one of: memory, file.
					@.publish.qos: 3                               | publish.qos | 1 | It is out of range | from 0 to 2
					@.publish.timeout: 0                           | publish.timeout | 1 | It is not positive | Use a positive duration
					@.publish.max-in-flight: 65536                 | publish.max-in-flight | 1 | It is out of range | from 1 to 65535
					@.publish.buffer-size: -1                      | publish.buffer-size | 1 | It is negative | Use zero or a positive whole number
					@.publish.when-disconnected: drop              | publish.when-disconnected | 1 | It is not one of the values | Use one of: buffer, fail.
					@.publish.on-session-loss: drop                | publish.on-session-loss | 1 | It is not one of the values | Use one of: resend, fail.
					@.subscribe.qos: -1                            | subscribe.qos | 1 | It is out of range | from 0 to 2
					@.subscribe.timeout: 0                         | subscribe.timeout | 1 | It is not positive | Use a positive duration
					@.request.timeout: 0                           | request.timeout | 1 | It is not positive | Use a positive duration
					@.request.reply-topic: a/+                     | request.reply-topic | 1 | It is not a valid topic name | without wildcards
					@.listener.concurrency: 0                      | listener.concurrency | 1 | It is out of range | from 1 to 10000
					@.listener.queue-capacity: 0                   | listener.queue-capacity | 1 | It is out of range | from 1 to
					@.listener.ack-mode: never                     | listener.ack-mode | 1 | It is not one of the values | Use one of: auto, manual, on-receipt.
					@.listener.dead-letter-topic: a/#              | listener.dead-letter-topic | 1 | It is not a topic name | without wildcards
					@.listener.shutdown-timeout: -1                | listener.shutdown-timeout | 1 | It is negative | Use zero or a positive duration
					@.listener.retry.max-attempts: 0               | listener.retry.max-attempts | 1 | It is out of range | from 1 to
					@.listener.retry.delay: 1h                     | listener.retry.max-delay | 0 | It is shorter than @.listener.retry.delay | or lower @.listener.retry.delay
					@.listener.retry.multiplier: 0                 | listener.retry.multiplier | 1 | It is out of range | at least 1
					@.health.down-after: -1                        | health.down-after | 1 | It is negative | Use zero or a positive duration
					@.error-policy.connack.not-authorized: success | error-policy.connack.not-authorized | 1 | CONNACK 0x87 Not authorized can only be one of | Use one of: reconnect, throttled, fatal.
					@.error-policy.disconnect.banned: fatal        | error-policy.disconnect.banned | 1 | DISCONNECT has no reason code of that name | Use one of: normal-disconnection
					@.error-policy.disconnect.server-busy: recoverable | error-policy.disconnect.server-busy | 1 | DISCONNECT 0x89 Server busy can only be one of | Use one of: reconnect, throttled, fatal.
					@.error-policy.connack.server-busy: redirect   | error-policy.connack.server-busy | 1 | CONNACK 0x89 Server busy can only be one of | Use one of: reconnect, throttled, fatal.
					@.error-policy.puback.not-authorized: success  | error-policy.puback.not-authorized | 1 | PUBACK 0x87 Not authorized can only be one of | Use one of: recoverable, reconnect, throttled, fatal.
					@.error-policy.connack.success: fatal          | error-policy.connack.success | 1 | CONNACK 0x00 Success is always SUCCESS | Remove the property: this class cannot be changed.
					@.error-policy.connack.BANNED: success         | error-policy.connack.banned | 1 | CONNACK 0x8A Banned can only be one of | Use one of: reconnect, throttled, fatal.
					@.error-policy.connack.bannned: fatal          | error-policy.connack.bannned | 1 | CONNACK has no reason code of that name | Use one of: unspecified-error, malformed-packet
					@.error-policy.connack.banned: throttle        | error-policy.connack.banned | 1 | There is no error class of that name | Use one of: reconnect, throttled, fatal.
					@.error-policy.conack.banned: fatal            | error-policy.conack | 1 | There is no packet of that name that has reason codes | Use one of: local, connack, puback
					@.error-policy.auth.success: fatal             | error-policy.auth | 1 | There is no packet of that name that has reason codes | Use one of: local, connack, puback
					@.error-policy.local.connection-refuse: fatal  | error-policy.local.connection-refuse | 1 | There is no local error of that name | Use one of: inbound-topic-alias-invalid
					@.error-policy.local.invalid-topic: fatal      | error-policy.local.invalid-topic | 1 | INVALID_TOPIC is always RECOVERABLE | Remove the property: this class cannot be changed.
					@.error-policy.connack: fatal                  | error-policy.connack | 1 | It is not a map of classes | as in @.error-policy.connack.not-authorized=throttled
					@.error-policy: fatal                          | error-policy | 1 | It is not a map of classes | as in @.error-policy.connack.not-authorized=throttled
					""")
	void theMistakeIsNamedWithItsPlaceAndItsRemedy(String yaml, String property, int line, String reason, String action,
			CapturedOutput output) {
		for (String prefix : new String[] { "mqtt", "mqtt.clients.eu" }) {
			String content = yaml.replace('@' + ".", prefix + ".").replace(';', '\n');
			FailureReport report = FailureReport.of(this.directory, content, output);
			assertThat(report.description()).contains("Property: " + prefix + "." + property + System.lineSeparator(),
					"Reason: ", reason.replace("@.", prefix + "."), FailureReport.origin(content, Math.max(line, 1)));
			if (line == 0) {
				assertThat(report.description()).contains("See also: ").doesNotContain("Origin: ");
			}
			assertThat(report.action()).contains(action.replace("@.", prefix + "."));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
							mqtt.clients.default.servers: mqtt://a | mqtt.clients | 1 | This is the name of the client of the mqtt.* properties | Set the mqtt.* properties instead
							mqtt.clients.EU_west.servers: mqtt://a | mqtt.clients | 1 | It is not the name of a client | Use lower-case letters and digits
							mqtt.clients.a-bc.keep-alive: 1;mqtt.clients.ab-c.keep-alive: 1 | mqtt.clients | 1 | It cannot be told from a-bc | Choose another name
							mqtt.clients.eu.server: mqtt://a | mqtt.clients | 1 | It has no property of a client, but [server] | Use the names of properties as in servers
					mqtt.clients: eu | mqtt.clients | 1 | It is not a value, but has the names of clients below it | as in mqtt.clients.north.servers=
							mqtt.clients.eu: mqtt | mqtt.clients.eu | 1 | It is not a value, but the name of a client | as in mqtt.clients.eu.servers=
							mqtt.servers: mqtt://a;mqtt.client-id: same;mqtt.clients.eu.clientId: same | mqtt.clients.eu.client-id | 3 | It is also the value of mqtt.client-id | Give each client a client identifier of its own
							mqtt.clients.us.client-id: same;mqtt.clients.eu.client-id: same | mqtt.clients.eu.client-id | 2 | It is also the value of mqtt.clients.us.client-id | Give each client a client identifier of its own
							""")
	void aMistakeInTheDeclarationOfClientsIsNamed(String yaml, String property, int line, String reason, String action,
			CapturedOutput output) {
		String content = yaml.replace(';', '\n');
		FailureReport report = FailureReport.of(this.directory, content, output);
		assertThat(report.description()).contains("Property: " + property + System.lineSeparator(), "Reason: " + reason,
				"Origin: ", FailureReport.origin(content, line));
		assertThat(report.action()).contains(action);
	}

	@Test
	void bothPlacesOfOneClientIdAreNamed(CapturedOutput output) {
		String yaml = "mqtt.clients.us.client-id: same\nmqtt.clients.eu.client-id: same\n";
		FailureReport report = FailureReport.of(this.directory, yaml, output);
		assertThat(report.description()).contains("See also: mqtt.clients.us.client-id from ",
				FailureReport.origin(yaml, 1), FailureReport.origin(yaml, 2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt.servers: mqtt://joe:hunter2@broker", "mqtt.servers: mqtt://a,mqtt://joe:hunter2@b",
			"mqtt.servers:\n- mqtt://joe:hunt\n- hunter2@broker", "mqtt.clients.eu: mqtt://joe:hunter2@broker",
			"mqtt.clients: mqtt://joe:hunter2@broker", "mqtt.keep-alive: joe:hunter2@broker",
			"mqtt.redirect.allowed-hosts: joe:hunter2@broker", "mqtt.user-properties.key: \"hunter2\\0\"",
			"mqtt.password: hunter2\nmqtt.username: \"a\\0b\"", "mqtt.servers: mqtt://joe:hunter2@${NO_HOST}:1883",
			"mqtt.publish.qos: joe:hunter2@broker" })
	void aSecretIsNotRepeated(String yaml, CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, yaml, output);
		assertThat(report.output()).doesNotContain("hunt").contains("Property: mqtt.", "Origin: ");
	}

	@Test
	void whatIsWrongWithABundleIsToldToTheLastCause(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, """
				mqtt:
				  servers: mqtts://broker
				  ssl:
				    bundle: broken
				spring.ssl.bundle.jks.broken.keystore:
				  location: file:/nowhere.p12
				  password: hunter2
				""", output);
		assertThat(report.description()).contains("Property: mqtt.ssl.bundle", "Value: \"broken\"",
				"application.yml] - 4:13", "/nowhere.p12 (No such file or directory)");
		assertThat(report.action()).contains("Correct the SSL bundle 'broken' below spring.ssl.bundle");
		assertThat(report.output()).doesNotContain("hunter2");
	}

	@Test
	void aPrivateKeyInPlaceOfAFileIsNotRepeated(CapturedOutput output) {
		String key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
		FailureReport report = FailureReport.of(this.directory, """
				mqtt.servers: mqtts://broker
				mqtt.ssl.bundle: broken
				spring.ssl.bundle.pem.broken.keystore.certificate: %s
				spring.ssl.bundle.pem.broken.keystore.private-key: %s
				""".formatted(key, key), output);
		assertThat(report.description()).contains("Property: mqtt.ssl.bundle",
				"Error reading certificate or key from file");
		assertThat(report.output()).doesNotContain(key.substring(0, 20));
	}

	@Test
	void aTextForTheServerIsWarnedOfIfItsPlaceholderCannotBeResolved(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, """
				mqtt.password: hunter2${NO_PASSWORD}
				mqtt.keep-alive: -1s
				""", output);
		assertThat(report.description()).contains("Property: mqtt.keep-alive");
		assertThat(report.output())
			.contains("The placeholder ${NO_PASSWORD} in 'mqtt.password' (origin: ",
					"application.yml] - 1:16) cannot be resolved: the server gets it as it is", "Define NO_PASSWORD")
			.doesNotContain("hunter2");
	}

	@Test
	void whatAnApplicationHasOfItsOwnBelowThePrefixIsLeftAlone(CapturedOutput output) {
		FailureReport report = FailureReport.of(this.directory, """
				mqtt.own.text: ${NO_TEXT}
				mqtt.keep-alive: -1s
				""", output);
		assertThat(report.description()).contains("Property: mqtt.keep-alive");
		assertThat(report.output()).doesNotContain("NO_TEXT");
	}

}
