package io.github.mqttspringboot.autoconfigure;

import java.security.KeyManagementException;
import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/**
 * A TLS context that follows an SSL bundle when it is reloaded, and whose default
 * parameters are the bundle's options.
 */
final class BundleSslContext extends SSLContext {

	private final Delegate delegate;

	/**
	 * Create a context.
	 * @param bundle the bundle
	 */
	BundleSslContext(SslBundle bundle) {
		this(new Delegate(new Current(bundle)));
	}

	private BundleSslContext(Delegate delegate) {
		super(delegate, delegate.current.context().getProvider(), delegate.current.context().getProtocol());
		this.delegate = delegate;
	}

	/**
	 * Use another bundle from the next connection on.
	 * @param bundle the bundle
	 */
	void update(SslBundle bundle) {
		this.delegate.current = new Current(bundle);
	}

	/**
	 * A bundle and what was made of it.
	 *
	 * @param bundle the bundle
	 * @param context its context
	 */
	private record Current(SslBundle bundle, SSLContext context) {

		Current(SslBundle bundle) {
			this(bundle, bundle.createSslContext());
		}

		SSLParameters parameters() {
			SSLParameters parameters = this.context.getDefaultSSLParameters();
			String[] ciphers = this.bundle.getOptions().getCiphers();
			if (ciphers != null) {
				parameters.setCipherSuites(ciphers);
			}
			String[] protocols = this.bundle.getOptions().getEnabledProtocols();
			if (protocols != null) {
				parameters.setProtocols(protocols);
			}
			return parameters;
		}

	}

	/**
	 * Asks the current context.
	 */
	private static final class Delegate extends SSLContextSpi {

		private volatile Current current;

		Delegate(Current current) {
			this.current = current;
		}

		@Override
		protected void engineInit(KeyManager @Nullable [] keyManagers, TrustManager @Nullable [] trustManagers,
				@Nullable SecureRandom random) throws KeyManagementException {
			throw new KeyManagementException("The context is set up by its SSL bundle");
		}

		@Override
		protected SSLSocketFactory engineGetSocketFactory() {
			return this.current.context().getSocketFactory();
		}

		@Override
		protected SSLServerSocketFactory engineGetServerSocketFactory() {
			return this.current.context().getServerSocketFactory();
		}

		@Override
		protected SSLEngine engineCreateSSLEngine() {
			return this.current.context().createSSLEngine();
		}

		@Override
		protected SSLEngine engineCreateSSLEngine(String host, int port) {
			return this.current.context().createSSLEngine(host, port);
		}

		@Override
		protected SSLSessionContext engineGetServerSessionContext() {
			return this.current.context().getServerSessionContext();
		}

		@Override
		protected SSLSessionContext engineGetClientSessionContext() {
			return this.current.context().getClientSessionContext();
		}

		@Override
		protected SSLParameters engineGetDefaultSSLParameters() {
			return this.current.parameters();
		}

		@Override
		protected SSLParameters engineGetSupportedSSLParameters() {
			return this.current.context().getSupportedSSLParameters();
		}

	}

}
