package io.github.mqttspringboot.client;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A process that finds out whether it could lock a file.
 */
public final class LockProbe {

	static final int FREE = 10;

	static final int LOCKED = 11;

	private LockProbe() {
	}

	public static void main(String[] arguments) throws Exception {
		try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
			System.exit((channel.tryLock() != null) ? FREE : LOCKED);
		}
	}

}
