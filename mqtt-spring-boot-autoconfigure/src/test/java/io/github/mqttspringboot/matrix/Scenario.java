package io.github.mqttspringboot.matrix;

/**
 * Makes a row of the matrix happen and checks what the client does.
 */
@FunctionalInterface
interface Scenario {

	void run(Trial trial) throws Exception;

}
