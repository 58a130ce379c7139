package io.github.mqttspringboot.testcontainers;

import java.nio.file.Path;
import java.util.List;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

import io.github.mqttspringboot.testing.Certificates;

/**
 * Mosquitto in a container, which refuses what is published under {@code denied/}. The
 * environment variable {@code MOSQUITTO_IMAGE} names another image than the official one.
 */
final class MosquittoContainer extends GenericContainer<MosquittoContainer> {

	private static final String IMAGE = "eclipse-mosquitto";

	private static final String DIRECTORY = "/mosquitto/config/";

	MosquittoContainer(String... configuration) {
		super(image());
		withExposedPorts(1883);
		withCopyToContainer(lines(List.of("pattern readwrite #", "pattern deny denied/#")), DIRECTORY + "acl");
		withCopyToContainer(lines(List.of(configuration)), DIRECTORY + "mosquitto.conf");
	}

	/**
	 * Return one that lets everyone in.
	 * @return the container
	 */
	static MosquittoContainer open() {
		return new MosquittoContainer("listener 1883", "allow_anonymous true", "acl_file " + DIRECTORY + "acl");
	}

	/**
	 * Return one that lets everyone in by TLS.
	 * @return the container
	 */
	static MosquittoContainer tls() {
		Certificates certificates = Certificates.get();
		return new MosquittoContainer("listener 8883", "allow_anonymous true", "certfile " + DIRECTORY + "server.crt",
				"keyfile " + DIRECTORY + "server.key")
			.withExposedPorts(8883)
			.withCopyFileToContainer(readable(certificates.certificate(Certificates.SERVER)), DIRECTORY + "server.crt")
			.withCopyFileToContainer(readable(certificates.key(Certificates.SERVER)), DIRECTORY + "server.key");
	}

	private static DockerImageName image() {
		String image = System.getenv().getOrDefault("MOSQUITTO_IMAGE", IMAGE + ":2.0.22");
		return DockerImageName.parse(image).asCompatibleSubstituteFor(IMAGE);
	}

	private static Transferable lines(List<String> lines) {
		return Transferable.of(String.join("\n", lines) + "\n", 0644);
	}

	private static MountableFile readable(Path file) {
		return MountableFile.forHostPath(file, 0644);
	}

}
