package io.github.mqttspringboot.core;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;

/**
 * A generic type in the form in which message converters take it: that of the parameter
 * of a method. There is no such method, so that one of {@link Object} stands in for it.
 */
final class TypeHint extends MethodParameter {

	private static final Method METHOD = method();

	private final Type type;

	private final Class<?> rawType;

	TypeHint(Type type, Class<?> rawType) {
		super(METHOD, -1);
		this.type = type;
		this.rawType = rawType;
	}

	private TypeHint(TypeHint original) {
		super(original);
		this.type = original.type;
		this.rawType = original.rawType;
	}

	private static Method method() {
		try {
			return Object.class.getMethod("hashCode");
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public Class<?> getParameterType() {
		return this.rawType;
	}

	@Override
	public Type getGenericParameterType() {
		return this.type;
	}

	@Override
	public Class<?> getNestedParameterType() {
		return this.rawType;
	}

	@Override
	public Type getNestedGenericParameterType() {
		return this.type;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof TypeHint hint && this.type.equals(hint.type);
	}

	@Override
	public int hashCode() {
		return Objects.hashCode(this.type);
	}

	@Override
	public TypeHint clone() {
		return new TypeHint(this);
	}

}
