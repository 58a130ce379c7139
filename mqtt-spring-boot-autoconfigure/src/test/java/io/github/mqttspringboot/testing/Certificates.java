package io.github.mqttspringboot.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Certificates, made once by the JDK's {@code keytool} in a directory of their own: an
 * authority, and what it has signed. {@link #STRANGER} is signed by nobody else.
 */
public final class Certificates {

	/** For localhost and 127.0.0.1. */
	public static final String SERVER = "server";

	/** For localhost, but not for its address. */
	public static final String NAMED = "named";

	/** For another host. */
	public static final String OTHER = "other";

	/** For localhost and 127.0.0.1, yesterday. */
	public static final String EXPIRED = "expired";

	/** For a client. */
	public static final String CLIENT = "client";

	/** For localhost and 127.0.0.1, signed by itself. */
	public static final String STRANGER = "stranger";

	/** What protects the key store. */
	public static final String PASSWORD = "changeit";

	private static final String AUTHORITY = "authority";

	private static final String LOCALHOST = "SAN=dns:localhost,ip:127.0.0.1";

	private final Path directory;

	private final KeyStore store;

	private Certificates() throws IOException, GeneralSecurityException {
		this.directory = Files.createTempDirectory("certificates-");
		Runtime.getRuntime().addShutdownHook(new Thread(this::delete, "certificates-on-exit"));
		generate(AUTHORITY, "-ext", "BC:critical=ca:true");
		generate(SERVER, "-signer", AUTHORITY, "-ext", LOCALHOST);
		generate(NAMED, "-signer", AUTHORITY, "-ext", "SAN=dns:localhost");
		generate(OTHER, "-signer", AUTHORITY, "-ext", "SAN=dns:broker.example.org,ip:192.0.2.1");
		generate(EXPIRED, "-signer", AUTHORITY, "-ext", LOCALHOST, "-startdate", "-3d", "-validity", "2");
		generate(CLIENT, "-signer", AUTHORITY);
		generate(STRANGER, "-ext", LOCALHOST);
		this.store = KeyStore.getInstance("PKCS12");
		try (InputStream stream = Files.newInputStream(keyStore())) {
			this.store.load(stream, PASSWORD.toCharArray());
		}
	}

	/**
	 * Return the certificates.
	 * @return the same for all tests
	 */
	public static Certificates get() {
		return Holder.INSTANCE;
	}

	private static Certificates create() {
		try {
			return new Certificates();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void generate(String alias, String... options) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-keyalg",
						"EC", "-groupname", "secp256r1", "-storetype", "PKCS12", "-keystore", keyStore().toString(),
						"-storepass", PASSWORD, "-alias", alias, "-dname", "CN=" + alias));
		command.addAll(List.of(options));
		Path log = this.directory.resolve("log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new IllegalStateException("keytool failed: " + Files.readString(log));
			}
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			throw new IllegalStateException(ex);
		}
	}

	private void delete() {
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the context of a server that asks for certificates of the authority.
	 * @param alias the server's certificate
	 * @return the context
	 */
	public SSLContext server(String alias) {
		return context("TLS", alias);
	}

	/**
	 * Return the context of a client that trusts the authority.
	 * @param alias the client's certificate, {@code null} for none
	 * @return the context
	 */
	public SSLContext client(@Nullable String alias) {
		return context("TLS", alias);
	}

	/**
	 * Return the context of a client that trusts the authority.
	 * @param protocol the newest protocol it speaks
	 * @param alias the client's certificate, {@code null} for none
	 * @return the context
	 */
	public SSLContext context(String protocol, @Nullable String alias) {
		try {
			KeyStore trust = empty();
			trust.setCertificateEntry(AUTHORITY, this.store.getCertificate(AUTHORITY));
			TrustManagerFactory trustManagers = TrustManagerFactory
				.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trustManagers.init(trust);
			SSLContext context = SSLContext.getInstance(protocol);
			context.init((alias != null) ? keyManagers(alias) : null, trustManagers.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private KeyManager[] keyManagers(String alias) throws GeneralSecurityException, IOException {
		KeyStore keys = empty();
		char[] password = PASSWORD.toCharArray();
		keys.setKeyEntry(alias, this.store.getKey(alias, password), password, this.store.getCertificateChain(alias));
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(keys, password);
		return new KeyManager[] { new Insisting(alias, (X509ExtendedKeyManager) factory.getKeyManagers()[0]) };
	}

	private static KeyStore empty() throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		return store;
	}

	/**
	 * Return the key store that holds them all.
	 * @return the file, of type PKCS12
	 */
	public Path keyStore() {
		return this.directory.resolve("all.p12");
	}

	/**
	 * Return a key store with one key.
	 * @param alias the key
	 * @return the file, of type PKCS12
	 */
	public Path keyStore(String alias) {
		try {
			KeyStore single = empty();
			char[] password = PASSWORD.toCharArray();
			single.setKeyEntry(alias, this.store.getKey(alias, password), password,
					this.store.getCertificateChain(alias));
			ByteArrayOutputStream content = new ByteArrayOutputStream();
			single.store(content, password);
			return file(alias + ".p12", content.toByteArray());
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return a trust store with the authority.
	 * @return the file, of type JKS
	 */
	public Path trustStore() {
		try {
			KeyStore trust = KeyStore.getInstance("JKS");
			trust.load(null, null);
			trust.setCertificateEntry(AUTHORITY, this.store.getCertificate(AUTHORITY));
			ByteArrayOutputStream content = new ByteArrayOutputStream();
			trust.store(content, PASSWORD.toCharArray());
			return file("trust.jks", content.toByteArray());
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the certificate of the authority.
	 * @return a PEM file
	 */
	public Path authority() {
		return certificate(AUTHORITY);
	}

	/**
	 * Return a certificate.
	 * @param alias whose
	 * @return a PEM file
	 */
	public Path certificate(String alias) {
		try {
			Certificate certificate = this.store.getCertificate(alias);
			return pem(alias + ".crt", "CERTIFICATE", certificate.getEncoded());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return a private key.
	 * @param alias whose
	 * @return a PEM file
	 */
	public Path key(String alias) {
		try {
			return pem(alias + ".key", "PRIVATE KEY", this.store.getKey(alias, PASSWORD.toCharArray()).getEncoded());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Path pem(String file, String type, byte[] content) {
		String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
		try {
			return file(file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, base64, type)
				.getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// Once, and whole: a server that is starting may read it just now
	private Path file(String name, byte[] content) throws IOException {
		Path file = this.directory.resolve(name);
		if (!Files.exists(file)) {
			Path written = Files.write(Files.createTempFile(this.directory, name, null), content);
			Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		return file;
	}

	/**
	 * Shows its certificate even where it is from nobody that the server asks for.
	 */
	private static final class Insisting extends X509ExtendedKeyManager {

		private final String alias;

		private final X509ExtendedKeyManager keys;

		Insisting(String alias, X509ExtendedKeyManager keys) {
			this.alias = alias;
			this.keys = keys;
		}

		@Override
		public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
			return this.alias;
		}

		@Override
		public String[] getClientAliases(String keyType, Principal[] issuers) {
			return new String[] { this.alias };
		}

		@Override
		public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
			return this.keys.chooseServerAlias(keyType, issuers, socket);
		}

		@Override
		public String[] getServerAliases(String keyType, Principal[] issuers) {
			return this.keys.getServerAliases(keyType, issuers);
		}

		@Override
		public X509Certificate[] getCertificateChain(String name) {
			return this.keys.getCertificateChain(name);
		}

		@Override
		public PrivateKey getPrivateKey(String name) {
			return this.keys.getPrivateKey(name);
		}

	}

	/**
	 * Makes them when they are first asked for.
	 */
	private static final class Holder {

		private static final Certificates INSTANCE = create();

	}

}
