package io.github.mqttspringboot.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import jdk.jfr.consumer.RecordingStream;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/**
 * What runs in the JVM of a {@link SyncingBroker}. It ends with its standard input, and
 * so with the JVM that started it.
 */
public final class SyncingBrokerProcess {

	static final String READY = "ready";

	static final String SYNCS = "syncs";

	private SyncingBrokerProcess() {
	}

	public static void main(String[] arguments) throws Exception {
		ActiveMQServerImpl server = new ActiveMQServerImpl(
				configuration(Integer.parseInt(arguments[0]), Path.of(arguments[1])));
		server.start();
		System.out.println(READY);
		answer();
		Runtime.getRuntime().halt(0);
	}

	private static void answer() throws IOException {
		BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		AtomicLong syncs = new AtomicLong();
		RecordingStream recording = null;
		while (SYNCS.equals(questions.readLine())) {
			if (recording == null) {
				recording = new RecordingStream();
				recording.enable("jdk.FileForce").withoutThreshold();
				recording.onEvent("jdk.FileForce", (event) -> syncs.incrementAndGet());
				recording.startAsync();
			}
			System.out.println(SYNCS + " " + syncs.get());
		}
	}

	private static ConfigurationImpl configuration(int port, Path directory) throws Exception {
		ConfigurationImpl configuration = new ConfigurationImpl();
		configuration.setName("syncing");
		configuration.setSecurityEnabled(false);
		configuration.setJMXManagementEnabled(false);
		configuration.setMessageCounterEnabled(false);
		configuration.setBrokerInstance(directory.toFile());
		configuration.setBindingsDirectory(directory.resolve("bindings").toString());
		configuration.setJournalDirectory(directory.resolve("journal").toString());
		configuration.setLargeMessagesDirectory(directory.resolve("large").toString());
		configuration.setPagingDirectory(directory.resolve("paging").toString());
		configuration.setPersistenceEnabled(true);
		configuration.setJournalType(JournalType.NIO);
		configuration.setJournalDatasync(true);
		configuration.setJournalSyncTransactional(true);
		configuration.setJournalSyncNonTransactional(true);
		configuration.setJournalBufferTimeout_NIO(500_000);
		configuration.setJournalFileSize(1024 * 1024);
		configuration.setJournalMinFiles(2);
		configuration.setThreadPoolMaxSize(8);
		configuration.setScheduledThreadPoolMaxSize(2);
		configuration.addAddressSetting("#",
				new AddressSettings().setAutoCreateAddresses(true)
					.setAutoCreateQueues(true)
					.setAutoDeleteAddresses(false)
					.setAutoDeleteQueues(false));
		configuration.addAcceptorConfiguration("mqtt",
				"tcp://127.0.0.1:%d?protocols=MQTT;useEpoll=false;useKQueue=false;remotingThreads=2".formatted(port));
		return configuration;
	}

}
