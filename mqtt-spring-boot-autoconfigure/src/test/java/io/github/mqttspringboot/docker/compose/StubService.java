package io.github.mqttspringboot.docker.compose;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;

/**
 * A service as {@code docker compose} would report it, of which nothing runs.
 */
final class StubService implements RunningService, ConnectionPorts {

	private final String image;

	private String name = "app-broker-1";

	private final Map<Integer, Integer> ports = new HashMap<>();

	private final Map<String, String> labels = new HashMap<>();

	private final Map<String, @Nullable String> env = new HashMap<>();

	StubService(String image) {
		this.image = image;
	}

	StubService name(String name) {
		this.name = name;
		return this;
	}

	StubService port(int containerPort, int hostPort) {
		this.ports.put(containerPort, hostPort);
		return this;
	}

	StubService label(String name, String value) {
		this.labels.put(name, value);
		return this;
	}

	StubService env(String name, String value) {
		this.env.put(name, value);
		return this;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public ImageReference image() {
		return ImageReference.of(this.image);
	}

	@Override
	public String host() {
		return "127.0.0.1";
	}

	@Override
	public ConnectionPorts ports() {
		return this;
	}

	@Override
	public Map<String, @Nullable String> env() {
		return this.env;
	}

	@Override
	public Map<String, String> labels() {
		return this.labels;
	}

	@Override
	public int get(int containerPort) {
		Integer port = this.ports.get(containerPort);
		if (port == null) {
			throw new IllegalStateException("No host port mapping found for container port " + containerPort);
		}
		return port;
	}

	@Override
	public List<Integer> getAll() {
		return List.copyOf(this.ports.values());
	}

	@Override
	public List<Integer> getAll(@Nullable String protocol) {
		return getAll();
	}

}
