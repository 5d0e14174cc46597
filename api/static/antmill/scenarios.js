"use strict";
// Scenarios: what if, over order books, profiles, solvers and seeds; one page compares their plans.
(() => {
  const { get, send, list, make, button, say, money, when } = window.antmillClient;
  const { makeSortable } = window.antmillTables;
  const content = document.getElementById("content");
  const id = location.pathname.split("/")[2];
  const SCRAP = ["crop", "cut", "transition", "surplus"];
  const ENERGY = ["reheating_gas", "holding_gas", "rolling_electricity", "base_electricity"];
  const number = (value, digits = 0) => value.toLocaleString("en-US", { maximumFractionDigits: digits, minimumFractionDigits: digits });
  const sum = (terms, names, what) => names.reduce((total, name) => total + (terms[name]?.[what] ?? 0), 0);

  // Title, value of an evaluation, how it is shown. Less is better in each.
  const FIGURES = [
    ["Cost", (e) => e.cost, (v, e) => money(v, e.currency)],
    ["Late", (e) => e.terms.tardiness.amount / 3600, (v) => `${number(v, 1)} h`],
    ["Short", (e) => e.terms.shortage.amount / 1e6, (v) => `${number(v, 1)} t`],
    ["Trim scrap", (e) => sum(e.terms, SCRAP, "amount") / 1e6, (v) => `${number(v, 1)} t`],
    ["Energy cost", (e) => sum(e.terms, ENERGY, "money"), (v, e) => money(v, e.currency)],
    ["CO2", (e) => e.terms.co2.amount / 1e6, (v) => `${number(v, 1)} t`],
    ["Changes", (e) => e.terms.changes.amount, (v) => number(v)],
    ["Violations", (e) => e.violations_total, (v) => number(v)],
  ];

  async function one() {
    const head = make("h1", { textContent: "Scenario" });
    const note = make("p", { className: "note" });
    const body = make("tbody");
    const names = ["Order book", "Profile", "Solver", "Seed", "State", ...FIGURES.map(([name]) => name), "Plan"];
    const table = make("table", { id: "runs" }, make("caption", { className: "unseen", textContent: "Plans of this scenario" }),
      make("thead", {}, make("tr", {}, ...names.map((name, i) => make("th", { scope: "col", textContent: name, className: i > 4 && i < names.length - 1 ? "figure" : "" })))), body);
    content.append(head, note, make("div", { className: "frame", tabIndex: 0, role: "region", ariaLabel: "Plans" }, table));
    makeSortable(table);
    const show = async () => {
      const found = await get(`/v1/scenarios/${id}`);
      head.textContent = found.name || "Scenario";
      const left = found.runs.filter((run) => !run.evaluation).length;
      note.textContent = `${found.runs.length} plans of ${when(found.created_at)}${found.finished ? "" : `, ${left} to come`}. All are scored with their order book's own prices; the best figure of each book is marked.`;
      body.replaceChildren(...rows(found.runs));
      return found.finished;
    };
    if (await show()) return;
    const timer = setInterval(() => document.hidden || show().then((done) => done && clearInterval(timer)).catch((error) => say(error.message, true)), 2000);
  }

  function rows(runs) {
    const least = new Map();
    for (const run of runs.filter((r) => r.evaluation)) {
      FIGURES.forEach(([, value], i) => {
        const key = `${run.order_book} ${i}`;
        least.set(key, Math.min(least.get(key) ?? Infinity, value(run.evaluation)));
      });
    }
    return runs.map((run) => {
      const e = run.evaluation;
      const figures = FIGURES.map(([, value, text], i) => {
        const cell = make("td", { className: "figure", textContent: e ? text(value(e), e) : "" });
        cell.dataset.v = e ? value(e) : 1e18;
        const others = runs.some((other) => other !== run && other.order_book === run.order_book && other.evaluation);
        if (e && others && value(e) <= least.get(`${run.order_book} ${i}`) && i < FIGURES.length - 1) cell.classList.add("better");
        return cell;
      });
      const plan = run.schedule ? [make("a", { href: `/schedules/${run.schedule}`, textContent: "Open plan" })] : [];
      if (run.best) plan.push(make("span", { className: "badge in-time", textContent: "cheapest" }));
      return make("tr", {}, make("th", { scope: "row", textContent: run.name || run.order_book }),
        ...[run.profile.replaceAll("_", " "), run.solver, run.seed].map((textContent) => make("td", { textContent })),
        make("td", {}, make("span", { className: `badge ${run.state}`, textContent: run.state })), ...figures,
        make("td", {}, make("div", { className: "actions" }, ...plan)));
    });
  }

  async function all() {
    const newest = async (origin) => (await get(`/v1/order-books?limit=20&origin=${origin}`)).items;
    const [posted, ofJobs, profiles, solvers, found] = await Promise.all([newest("posted"), newest("inline"), get("/v1/profiles"), get("/v1/solvers"), list("/v1/scenarios")]);
    const choice = (label, options, chosen) => {
      const boxes = options.map(([value, text, title]) => {
        const box = make("input", { type: "checkbox", value });
        box.checked = chosen.includes(value);
        return make("label", { title: title ?? "" }, box, ` ${text}`);
      });
      const set = make("fieldset", {}, make("legend", { textContent: label }), ...boxes);
      return [set, () => [...set.querySelectorAll("input:checked")].map((box) => box.value)];
    };
    const name = make("input", { type: "text", maxLength: 200, placeholder: "Name" });
    const [bookSet, bookValues] = choice("Order books", [...posted, ...ofJobs].map((b) => [b.id, `${b.name} (${b.origin === "inline" ? "of a job, " : ""}${when(b.created_at)})`, b.id]), [...posted, ...ofJobs].slice(0, 1).map((b) => b.id));
    const [profileSet, profileValues] = choice("Profiles", profiles.filter((p) => !p.needs_plan).map((p) => [p.name, p.name.replaceAll("_", " "), p.description]), ["money"]);
    const [solverSet, solverValues] = choice("Solvers", solvers.map((s) => [s.name, s.name, s.description]), ["aco"]);
    const seeds = make("input", { type: "text", value: "1, 2, 3" });
    const seconds = make("input", { type: "number", min: 1, max: 86400, value: 30 });
    const field = (label, input) => make("label", {}, `${label} `, input);
    const start = button("Compare", async () => {
      const made = await send("POST", "/v1/scenarios", {
        name: name.value, order_books: bookValues(), profiles: profileValues(), solvers: solverValues(),
        seeds: seeds.value.split(/[\s,;]+/).filter(Boolean).map(Number), termination: { time_s: Number(seconds.value) },
      });
      location.href = made.links.page;
    });
    content.append(make("h1", { textContent: "Scenarios" }),
      make("p", { className: "note", textContent: "Every order book with every profile, solver and seed is planned once; one page shows the plans side by side." }),
      make("section", { className: "tools", ariaLabel: "New scenario" }, field("Name", name), bookSet, profileSet, solverSet, field("Seeds", seeds), field("Seconds each", seconds), start),
      make("div", { className: "frame", tabIndex: 0, role: "region", ariaLabel: "Scenarios" }, make("table", { id: "scenarios" },
        make("thead", {}, make("tr", {}, ...["Made", "Name", "Plans", "By"].map((text) => make("th", { scope: "col", textContent: text })))),
        make("tbody", {}, ...found.map((s) => make("tr", {}, make("th", { scope: "row" }, make("a", { href: `/scenarios/${s.id}`, textContent: when(s.created_at) })),
          ...[s.name, s.jobs, s.created_by].map((textContent) => make("td", { textContent }))))))));
  }

  (id ? one() : all()).catch((error) => say(error.message, true));
})();
