"use strict";

// Topics, payloads and reasons come from anywhere: they get into the page as text only.

const MAX_EVENTS = 200;
const MAX_MESSAGES = 50;
const EVENTS = ["MqttConnectedEvent", "MqttConnectionLostEvent", "MqttReconnectScheduledEvent", "MqttClientFailedEvent",
	"MqttSessionLostEvent", "MqttPublishRejectedEvent", "MqttSubscribeRejectedEvent", "MqttUnsubscribeRejectedEvent",
	"MqttProtocolAnomalyEvent", "MqttListenerFailedEvent", "MqttSubscriptionDowngradedEvent",
	"MqttPublishQuarantinedEvent", "message"];
const GOOD = ["MqttConnectedEvent"];
const BAD = ["MqttConnectionLostEvent", "MqttClientFailedEvent"];

const byId = (id) => document.getElementById(id);

function setText(id, value) {
	const element = byId(id);
	const text = String(value);
	// Unchanged text is left alone, so that screen readers do not repeat it
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

function setBadge(id, text, kind) {
	setText(id, text);
	byId(id).className = "badge " + kind;
}

function element(name, text, className) {
	const created = document.createElement(name);
	created.textContent = text;
	if (className) {
		created.className = className;
	}
	return created;
}

// --- state

function showState(state) {
	const kind = { CONNECTED: "good", FAILED: "bad", STOPPED: "bad" }[state.state] || "";
	setBadge("state", state.state, kind);
	setText("server", (state.server || "without a server") + ", client id " + state.clientId);
	setText("networkConnections", state.networkConnections);
	setText("reconnects", state.reconnects);
	setText("rejections", state.rejections);
	setText("lastIncident", state.lastIncident || "none");
	setBadge("broker", state.broker.running ? "running on port " + state.broker.port : "stopped",
		state.broker.running ? "good" : "bad");
	enable("[data-broker=stop]", state.broker.running);
	enable("[data-broker=start]", !state.broker.running);
	const lines = state.subscriptions.map((subscription) => subscription.filter + "  " + subscription.state
		+ (subscription.reason ? "  " + subscription.reason : ""));
	byId("subscriptions").replaceChildren(...(lines.length ? lines : ["none"]).map((line) => element("li", line)));
}

// What is asked decides itself when it is over
function enable(selector, enabled) {
	const button = document.querySelector(selector);
	if (button.getAttribute("aria-busy") !== "true") {
		button.disabled = !enabled;
	}
}

async function refresh() {
	try {
		const response = await fetch("api/state");
		if (!response.ok) {
			throw new Error("HTTP " + response.status);
		}
		showState(await response.json());
	}
	catch (error) {
		setBadge("state", "the sample does not answer", "bad");
	}
}

async function keepRefreshing() {
	await refresh();
	setTimeout(keepRefreshing, 1000);
}

// --- requests

function showOutcome(text, kind, detail) {
	byId("outcome").replaceChildren(element("span", text, "badge " + kind), " ", element("span", detail));
}

// The sentence in an answer, and all of it below
function showAnswer(asked, response, answer) {
	let read = {};
	try {
		read = JSON.parse(answer);
	}
	catch (error) {
		// Shown as it is
	}
	const detail = read.detail || read.error || [read.packet, read.code, read.reason].filter(Boolean).join(" ");
	const refused = response.status === 422 && read.packet !== "local";
	showOutcome(response.ok ? "done" : refused ? "refused" : "failed", response.ok ? "good" : refused ? "" : "bad", detail);
	setText("answer", asked + "\nHTTP " + response.status + " " + answer);
}

async function post(path, body) {
	const asked = path + " " + JSON.stringify(body);
	showOutcome("asked", "", "waiting for the outcome");
	setText("answer", asked);
	try {
		const response = await fetch("api/" + path, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(body)
		});
		const answer = await response.text();
		showAnswer(asked, response, answer);
	}
	catch (error) {
		showOutcome("no answer", "bad", error.message);
	}
}

async function withButton(button, action) {
	if (button) {
		button.disabled = true;
		button.setAttribute("aria-busy", "true");
	}
	try {
		await action();
	}
	finally {
		if (button) {
			button.disabled = false;
			button.removeAttribute("aria-busy");
			await refresh();
		}
	}
}

byId("publish").addEventListener("submit", (event) => {
	event.preventDefault();
	const form = event.target.elements;
	withButton(event.submitter, () => post("publish", {
		topic: form.topic.value,
		payload: form.payload.value,
		qos: Number(form.qos.value),
		retain: form.retain.checked
	}));
});

byId("subscribe").addEventListener("submit", (event) => {
	event.preventDefault();
	const form = event.target.elements;
	const filter = form.filter.value;
	withButton(event.submitter, () => (event.submitter && event.submitter.value === "unsubscribe")
		? post("unsubscribe", { filter })
		: post("subscribe", { filter, qos: Number(form.qos.value) }));
});

for (const button of document.querySelectorAll("[data-form]")) {
	button.addEventListener("click", () => {
		const form = byId(button.dataset.form);
		(form.elements.topic || form.elements.filter).value = button.dataset.value;
		form.requestSubmit(form.querySelector("[type=submit]"));
	});
}

for (const button of document.querySelectorAll("[data-broker]")) {
	button.addEventListener("click", () => withButton(button, () => post("broker", { action: button.dataset.broker })));
}

for (const button of document.querySelectorAll("[data-client]")) {
	button.addEventListener("click", () => withButton(button, () => post("client", { action: button.dataset.client })));
}

// --- events

function describe(data) {
	if (data.event === "message") {
		return data.topic + "  " + data.payload + "  (QoS " + data.qos + (data.retained ? ", retained" : "") + ")";
	}
	const parts = [];
	if (data.detail) {
		parts.push(data.detail);
	}
	if (data.errorClass) {
		parts.push("(" + data.errorClass + ", rule: " + data.rule + ")");
	}
	if (data.server) {
		parts.push(data.server + (data.reconnect ? ", a reconnect" : "")
			+ (data.sessionPresent ? ", session kept" : ", new session"));
	}
	if (data.delayMillis !== undefined) {
		parts.push("attempt " + data.attempt + " in " + data.delayMillis + " ms");
	}
	if (data.grantedQos !== undefined) {
		parts.push(data.filter + ": QoS " + data.grantedQos + " instead of " + data.requestedQos);
	}
	return parts.join("  ");
}

function showEvent(data) {
	const item = element("li", "", data.event === "message" ? "message" : "");
	const time = element("time", new Date(data.time).toLocaleTimeString());
	time.dateTime = data.time;
	const kind = GOOD.includes(data.event) ? "good" : BAD.includes(data.event) ? "bad"
		: data.event === "message" ? "plainly" : "";
	item.append(time, " ", element("span", data.event, "badge " + kind), " ", element("span", describe(data)));
	const list = byId("events");
	list.prepend(item);
	// Apart, because a message a second would soon push out all else
	keep(list.querySelectorAll(".message"), MAX_MESSAGES);
	keep(list.querySelectorAll("li:not(.message)"), MAX_EVENTS);
}

function keep(items, most) {
	for (let i = most; i < items.length; i++) {
		items[i].remove();
	}
}

let lastEventId = null;

function listen() {
	const source = new EventSource("api/events");
	for (const name of EVENTS) {
		source.addEventListener(name, (event) => {
			// A source that was opened anew gets the history again
			if (!isKnown(event.lastEventId)) {
				lastEventId = event.lastEventId;
				showEvent(JSON.parse(event.data));
			}
		});
	}
	source.onopen = () => setText("feed", "live");
	source.onerror = () => {
		setText("feed", "interrupted");
		if (source.readyState === EventSource.CLOSED) {
			setTimeout(listen, 3000);
		}
	};
}

function isKnown(id) {
	if (lastEventId === null) {
		return false;
	}
	const [lastRun, lastSequence] = lastEventId.split("-");
	const [run, sequence] = id.split("-");
	return run === lastRun && Number(sequence) <= Number(lastSequence);
}

byId("clear").addEventListener("click", () => byId("events").replaceChildren());
byId("showMessages").addEventListener("change", (event) =>
	byId("events").classList.toggle("quiet", !event.target.checked));

keepRefreshing();
listen();
