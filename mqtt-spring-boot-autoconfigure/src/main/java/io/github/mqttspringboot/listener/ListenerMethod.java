package io.github.mqttspringboot.listener;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A listener method that tells whether its arguments were at fault.
 */
final class ListenerMethod extends InvocableHandlerMethod {

	/** What is called instead, {@code null} for the method itself. */
	private final @Nullable ListenerMethod invoked;

	private ListenerMethod(Object bean, Method method, @Nullable ListenerMethod invoked) {
		super(bean, method);
		this.invoked = invoked;
	}

	/**
	 * Create a listener method. Behind a proxy of its interfaces its parameters are those
	 * of the class, which has the annotations.
	 * @param bean the bean, or its proxy
	 * @param method a method of it
	 * @return the listener method
	 */
	static ListenerMethod of(Object bean, Method method) {
		ListenerMethod invoked = new ListenerMethod(bean, method, null);
		if (!AopUtils.isJdkDynamicProxy(bean)) {
			return invoked;
		}
		Method declared = AopUtils.getMostSpecificMethod(method, AopProxyUtils.ultimateTargetClass(bean));
		return new ListenerMethod(bean, declared, invoked);
	}

	@Override
	protected @Nullable Object[] getMethodArgumentValues(Message<?> message, Object... providedArgs) throws Exception {
		try {
			return super.getMethodArgumentValues(message, providedArgs);
		}
		catch (Exception ex) {
			throw new ListenerArgumentException(ex);
		}
	}

	@Override
	protected @Nullable Object doInvoke(@Nullable Object... args) throws Exception {
		return (this.invoked != null) ? this.invoked.doInvoke(args) : super.doInvoke(args);
	}

}
