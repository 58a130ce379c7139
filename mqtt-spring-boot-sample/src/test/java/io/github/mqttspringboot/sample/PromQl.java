package io.github.mqttspringboot.sample;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of Prometheus asks for: the series it selects, and the labels it
 * groups by. It knows no more of the language than that takes.
 *
 * @param selectors the selectors, in their order
 * @param labels the labels of groupings and vector matchings
 */
record PromQl(List<Selector> selectors, Set<String> labels) {

	private static final Pattern TOKEN = Pattern.compile("""
			(?<space>\\s+|\\#[^\\n]*)|(?<string>"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')|(?<range>\\[[^\\]]*\\])\
			|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<number>[0-9][0-9a-z.]*)|(?<variable>\\$\\w+)|(?<other>=~|!~|!=|.)""");

	private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

	private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset", "atan2");

	static PromQl parse(String expression) {
		return new Parser(tokens(expression)).parse();
	}

	private static List<String> tokens(String expression) {
		List<String> tokens = new ArrayList<>();
		Matcher matcher = TOKEN.matcher(expression);
		while (matcher.find()) {
			if (matcher.group("space") == null) {
				tokens.add(matcher.group());
			}
		}
		return tokens;
	}

	/**
	 * Selects series.
	 *
	 * @param metric the name of the metric
	 * @param matchers what their labels must be
	 */
	record Selector(String metric, List<LabelMatcher> matchers) {

	}

	/**
	 * Says what a label must be.
	 *
	 * @param label the name of the label
	 * @param operator one of {@code =}, {@code !=}, {@code =~} and {@code !~}
	 * @param value the value, or the regular expression
	 */
	record LabelMatcher(String label, String operator, String value) {

		/**
		 * Return whether it can be compared: it names a value that is not a variable of
		 * Grafana.
		 */
		boolean namesValue() {
			return !this.operator.startsWith("!") && !this.value.contains("$");
		}

		boolean matches(String actual) {
			return this.operator.equals("=") ? actual.equals(this.value) : actual.matches(this.value);
		}

	}

	private static final class Parser {

		private final List<String> tokens;

		private final List<Selector> selectors = new ArrayList<>();

		private final Set<String> labels = new LinkedHashSet<>();

		private int position;

		Parser(List<String> tokens) {
			this.tokens = tokens;
		}

		PromQl parse() {
			while (this.position < this.tokens.size()) {
				String token = next();
				if (GROUPINGS.contains(token)) {
					grouping();
				}
				else if (isName(token) && !OPERATORS.contains(token) && !peek().equals("(")
						&& !GROUPINGS.contains(peek())) {
					this.selectors.add(new Selector(token, matchers()));
				}
				else if (token.equals("{")) {
					throw new IllegalArgumentException("A selector without a metric: " + String.join(" ", this.tokens));
				}
			}
			return new PromQl(this.selectors, this.labels);
		}

		private void grouping() {
			if (peek().equals("(")) {
				next();
				for (String token = next(); !token.equals(")"); token = next()) {
					if (!token.equals(",")) {
						this.labels.add(token);
					}
				}
			}
		}

		private List<LabelMatcher> matchers() {
			List<LabelMatcher> matchers = new ArrayList<>();
			if (peek().equals("{")) {
				next();
				for (String token = next(); !token.equals("}"); token = next()) {
					if (!token.equals(",")) {
						String operator = next();
						String value = next();
						matchers.add(new LabelMatcher(token, operator, value.substring(1, value.length() - 1)));
					}
				}
			}
			return matchers;
		}

		private static boolean isName(String token) {
			return token.matches("[a-zA-Z_:].*");
		}

		private String peek() {
			return (this.position < this.tokens.size()) ? this.tokens.get(this.position) : "";
		}

		private String next() {
			if (this.position >= this.tokens.size()) {
				throw new IllegalArgumentException("Ends too early: " + String.join(" ", this.tokens));
			}
			return this.tokens.get(this.position++);
		}

	}

}
