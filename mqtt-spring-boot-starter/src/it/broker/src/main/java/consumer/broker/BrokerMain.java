package consumer.broker;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Set;

import javax.security.auth.Subject;

import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;

/**
 * ActiveMQ Artemis on a free port of 127.0.0.1, without a file. It refuses what is below
 * {@code denied/}. It says its port, answers each line with the number of connections
 * that it has accepted, and ends with its input.
 */
public final class BrokerMain {

	private BrokerMain() {
	}

	public static void main(String[] args) throws Exception {
		ActiveMQServer server = new ActiveMQServerImpl(configuration(Path.of(args[0])), new Security());
		server.start();
		NettyAcceptor acceptor = (NettyAcceptor) server.getRemotingService().getAcceptor("mqtt");
		System.out.println(acceptor.getActualPort());
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
		while (input.readLine() != null) {
			System.out.println(server.getTotalConnectionCount());
		}
		server.stop();
		System.exit(0);
	}

	private static ConfigurationImpl configuration(Path directory) throws Exception {
		ConfigurationImpl configuration = new ConfigurationImpl();
		configuration.setPersistenceEnabled(false);
		configuration.setBrokerInstance(directory.toFile());
		configuration.setJMXManagementEnabled(false);
		configuration.setSecurityEnabled(true);
		configuration.addAddressSetting("#",
				new AddressSettings().setAutoCreateAddresses(true).setAutoCreateQueues(true));
		configuration.addAcceptorConfiguration("mqtt",
				"tcp://127.0.0.1:0?protocols=MQTT;useEpoll=false;useKQueue=false;remotingThreads=2");
		return configuration;
	}

	private static final class Security implements ActiveMQSecurityManager5 {

		@Override
		public Subject authenticate(String user, String password, RemotingConnection connection, String domain) {
			Subject subject = new Subject();
			subject.getPrincipals().add(new UserPrincipal((user != null) ? user : "anonymous"));
			return subject;
		}

		@Override
		public boolean authorize(Subject subject, Set<Role> roles, CheckType checkType, String address) {
			// An address has dots for the slashes of the topic
			return !address.startsWith("denied.");
		}

		@Override
		public boolean validateUser(String user, String password) {
			return true;
		}

		@Override
		public boolean validateUserAndRole(String user, String password, Set<Role> roles, CheckType checkType) {
			throw new UnsupportedOperationException("Artemis asks authorize instead");
		}

	}

}
