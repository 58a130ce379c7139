package io.github.mqttspringboot.endpoint;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

import io.github.mqttspringboot.client.MqttStartupException;

/**
 * Answers of {@link MqttEndpoint} over HTTP that say what is wrong, whatever the
 * application shows of other errors.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = MqttEndpoint.class)
public class MqttEndpointWebExtension {

	private static final int CONFLICT = 409;

	private final MqttEndpoint endpoint;

	/**
	 * Create the extension.
	 * @param endpoint the endpoint
	 */
	public MqttEndpointWebExtension(MqttEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Tell one client what to do.
	 * @param client the name of the client
	 * @param action {@code reconnect}, {@code stop} or {@code start}
	 * @return 200 with the client afterwards, 404 if there is none of that name, 400 for
	 * an unknown action, 409 if the client cannot be started; the last two with what is
	 * wrong as {@code error}
	 */
	@WriteOperation
	public WebEndpointResponse<?> act(@Selector String client, @Nullable String action) {
		try {
			MqttClientDescriptor descriptor = this.endpoint.act(client, action);
			return (descriptor != null) ? new WebEndpointResponse<>(descriptor)
					: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		catch (InvalidEndpointRequestException ex) {
			return problem(String.valueOf(ex.getReason()), WebEndpointResponse.STATUS_BAD_REQUEST);
		}
		catch (MqttStartupException ex) {
			return problem(String.valueOf(ex.getMessage()), CONFLICT);
		}
	}

	private static WebEndpointResponse<?> problem(String sentence, int status) {
		return new WebEndpointResponse<>(Map.of("error", sentence), status);
	}

}
