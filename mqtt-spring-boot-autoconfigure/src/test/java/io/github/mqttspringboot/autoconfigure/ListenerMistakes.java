package io.github.mqttspringboot.autoconfigure;

import java.util.Optional;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;

import io.github.mqttspringboot.annotation.MqttListener;

/**
 * Listeners, each with one mistake.
 */
final class ListenerMistakes {

	private ListenerMistakes() {
	}

	static class UnknownClient {

		@MqttListener(topics = "a", client = "nobody")
		void on(String text) {
		}

	}

	static class BadFilter {

		@MqttListener(topics = "a/#/b")
		void on(String text) {
		}

	}

	static class EmptyFilter {

		@MqttListener(topics = "")
		void on(String text) {
		}

	}

	static class NoFilter {

		@MqttListener(topics = {})
		void on(String text) {
		}

	}

	static class BadShare {

		@MqttListener(topics = "$share/g")
		void on(String text) {
		}

	}

	static class SharedTwice {

		@MqttListener(topics = "$share/g/a", group = "h")
		void on(String text) {
		}

	}

	static class NoLocalShared {

		@MqttListener(topics = "a", group = "g", noLocal = true)
		void on(String text) {
		}

	}

	static class BadQos {

		@MqttListener(topics = "a", qos = 3)
		void on(String text) {
		}

	}

	static class NoConcurrency {

		@MqttListener(topics = "a", concurrency = "0")
		void on(String text) {
		}

	}

	static class TooMuchConcurrency {

		@MqttListener(topics = "a", concurrency = "2000000000")
		void on(String text) {
		}

	}

	static class BadConcurrency {

		@MqttListener(topics = "a", concurrency = "many")
		void on(String text) {
		}

	}

	static class BadAckMode {

		@MqttListener(topics = "a", ackMode = "never")
		void on(String text) {
		}

	}

	static class BadAutoStartup {

		@MqttListener(topics = "a", autoStartup = "perhaps")
		void on(String text) {
		}

	}

	static class UnknownFactory {

		@MqttListener(topics = "a", containerFactory = "nowhere")
		void on(String text) {
		}

	}

	static class WrongFactory {

		@MqttListener(topics = "a", containerFactory = "mqttClient")
		void on(String text) {
		}

	}

	static class UnknownHandler {

		@MqttListener(topics = "a", errorHandler = "nowhere")
		void on(String text) {
		}

	}

	static class WrongHandler {

		@MqttListener(topics = "a", errorHandler = "mqttClient")
		void on(String text) {
		}

	}

	static class SameId {

		@MqttListener(id = "same", topics = "a")
		void one(String text) {
		}

		@MqttListener(id = "same", topics = "b")
		void two(String text) {
		}

	}

	static class HalfALevel {

		@MqttListener(topics = "a/b{id}")
		void on(String text) {
		}

	}

	static class SameVariable {

		@MqttListener(topics = "{id}/{id}")
		void on(String text) {
		}

	}

	static class NoVariable {

		@MqttListener(topics = "a/+")
		void on(@DestinationVariable String id, @Payload String text) {
		}

	}

	static class OtherVariable {

		@MqttListener(topics = "a/{id}")
		void on(String text, @DestinationVariable("name") String id) {
		}

	}

	static class VariableOfOneFilter {

		@MqttListener(topics = { "a/{id}", "b" })
		void on(@DestinationVariable String id) {
		}

	}

	static class VariableOfNoFilter {

		@MqttListener(topics = "b")
		void on(@DestinationVariable Optional<String> id) {
		}

	}

	static class BadSendTo {

		@MqttListener(topics = "a")
		@SendTo("b/#")
		String on(String text) {
			return text;
		}

	}

	static class SeveralSendTo {

		@MqttListener(topics = "a")
		@SendTo({ "b", "c" })
		String on(String text) {
			return text;
		}

	}

	static class VariableInSendTo {

		@MqttListener(topics = "a/{id}")
		@SendTo("b/{id}")
		String on(@DestinationVariable String id) {
			return id;
		}

	}

	static class SendToOfNothing {

		@MqttListener(topics = "a")
		@SendTo("b")
		void on(String text) {
		}

	}

	static class Unresolvable {

		@MqttListener(topics = "a/${no.such.property}")
		void on(String text) {
		}

	}

	static class UnknownBean {

		@MqttListener(topics = "#{@nobody.topic}")
		void on(String text) {
		}

	}

	static class BadExpression {

		@MqttListener(topics = "#{1 +}")
		void on(String text) {
		}

	}

	static class NumberExpression {

		@MqttListener(topics = "#{1}")
		void on(String text) {
		}

	}

	static class ThrowingExpression {

		@MqttListener(topics = "#{T(java.lang.Integer).parseInt('${my.secret}')}")
		void on(String text) {
		}

	}

	static class FromProperty {

		@MqttListener(topics = "${my.topic}")
		void on(String text) {
		}

	}

	static class ClientFromProperty {

		@MqttListener(topics = "a", client = "${my.client}")
		void on(String text) {
		}

	}

}
