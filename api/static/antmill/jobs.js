"use strict";
// The jobs of the mill, newest first, with live progress; new ones are started here too.
(() => {
  const { get, send, list, events, download, make, field, select, button, say, money, when, planName } = window.antmillClient;
  const FINAL = new Set(["succeeded", "infeasible", "failed", "cancelled"]);
  const TABLE = /\.(csv|xlsx)$/i;
  const STREAMS = 3; // browsers allow six connections to a host: keep some for the rest
  const content = document.getElementById("content");
  const rows = new Map();
  const streams = new Map();
  const books = new Map();
  const body = make("tbody");
  const faults = make("section", { ariaLabel: "Faults of what was sent", ariaLive: "polite" });

  class JobRow {
    constructor(job) {
      this.costs = [];
      this.row = make("tr", {});
      this.cells = ["th", ...Array(7).fill("td")].map((name) => this.row.appendChild(make(name)));
      this.cells[0].scope = "row";
      this.choice = make("input", { type: "checkbox", ariaLabel: "Choose for comparison" });
      this.update(job);
    }

    update(job) {
      const changed = !this.job || this.job.state !== job.state || this.job.schedule !== job.schedule;
      this.job = job;
      const result = job.result ?? job.progress;
      this.cells[0].textContent = when(job.created_at);
      this.cells[1].replaceChildren(books.get(job.order_book) ?? job.order_book,
        ...(job.tags.length ? [make("div", { className: "note", textContent: job.tags.join(", ") })] : []));
      this.cells[2].textContent = `${job.solver}, seed ${job.seed}${job.profile === "money" ? "" : `, ${job.profile.replaceAll("_", " ")}`}`;
      const state = make("span", { className: `badge ${job.state}`, textContent: job.state });
      this.cells[3].replaceChildren(state, ...(job.detail ? [make("div", { className: "note", textContent: job.detail })] : []));
      if (changed) this.showActions();
      if (result) this.progress(result);
      else this.cells[4].textContent = job.state === "queued" ? "waits for a free worker" : "";
    }

    progress(now) {
      const limit = this.job.termination.time_s;
      const over = FINAL.has(this.job.state);
      const spent = now.elapsed_s ?? 0;
      if (now.cost !== null && now.cost !== undefined) this.costs.push([spent, now.cost]);
      const trace = (this.job.result?.trace ?? []).map(([seconds, , cost]) => [seconds, cost]);
      const text = `${spent.toFixed(0)} s${over ? "" : ` of ${limit} s`}, ${(now.iterations ?? 0).toLocaleString("en-US")} ${now.iterations === 1 ? "iteration" : "iterations"}`;
      const bar = make("progress", { max: limit, value: Math.min(spent, limit), ariaLabel: "Time used" });
      this.cells[4].replaceChildren(...(over ? [] : [bar]), make("div", { className: "note", textContent: text }));
      this.cells[5].className = "figure";
      this.cells[5].replaceChildren(money(now.cost, now.currency ?? ""), spark(trace.length ? trace : this.costs));
      this.cells[6].className = "figure";
      this.cells[6].textContent = now.gap === null || now.gap === undefined ? "" : `${(100 * now.gap).toFixed(1)} %`;
    }

    showActions() {
      const { id, state, schedule } = this.job;
      const act = (label, method, path, sure = () => true) => button(label, async () => {
        if (!sure()) return;
        await send(method, path);
        await refresh();
      });
      const parts = [];
      if (schedule) {
        parts.push(make("a", { href: `/schedules/${schedule}`, textContent: "Open plan" }));
        if (this.job.profile === "pareto") parts.push(make("a", { href: `/fronts/${id}`, textContent: "Front" }));
        parts.push(make("label", {}, this.choice, " compare"));
      }
      const sure = () => window.confirm(schedule ? "Delete this job and its plan?" : "Delete this job?");
      if (FINAL.has(state)) parts.push(act("Delete", "DELETE", `/v1/jobs/${id}`, sure));
      else parts.push(act("Stop", "POST", `/v1/jobs/${id}:stop`), act("Cancel", "POST", `/v1/jobs/${id}:cancel`));
      this.cells[7].replaceChildren(make("div", { className: "actions" }, ...parts));
    }
  }

  // The best cost over time as a line, 90 by 16 pixels.
  function spark(costs) {
    const NS = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("class", "spark");
    svg.setAttribute("viewBox", "0 0 90 16");
    svg.setAttribute("aria-hidden", "true");
    if (costs.length < 2) return svg;
    const times = costs.map(([t]) => t), values = costs.map(([, c]) => c);
    const [t0, t1] = [Math.min(...times), Math.max(...times)];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const points = costs.map(([t, c]) => [(88 * (t - t0)) / (t1 - t0 || 1) + 1, 14 - (12 * (c - low)) / (high - low || 1)]);
    const line = document.createElementNS(NS, "polyline");
    line.setAttribute("points", points.map((p) => p.map((n) => n.toFixed(1)).join(",")).join(" "));
    svg.append(line);
    return svg;
  }

  async function follow(row) {
    const { id } = row.job;
    if (streams.has(id) || streams.size >= STREAMS) return;
    const abort = new AbortController();
    streams.set(id, abort);
    try {
      await events(`/v1/jobs/${id}/events`, (kind, data) => {
        if (kind === "progress") row.progress(data);
        else if (data.state !== row.job.state && !document.querySelector("#message.worse")) say(`Job of ${when(row.job.created_at)}: ${data.state}`);
      }, abort.signal);
      row.update(await get(`/v1/jobs/${id}`));
    } catch {
      // The list is asked for again anyway.
    } finally {
      streams.delete(id);
    }
  }

  async function refresh() {
    const found = (await get("/v1/jobs?limit=100")).items;
    const unknown = new Set(found.map((job) => job.order_book).filter((id) => !books.has(id)));
    await Promise.all([...unknown].map(async (id) => books.set(id, (await get(`/v1/order-books/${id}`)).name)));
    for (const job of found) {
      if (rows.has(job.id)) rows.get(job.id).update(job);
      else rows.set(job.id, new JobRow(job));
    }
    const known = new Set(found.map((job) => job.id));
    for (const id of rows.keys()) {
      if (known.has(id)) continue;
      streams.get(id)?.abort();
      rows.delete(id);
    }
    const wanted = found.map((job) => rows.get(job.id).row);
    if (wanted.some((row, index) => body.rows[index] !== row) || wanted.length !== body.rows.length) body.replaceChildren(...wanted);
    found.filter((job) => !FINAL.has(job.state)).reverse().forEach((job) => follow(rows.get(job.id)));
    if (!found.length) say("There are no jobs yet: plan an order book above.");
  }

  async function readBooks() {
    for (const book of await list("/v1/order-books")) books.set(book.id, book.name);
  }

  // The form that starts a job: a demo, a posted book, or a file of the reader's.
  async function addForm() {
    const [solvers, profiles, demos] = await Promise.all(["solvers", "profiles", "demo-data"].map((name) => get(`/v1/${name}`)));
    const book = make("select", { id: "book" });
    const examples = demos.filter((demo) => demo.post_to === "/v1/order-books");
    const fillBooks = (chosen) => {
      book.replaceChildren(
        make("optgroup", { label: "Order books" }, ...[...books].map(([id, name]) => new Option(name, `book:${id}`))),
        make("optgroup", { label: "Examples" }, ...examples.map((demo) => new Option(demo.description.replace(/^order book: /, ""), `demo:${demo.id}`))),
      );
      if (chosen) book.value = `book:${chosen}`;
    };
    fillBooks();
    const file = make("input", { type: "file", id: "file", accept: ".json,.csv,.xlsx", title: "A problem file, or a table of orders for the plant of the order book on the left" });
    const sign = select("Decimal sign of the table", [["by its form", ""], ["comma: 12,5", ","], ["point: 12.5", "."]]);
    const signField = field("Decimals", sign);
    file.addEventListener("change", () => { signField.hidden = !TABLE.test(file.files[0]?.name ?? ""); });
    signField.hidden = true;
    const solver = make("select", { id: "solver" }, ...solvers.map((s) => new Option(s.name, s.name, s.default, s.default)));
    const profile = make("select", { id: "profile" }, ...profiles.map((p) => new Option(p.name.replaceAll("_", " "), p.name, p.default, p.default)));
    const goals = make("input", { type: "text", id: "goals", size: 30, title: "Of lateness, scrap, energy, co2, changes; for lexicographic the first one first" });
    const from = make("select", { id: "from" });
    const seconds = make("input", { type: "number", id: "seconds", min: 1, max: 86400, value: 30, required: true });
    const seed = make("input", { type: "number", id: "seed", min: 0, value: 0, required: true });
    const goalsField = field("Goals", goals), meaning = make("p", { className: "note", id: "meaning" });
    const showProfile = () => {
      const chosen = profiles.find((p) => p.name === profile.value);
      meaning.textContent = `${profile.value.replaceAll("_", " ")}: ${chosen.description}`;
      goalsField.hidden = !chosen.goals.length;
      goals.value = chosen.goals.join(", ");
    };
    profile.addEventListener("change", showProfile);
    const fillPlans = async () => {
      const [kind, id] = book.value.split(/:(.*)/s);
      const plans = kind === "book" ? (await list("/v1/schedules", 200)).filter((plan) => plan.order_book === id) : [];
      from.replaceChildren(new Option("nothing", ""), ...plans.map((plan) => new Option(`${planName(plan)}, ${when(plan.created_at)}`, plan.id)));
    };
    book.addEventListener("change", () => fillPlans().catch((error) => say(error.message, true)));
    const start = button("Plan it", async () => {
      faults.replaceChildren();
      const chosen = await bookOf(book.value, file.files[0], sign.value);
      const named = goalsField.hidden ? [] : goals.value.split(/[\s,]+/).filter(Boolean);
      await send("POST", "/v1/jobs", {
        ...chosen, solver: solver.value, profile: profile.value, ...(named.length ? { goals: named } : {}),
        ...(from.value ? { warm_start: from.value } : {}), termination: { time_s: Number(seconds.value) }, seed: Number(seed.value),
      });
      say("The job is accepted.");
      if (file.value) {
        file.value = "";
        signField.hidden = true;
        await readBooks();
        fillBooks(chosen.order_book);
        await fillPlans();
      }
      await refresh();
    }, "", showFaults);
    const template = button("Template", () => download("/v1/order-books/template?format=xlsx", "orders.xlsx"), "An empty table of orders to fill in (XLSX)");
    content.append(make("section", { className: "tools", ariaLabel: "Plan an order book" },
      field("Order book", book), field("or a file", file), signField, template, field("Solver", solver), field("Profile", profile), goalsField,
      field("Start from", from), field("Seconds", seconds), field("Seed", seed), start), meaning, faults);
    showProfile();
    await fillPlans();
  }

  // Everything that is wrong with what was sent, by row of a table or place in a file.
  function showFaults(error) {
    const found = error.problem?.errors ?? [];
    if (found.length < 2 && !found.some((one) => one.row)) return;
    const heads = ["Where", "Found", "What is wrong", "Expected", "What to do"];
    const where = (one) => (one.row ? `row ${one.row}${one.column ? `, ${one.column}` : ""}` : one.pointer);
    const rows = found.map((one) => make("tr", {}, make("th", { scope: "row", textContent: where(one) }),
      ...[one.value, one.detail.replace(/^row \d+(, column \S+)?: /, ""), one.expected, one.hint].map((text) => make("td", { textContent: text ?? "" }))));
    const total = error.problem.errors_total ?? found.length;
    faults.replaceChildren(make("h2", { textContent: `${total} ${total === 1 ? "fault" : "faults"}${total > found.length ? `, the first ${found.length}` : ""}` }),
      make("div", { className: "frame", tabIndex: 0, role: "region", ariaLabel: "Faults" }, make("table", {},
        make("thead", {}, make("tr", {}, ...heads.map((name) => make("th", { scope: "col", textContent: name })))), make("tbody", {}, ...rows))));
  }

  // A file is stored as an order book, so that it is there for the next plan and as a plant for tables.
  async function bookOf(choice, file, sign) {
    const [kind, id] = choice.split(/:(.*)/s);
    if (file && TABLE.test(file.name)) return { order_book: await tableBook(file, kind, id, sign) };
    if (file) return { order_book: (await send("POST", "/v1/order-books", await file.text())).id };
    return kind === "book" ? { order_book: id } : { problem: await get(`/v1/demo-data/${id}`) };
  }

  // A table of orders is posted for the plant of the chosen order book.
  async function tableBook(file, kind, id, sign) {
    const plant = kind === "book" ? id : (await send("POST", "/v1/order-books", await get(`/v1/demo-data/${id}`))).id;
    const type = /csv$/i.test(file.name) ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const query = new URLSearchParams({ plant, name: file.name, ...(sign ? { decimal: sign } : {}) });
    return (await send("POST", `/v1/order-books?${query}`, await file.arrayBuffer(), type)).id;
  }

  function addTable() {
    const heads = ["Posted", "Order book", "Solver", "State", "Progress", "Best cost", "Gap", "Actions"];
    const compare = button("Compare the two chosen plans", () => {
      const chosen = [...rows.values()].filter((row) => row.choice.checked && row.job.schedule);
      if (chosen.length !== 2) throw new Error("Choose exactly two plans to compare.");
      const [b, a] = chosen.map((row) => row.job.schedule);
      location.href = `/compare?a=${a}&b=${b}`;
    });
    const table = make("table", { id: "jobs" },
      make("caption", { className: "unseen", textContent: "Jobs, newest first" }),
      make("thead", {}, make("tr", {}, ...heads.map((name) => make("th", { scope: "col", textContent: name })))), body);
    content.append(make("div", { className: "tools" }, compare), make("div", { className: "frame", tabIndex: 0, role: "region", ariaLabel: "Jobs" }, table));
  }

  async function start() {
    content.append(make("h1", { textContent: "Plans" }));
    await readBooks();
    await addForm();
    addTable();
    await refresh();
    setInterval(() => document.hidden || refresh().catch((error) => say(error.message, true)), 3000);
  }

  start().catch((error) => say(error.message, true));
})();
