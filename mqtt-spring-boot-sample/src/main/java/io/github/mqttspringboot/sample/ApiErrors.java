package io.github.mqttspringboot.sample;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;

import io.github.mqttspringboot.client.MqttOperationException;

/**
 * Tells callers what went wrong.
 */
@RestControllerAdvice
class ApiErrors {

	private static final Logger logger = LoggerFactory.getLogger(ApiErrors.class);

	@ExceptionHandler
	ResponseEntity<Answer.Failed> failed(MqttOperationException ex) {
		return ResponseEntity.unprocessableContent().body(Answer.Failed.of(ex));
	}

	@ExceptionHandler
	ResponseEntity<Map<String, String>> badInput(BadInputException ex) {
		return error(HttpStatus.BAD_REQUEST, ex.getMessage());
	}

	@ExceptionHandler
	ResponseEntity<Map<String, String>> notJson(HttpMediaTypeNotSupportedException ex) {
		return error(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
				"Send the body as JSON, with the header Content-Type: application/json");
	}

	@ExceptionHandler
	ResponseEntity<Map<String, String>> noOutcome(AsyncRequestTimeoutException ex) {
		return error(HttpStatus.SERVICE_UNAVAILABLE, "There is no outcome yet");
	}

	@ExceptionHandler
	ResponseEntity<Map<String, String>> brokerFailed(BrokerStartException ex) {
		logger.error("{}", ex.getMessage(), ex);
		return error(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage());
	}

	private static ResponseEntity<Map<String, String>> error(HttpStatus status, @Nullable String message) {
		return ResponseEntity.status(status).body(Map.of("error", String.valueOf(message)));
	}

}
