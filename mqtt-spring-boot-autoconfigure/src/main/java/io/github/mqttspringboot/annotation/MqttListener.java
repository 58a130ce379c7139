package io.github.mqttspringboot.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

import io.github.mqttspringboot.client.SubscribeRequest.RetainHandling;

/**
 * Calls the annotated method with each message of its topic filters.
 * <p>
 * Arguments are those of Spring Messaging:
 * {@link org.springframework.messaging.handler.annotation.Payload @Payload},
 * {@link org.springframework.messaging.handler.annotation.Header @Header},
 * {@link org.springframework.messaging.handler.annotation.Headers @Headers},
 * {@link org.springframework.messaging.handler.annotation.DestinationVariable @DestinationVariable}
 * for the variables of the topic filter and {@link org.springframework.messaging.Message
 * Message}; also {@link io.github.mqttspringboot.client.ReceivedMessage ReceivedMessage}
 * and {@link io.github.mqttspringboot.listener.Acknowledgment Acknowledgment}. A result
 * goes to the response topic of the message with its correlation data, or to the topic of
 * {@link org.springframework.messaging.handler.annotation.SendTo @SendTo} if it has none;
 * a {@link java.util.concurrent.CompletionStage CompletionStage} is waited for. All
 * strings may have property placeholders and SpEL expressions.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(MqttListeners.class)
@Reflective(MqttListenerReflectiveProcessor.class)
public @interface MqttListener {

	/**
	 * The id of the listener, unique in the application.
	 * @return the id; the default is the name of the bean and the method
	 */
	String id() default "";

	/**
	 * The topic filters. A level <code>{name}</code> stands for one level, as {@code +}
	 * does, and is an argument by its name; {@code #} may be the last level.
	 * @return the topic filters
	 */
	String[] topics();

	/**
	 * The maximum QoS.
	 * @return 0, 1 or 2; the default is {@code mqtt.subscribe.qos}
	 */
	int qos() default -1;

	/**
	 * The client to use.
	 * @return its name below {@code mqtt.clients}; the default is the primary client
	 */
	String client() default "";

	/**
	 * The group that shares the subscriptions (MQTT 5 §4.8.2): each message goes to one
	 * of its members.
	 * @return the name of the group; the default is not to share
	 */
	String group() default "";

	/**
	 * How many messages are processed at the same time. Those of one topic always are one
	 * after the other.
	 * @return a number from 1 to 10000; the default is {@code mqtt.listener.concurrency}
	 */
	String concurrency() default "";

	/**
	 * When messages are acknowledged: {@code auto}, {@code manual} or {@code on-receipt}.
	 * @return the mode; the default is {@code mqtt.listener.ack-mode}
	 */
	String ackMode() default "";

	/**
	 * Whether the listener starts with the application.
	 * @return {@code true} or {@code false}; the default is
	 * {@code mqtt.listener.auto-startup}
	 */
	String autoStartup() default "";

	/**
	 * Whether messages that the client itself has published are left out. Not with a
	 * group.
	 * @return the No Local option
	 */
	boolean noLocal() default false;

	/**
	 * Whether the RETAIN flag is kept as published.
	 * @return the Retain As Published option
	 */
	boolean retainAsPublished() default false;

	/**
	 * When the server sends retained messages.
	 * @return the Retain Handling option
	 */
	RetainHandling retainHandling() default RetainHandling.SEND;

	/**
	 * The {@link io.github.mqttspringboot.listener.MqttListenerContainerFactory} to use.
	 * @return the name of the bean; the default is {@code mqttListenerContainerFactory}
	 */
	String containerFactory() default "";

	/**
	 * The {@link io.github.mqttspringboot.listener.MqttListenerErrorHandler} to use.
	 * @return the name of the bean; the default is none
	 */
	String errorHandler() default "";

}
