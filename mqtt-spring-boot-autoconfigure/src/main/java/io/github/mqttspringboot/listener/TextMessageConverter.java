package io.github.mqttspringboot.listener;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * Reads any payload as text for those who ask for a {@link String}: in the character set
 * of its content type, UTF-8 without.
 */
final class TextMessageConverter extends AbstractMessageConverter {

	TextMessageConverter() {
		super(MimeTypeUtils.ALL);
	}

	@Override
	protected boolean supports(Class<?> type) {
		return type == String.class || type == CharSequence.class;
	}

	@Override
	protected boolean canConvertTo(Object payload, @Nullable MessageHeaders headers) {
		return false;
	}

	@Override
	protected @Nullable Object convertFromInternal(Message<?> message, Class<?> targetClass,
			@Nullable Object conversionHint) {
		Object payload = message.getPayload();
		if (!(payload instanceof byte[] bytes)) {
			return null;
		}
		MimeType contentType = getMimeType(message.getHeaders());
		Charset charset = (contentType != null) ? contentType.getCharset() : null;
		return new String(bytes, (charset != null) ? charset : StandardCharsets.UTF_8);
	}

}
