package io.github.mqttspringboot.testing;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Looks for secrets in what people and programs get to see: in texts, and in objects as
 * deep as their getters lead. A secret counts as found in plain text, Base64, hexadecimal
 * digits, and as an array of bytes in print.
 */
public final class SecretScanner {

	private static final String OURS = "io.github.mqttspringboot.";

	private final List<String> secrets;

	private final Set<String> findings = new LinkedHashSet<>();

	private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	/**
	 * Create a scanner.
	 * @param secrets what nobody may see
	 */
	public SecretScanner(String... secrets) {
		this.secrets = List.of(secrets);
	}

	/**
	 * Return where secrets were found.
	 * @return sentences that name the place and the secret
	 */
	public Set<String> findings() {
		return this.findings;
	}

	/**
	 * Look into a text.
	 * @param place where it is from
	 * @param text the text
	 */
	public void text(String place, @Nullable String text) {
		if (text == null) {
			return;
		}
		for (String secret : this.secrets) {
			byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
			if (text.contains(secret) || text.contains(Base64.getEncoder().encodeToString(bytes))
					|| text.toLowerCase(Locale.ROOT).contains(HexFormat.of().formatHex(bytes))
					|| text.contains(Arrays.toString(bytes).replaceAll("[\\[\\]]", ""))) {
				this.findings.add(place + " shows " + secret + ": " + text);
			}
		}
	}

	/**
	 * Look into an object and all that it leads to.
	 * @param place where it is from
	 * @param object the object
	 */
	public void walk(String place, @Nullable Object object) {
		if (object == null || object instanceof Class<?> || object instanceof Boolean) {
			return;
		}
		if (object instanceof CharSequence || object instanceof Number || object instanceof Enum<?>) {
			text(place, object.toString());
			return;
		}
		if (!this.seen.add(object)) {
			return;
		}
		if (object instanceof byte[] bytes) {
			text(place, new String(bytes, StandardCharsets.UTF_8));
		}
		else if (object instanceof char[] characters) {
			text(place, new String(characters));
		}
		else if (object.getClass().isArray()) {
			for (int i = 0; i < Array.getLength(object); i++) {
				walk(place + "[" + i + "]", Array.get(object, i));
			}
		}
		else {
			text(place + ".toString()", object.toString());
			enter(place, object);
		}
	}

	private void enter(String place, Object object) {
		if (object instanceof Iterable<?> elements) {
			elements.forEach((element) -> walk(place + "[]", element));
		}
		else if (object instanceof Map<?, ?> map) {
			map.forEach((key, value) -> {
				walk(place + ".key", key);
				walk(place + "." + key, value);
			});
		}
		else if (object instanceof Optional<?> optional) {
			walk(place, optional.orElse(null));
		}
		else if (object instanceof Throwable thrown) {
			text(place + ".getMessage()", thrown.getMessage());
			walk(place + ".getCause()", thrown.getCause());
			walk(place + ".getSuppressed()", thrown.getSuppressed());
		}
		if (isOurs(object.getClass())) {
			for (Method method : object.getClass().getMethods()) {
				if (isGetter(method)) {
					walk(place + "." + method.getName() + "()", call(place, method, object));
				}
			}
		}
	}

	// Lambdas do something, and what they hold is the application's
	private static boolean isOurs(Class<?> type) {
		return type.getName().startsWith(OURS) && !type.isHidden();
	}

	private static boolean isGetter(Method method) {
		return method.getParameterCount() == 0 && method.getReturnType() != void.class
				&& !Modifier.isStatic(method.getModifiers()) && isOurs(method.getDeclaringClass())
				&& !method.getReturnType().getSimpleName().equals("Builder");
	}

	private @Nullable Object call(String place, Method method, Object object) {
		try {
			method.setAccessible(true);
			return method.invoke(object);
		}
		catch (InvocationTargetException ex) {
			walk(place + "." + method.getName() + "() threw", ex.getCause());
			return null;
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
