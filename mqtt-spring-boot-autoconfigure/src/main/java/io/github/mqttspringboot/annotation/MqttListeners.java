package io.github.mqttspringboot.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Several {@link MqttListener} annotations of one method; each is a listener of its own.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(MqttListenerReflectiveProcessor.class)
public @interface MqttListeners {

	/**
	 * The annotations.
	 * @return the annotations
	 */
	MqttListener[] value();

}
