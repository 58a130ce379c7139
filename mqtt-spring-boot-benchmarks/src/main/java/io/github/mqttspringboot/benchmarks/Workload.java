package io.github.mqttspringboot.benchmarks;

import java.util.List;

/**
 * Something a client is made to do.
 */
interface Workload {

	/**
	 * Return what is measured.
	 * @return the rows
	 */
	List<Row> rows();

	/**
	 * Take one sample.
	 * @param contender the library
	 * @param port the port of the broker
	 * @return a value for each row
	 * @throws Exception if the workload could not be done
	 */
	double[] sample(Contender contender, int port) throws Exception;

}
