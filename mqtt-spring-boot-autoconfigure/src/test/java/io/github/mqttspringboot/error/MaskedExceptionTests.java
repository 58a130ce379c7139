package io.github.mqttspringboot.error;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MaskedException}.
 */
class MaskedExceptionTests {

	@Test
	void classesAndFramesAreKeptAndNoMessageIs() {
		IOException root = new IOException("hunter2 is wrong");
		IllegalStateException original = new IllegalStateException("password=hunter2",
				new UncheckedIOException("for hunter2", root));
		original.addSuppressed(new UnsupportedOperationException("hunter2"));
		MaskedException masked = MaskedException.of(original);
		assertThat(masked).hasMessage("java.lang.IllegalStateException");
		assertThat(masked.getStackTrace()).isEqualTo(original.getStackTrace());
		assertThat(print(masked)).doesNotContain("hunter2")
			.contains("MaskedException: java.lang.IllegalStateException\n\tat " + MaskedExceptionTests.class.getName(),
					"\tSuppressed: " + MaskedException.class.getName() + ": java.lang.UnsupportedOperationException\n",
					"\nCaused by: " + MaskedException.class.getName() + ": java.io.UncheckedIOException\n",
					"\nCaused by: " + MaskedException.class.getName() + ": java.io.IOException\n\tat ");
	}

	@Test
	void exceptionsThatReferToEachOtherInACircleAreMaskedOnce() {
		IOException root = new IOException("hunter2");
		IllegalStateException original = new IllegalStateException("hunter2", root);
		root.initCause(original);
		root.addSuppressed(original);
		MaskedException masked = MaskedException.of(original);
		assertThat(masked.getCause().getCause()).isSameAs(masked);
		assertThat(masked.getCause().getSuppressed()).containsExactly(masked);
		assertThat(print(masked)).doesNotContain("hunter2");
	}

	@Test
	void anExceptionThatSaysItIsItsOwnCauseHasNone() {
		assertThat(MaskedException.of(new OwnCause())).hasNoCause().hasMessage(OwnCause.class.getName());
	}

	private static String print(Throwable exception) {
		StringWriter text = new StringWriter();
		exception.printStackTrace(new PrintWriter(text));
		return text.toString().replace(System.lineSeparator(), "\n");
	}

	private static final class OwnCause extends RuntimeException {

		@Override
		public synchronized Throwable getCause() {
			return this;
		}

	}

}
