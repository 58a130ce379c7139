package io.github.mqttspringboot.listener;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A listener method that tells whether its arguments were at fault.
 */
final class ListenerMethod extends InvocableHandlerMethod {

	ListenerMethod(Object bean, Method method) {
		super(bean, method);
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

}
