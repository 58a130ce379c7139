package io.github.mqttspringboot.docker.compose;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The first user that the environment of an EMQX 4 declares. The images of EMQX 5,
 * Mosquitto and HiveMQ CE have no such variables.
 */
class EmqxEnvironment {

	private final @Nullable String username;

	private final @Nullable String password;

	EmqxEnvironment(Map<String, @Nullable String> env) {
		this.username = env.get("EMQX_AUTH__USER__1__USERNAME");
		this.password = env.get("EMQX_AUTH__USER__1__PASSWORD");
	}

	@Nullable String getUsername() {
		return this.username;
	}

	@Nullable String getPassword() {
		return this.password;
	}

}
