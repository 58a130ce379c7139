package io.github.mqttspringboot.sample;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.mqttspringboot.error.Printable;

/**
 * The body of a request, read field by field, so that what is wrong with it can be told
 * by the field's name. Text is taken as it is: whether a topic is any good is for the
 * client to say.
 */
final class JsonBody {

	private final JsonNode node;

	private JsonBody(JsonNode node) {
		this.node = node;
	}

	static JsonBody parse(JsonMapper mapper, byte @Nullable [] body) {
		if (body == null || body.length == 0) {
			throw new BadInputException("The body is empty; a JSON object is expected");
		}
		JsonNode node;
		try {
			node = mapper.readTree(body);
		}
		catch (JacksonException ex) {
			throw new BadInputException("The body is not valid JSON: " + Printable.escape(ex.getOriginalMessage())
					+ " (line " + ex.getLocation().getLineNr() + ", column " + ex.getLocation().getColumnNr() + ")");
		}
		if (!node.isObject()) {
			throw new BadInputException("The body must be a JSON object, but is " + describe(node));
		}
		return new JsonBody(node);
	}

	/**
	 * Return a text that must be there.
	 * @param field the name of the field
	 * @return the text, may be empty
	 */
	String text(String field) {
		JsonNode value = this.node.get(field);
		if (value == null || value.isNull()) {
			throw new BadInputException("'" + field + "' is missing");
		}
		if (!value.isString()) {
			throw new BadInputException("'" + field + "' must be a string, but is " + describe(value));
		}
		return value.stringValue();
	}

	/**
	 * Return a text that may be missing.
	 * @param field the name of the field
	 * @return the text, empty if it is missing
	 */
	String optionalText(String field) {
		return this.node.hasNonNull(field) ? text(field) : "";
	}

	/**
	 * Return the QoS.
	 * @return 0, 1 or 2, {@code null} if it is missing
	 */
	@Nullable Integer qos() {
		JsonNode value = this.node.get("qos");
		if (value == null || value.isNull()) {
			return null;
		}
		if (!value.isInt() || value.intValue() < 0 || value.intValue() > 2) {
			throw new BadInputException("'qos' must be 0, 1 or 2, but is " + describe(value));
		}
		return value.intValue();
	}

	/**
	 * Return a flag.
	 * @param field the name of the field
	 * @return the flag, {@code null} if it is missing
	 */
	@Nullable Boolean flag(String field) {
		JsonNode value = this.node.get(field);
		if (value == null || value.isNull()) {
			return null;
		}
		if (!value.isBoolean()) {
			throw new BadInputException("'" + field + "' must be true or false, but is " + describe(value));
		}
		return value.booleanValue();
	}

	private static String describe(JsonNode value) {
		return switch (value.getNodeType()) {
			case OBJECT -> "an object";
			case ARRAY -> "an array";
			case STRING -> "the string \"" + Printable.escape(value.stringValue()) + "\"";
			default -> Printable.escape(value.toString());
		};
	}

}
