"use strict";
// What all pages share: asking the API, telling of errors, and small parts of pages.
(() => {
  const KEY = "antmill-key";
  const headers = () => {
    const key = sessionStorage.getItem(KEY);
    return key ? { Authorization: `Bearer ${key}` } : {};
  };

  // A fault with its place, as far as it is told: value, what is expected, what to do.
  const told = ({ pointer, detail, value, expected, hint }) => [
    `${pointer ? `${pointer}: ` : ""}${detail}${value ? `, found ${value}` : ""}${expected ? `, expected ${expected}` : ""}`,
    ...(hint ? [`(${hint})`] : []),
  ].join(" ");

  // An answer that is no success, with the API's own words (RFC 9457).
  class Refused extends Error {
    constructor(status, problem) {
      const found = problem.errors ?? [];
      const detail = found.length === 1 ? "" : problem.detail;
      super([problem.title, detail, ...found.slice(0, 3).map(told)].filter(Boolean).join(": ") || `HTTP ${status}`);
      this.status = status;
      this.problem = problem;
    }
  }

  async function ask(path, options = {}) {
    const used = sessionStorage.getItem(KEY);
    const answer = await fetch(path, { ...options, headers: { ...headers(), ...options.headers } });
    // Of several requests at once the first asks; the others try again with what was given.
    if (answer.status === 401 && (sessionStorage.getItem(KEY) !== used || askForKey())) return ask(path, options);
    if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => ({})));
    return answer;
  }

  function askForKey() {
    const key = window.prompt("This service wants an access key:");
    if (key) sessionStorage.setItem(KEY, key.trim());
    return Boolean(key);
  }

  const get = async (path) => (await ask(path)).json();

  // The main part of a page: its own styles and scripts stay behind, this page has them.
  async function main(path) {
    const source = await (await ask(path)).text();
    const part = source.slice(source.indexOf("<main"), source.lastIndexOf("</main>"));
    return document.adoptNode(new DOMParser().parseFromString(part, "text/html").querySelector("main"));
  }

  const send = async (method, path, body, type = "application/json") => {
    const options = { method };
    if (body !== undefined) {
      options.body = typeof body === "string" || body instanceof ArrayBuffer ? body : JSON.stringify(body);
      options.headers = { "Content-Type": type };
    }
    const answer = await ask(path, options);
    return answer.status === 204 ? null : answer.json();
  };

  // All items of a list, page by page, up to `most`.
  async function list(path, most = 400) {
    const items = [];
    let next = "";
    do {
      const found = await get(`${path}${path.includes("?") ? "&" : "?"}limit=100${next ? `&cursor=${encodeURIComponent(next)}` : ""}`);
      items.push(...found.items);
      next = found.next;
    } while (next && items.length < most);
    return items;
  }

  // Server-sent events over fetch, which unlike EventSource can carry a key. Ends with the stream.
  async function events(path, onEvent, signal) {
    const answer = await ask(path, { signal, headers: { Accept: "text/event-stream" } });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const fields = Object.fromEntries(part.split("\n").map((line) => line.split(/: ?(.*)/s)));
        if (fields.event) onEvent(fields.event, JSON.parse(fields.data));
      }
    }
  }

  async function download(path, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await (await ask(path)).blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key in element && key !== "list") element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };

  const field = (label, input) => make("label", {}, `${label} `, input);
  const select = (label, values) => make("select", { ariaLabel: label }, ...values.map(([text, value]) => new Option(text, value)));
  // What a datetime-local input holds, an instant by the reader's clock.
  const local = (input) => (input.value ? new Date(input.value).toISOString() : null);

  const button = (label, action, title = "", onRefused = () => {}) => {
    const made = make("button", { type: "button", className: "plain", textContent: label, title });
    made.addEventListener("click", async () => {
      made.disabled = true;
      try {
        await action();
      } catch (error) {
        say(error.message, true);
        onRefused(error);
      } finally {
        made.disabled = false;
      }
    });
    return made;
  };

  function say(message, bad = false) {
    const place = document.getElementById("message");
    place.textContent = message;
    place.className = bad ? "worse" : "note";
  }

  const money = (value, currency) =>
    value === null || value === undefined ? "" : `${Math.round(value).toLocaleString("en-US")} ${currency}`.trim();
  const when = (text) => (text ? new Date(text).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }) : "");

  const planName = (plan) => [
    plan.run.solver,
    ...(plan.run.parameters?.profile ? [plan.run.parameters.profile.replaceAll("_", " ")] : []),
    ...(plan.revision > 1 ? [`revision ${plan.revision}`] : []),
    money(plan.evaluation.cost, plan.evaluation.currency),
  ].join(", ");

  window.antmillClient = { planName, get, main, send, list, events, download, make, field, select, local, button, say, money, when, Refused };
})();
