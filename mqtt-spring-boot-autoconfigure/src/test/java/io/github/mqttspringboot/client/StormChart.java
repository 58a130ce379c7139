package io.github.mqttspringboot.client;

import java.time.Duration;
import java.util.Locale;

import io.github.mqttspringboot.client.ClientSettings.Reconnect;
import io.github.mqttspringboot.client.Storm.Outage;

/**
 * Draws the attempts of one {@link Storm} beside those of clients without jitter.
 */
final class StormChart {

	private static final int WIDTH = 900;

	private static final int LEFT = 80;

	private static final int RIGHT = 30;

	private static final int HEIGHT = 250;

	private static final int SEED = 1;

	private static final double DECADES = 4.3;

	private static final String STYLE = """
			<style>
			text { font: 14px system-ui, sans-serif; fill: #24292f }
			.title { font-size: 18px; font-weight: 600 }
			.panel { font-size: 15px; font-weight: 600 }
			.paper { fill: #ffffff }
			.grid { stroke: #d0d7de }
			.ours { stroke: #0969da; fill: none; stroke-width: 1.5 }
			.plain { stroke: #cf222e; stroke-width: 2 }
			.even { stroke: #6e7781; stroke-dasharray: 6 4 }
			@media (prefers-color-scheme: dark) {
			text { fill: #e6edf3 }
			.paper { fill: #0d1117 }
			.grid { stroke: #30363d }
			.ours { stroke: #58a6ff }
			.plain { stroke: #ff7b72 }
			.even { stroke: #8b949e }
			}
			</style>
			""";

	private final Reconnect settings;

	private final StringBuilder svg = new StringBuilder();

	StormChart(Reconnect settings) {
		this.settings = settings;
	}

	String toSvg() {
		add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d 780\" role=\"img\">", WIDTH);
		add("<title>Attempts to connect of 10,000 clients that lose one broker at one instant</title>");
		this.svg.append(STYLE);
		add("<rect class=\"paper\" width=\"%d\" height=\"780\"/>", WIDTH);
		text("title", LEFT, 32, "10,000 clients lose one broker at one instant");
		legend();
		panel(100, "The broker stays away: RECONNECT", Duration.ofSeconds(40), Outage.gone(StormFigures.LONG),
				this.settings.initialSpread());
		panel(440, "The broker is busy and says so: THROTTLED", Duration.ofMinutes(5), Outage.busy(StormFigures.LONG),
				this.settings.throttledFloor());
		add("</svg>");
		return this.svg.toString();
	}

	private void legend() {
		line("ours", LEFT, 58, LEFT + 30, 58);
		text("", LEFT + 38, 63, "this starter");
		line("plain", LEFT + 150, 58, LEFT + 180, 58);
		text("", LEFT + 188, 63, "1 s doubling without jitter");
		line("even", LEFT + 400, 58, LEFT + 430, 58);
		text("", LEFT + 438, 63, "first wave spread evenly");
	}

	private void panel(int top, String title, Duration horizon, Outage outage, Duration spread) {
		int bottom = top + HEIGHT;
		text("panel", LEFT, top - 10, title);
		for (int decade = 0; decade <= DECADES; decade++) {
			double y = y(bottom, Math.pow(10, decade));
			line("grid", LEFT, y, WIDTH - RIGHT, y);
			add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, y + 5,
					String.format(Locale.ROOT, "%,d", (int) Math.pow(10, decade)));
		}
		for (int tick = 0; tick <= 10; tick++) {
			double x = LEFT + (WIDTH - LEFT - RIGHT) * tick / 10.0;
			line("grid", x, top, x, bottom);
			add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>", x, bottom + 20,
					horizon.toSeconds() * tick / 10);
		}
		add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">seconds since the loss</text>", (WIDTH + LEFT) / 2,
				bottom + 42);
		add("<text transform=\"translate(20 %d) rotate(-90)\" text-anchor=\"middle\">attempts per 100 ms, logarithmic</text>",
				(top + bottom) / 2);
		double even = Storm.even(spread);
		line("even", LEFT, y(bottom, even), WIDTH - RIGHT, y(bottom, even));
		int[] plain = Storm.withoutJitter(outage, horizon).all;
		for (int i = 0; i < plain.length; i++) {
			if (plain[i] > 0) {
				line("plain", x(i, plain.length), bottom, x(i, plain.length), y(bottom, plain[i]));
			}
		}
		curve(bottom, Storm.simulate(this.settings, outage, horizon, SEED).all);
	}

	private void curve(int bottom, int[] attempts) {
		StringBuilder points = new StringBuilder();
		for (int i = 0; i < attempts.length; i++) {
			points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i, attempts.length), y(bottom, attempts[i])));
		}
		add("<polyline class=\"ours\" points=\"%s\"/>", points.toString().trim());
	}

	private static double x(int window, int windows) {
		return LEFT + (WIDTH - LEFT - RIGHT) * (window + 0.5) / windows;
	}

	/** Logarithmic; 0 is at the bottom, with 1. */
	private static double y(int bottom, double attempts) {
		return bottom - Math.log10(Math.max(1, attempts)) / DECADES * HEIGHT;
	}

	private void line(String style, double x1, double y1, double x2, double y2) {
		add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", style, x1, y1, x2, y2);
	}

	private void text(String style, int x, int y, String text) {
		add("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>", style, x, y, text);
	}

	private void add(String format, Object... arguments) {
		this.svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
	}

}
