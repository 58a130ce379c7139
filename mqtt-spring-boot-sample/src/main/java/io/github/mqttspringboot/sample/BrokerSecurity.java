package io.github.mqttspringboot.sample;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

import javax.security.auth.Subject;

import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * Lets one user in, who may do everything but publish and subscribe under
 * {@code denied/}.
 */
class BrokerSecurity implements ActiveMQSecurityManager5 {

	private static final String DENIED = "denied";

	private final String username;

	private final String password;

	BrokerSecurity(String username, String password) {
		this.username = username;
		this.password = password;
	}

	@Override
	@SuppressWarnings("NullAway") // Artemis takes null for a user it is not to let in
	public Subject authenticate(@Nullable String user, @Nullable String password,
			@Nullable RemotingConnection connection, @Nullable String securityDomain) {
		if (!validateUser(user, password)) {
			return null;
		}
		Subject subject = new Subject();
		// Without this principal the broker refuses the connection all the same
		subject.getPrincipals().add(new UserPrincipal(this.username));
		return subject;
	}

	@Override
	public boolean authorize(@Nullable Subject subject, Set<Role> roles, CheckType checkType, String address) {
		return switch (checkType) {
			case SEND, CONSUME, CREATE_ADDRESS, CREATE_DURABLE_QUEUE, CREATE_NON_DURABLE_QUEUE -> !isDenied(address);
			default -> true;
		};
	}

	@Override
	public boolean validateUser(@Nullable String user, @Nullable String password) {
		return user != null && password != null && same(this.username, user) && same(this.password, password);
	}

	@Override
	public boolean validateUserAndRole(@Nullable String user, @Nullable String password, Set<Role> roles,
			CheckType checkType) {
		return validateUser(user, password);
	}

	// The broker's addresses are topics with . for /, and for a queue address::queue
	private static boolean isDenied(String address) {
		int separator = address.indexOf("::");
		String topic = (separator >= 0) ? address.substring(0, separator) : address;
		return topic.equals(DENIED) || topic.startsWith(DENIED + ".");
	}

	private static boolean same(String expected, String actual) {
		return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
				actual.getBytes(StandardCharsets.UTF_8));
	}

}
