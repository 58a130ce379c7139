package io.github.mqttspringboot.listener;

/**
 * The arguments of a listener method could not be made of a message: conversion,
 * validation, a header that is missing. Another attempt would fail the same way.
 */
final class ListenerArgumentException extends RuntimeException {

	ListenerArgumentException(Throwable cause) {
		super(cause.getMessage(), cause);
	}

}
