package io.github.mqttspringboot.client;

/**
 * Who receives a message.
 *
 * @param handler the receiver
 * @param backlog what it, and others of its holder, have in hand
 */
record Recipient(MessageHandler handler, Backlog backlog) {

}
