"use strict";
// Two plans: their figures side by side, their charts under one another, the orders that differ.
(() => {
  const { get, main, list, make, say, planName, when } = window.antmillClient;
  const { Chart, listen, tooltips, walk } = window.antmillGantt;
  const { makeSortable, addFilter } = window.antmillTables;
  const content = document.getElementById("content");
  const asked = new URLSearchParams(location.search);
  const result = make("div");

  async function start() {
    content.append(make("h1", { textContent: "Compare two plans" }));
    const plans = await list("/v1/schedules", 200);
    const others = ["a", "b"].map((key) => asked.get(key)).filter((id) => id && !plans.some((plan) => plan.id === id));
    const found = await Promise.allSettled(others.map((id) => get(`/v1/schedules/${encodeURIComponent(id)}`)));
    plans.push(...found.filter((one) => one.value).map((one) => one.value));
    const books = [...new Set(plans.map((plan) => plan.order_book))];
    const named = new Map(await Promise.all(books.map(async (id) => [id, (await get(`/v1/order-books/${id}`)).name])));
    const selects = ["a", "b"].map((key) => {
      const select = make("select", { id: `plan-${key}` }, new Option("choose a plan", ""));
      plans.forEach((p) => select.append(new Option(`${named.get(p.order_book)}: ${planName(p)}, ${when(p.created_at)}`, p.id)));
      select.value = asked.get(key) ?? "";
      select.addEventListener("change", () => show(...selects.map((s) => s.value)));
      return select;
    });
    content.append(make("div", { className: "tools" }, ...selects.map((s, i) => make("label", {}, `Plan ${"AB"[i]} `, s))), result);
    await show(...selects.map((s) => s.value));
    found.filter((one) => one.reason).forEach((one) => say(one.reason.message, true));
  }

  async function show(a, b) {
    result.replaceChildren();
    if (!a || !b) return say("Choose two plans.");
    history.replaceState(null, "", `?a=${a}&b=${b}`);
    say("Reading both plans ...");
    const [found, ...mains] = await Promise.all([get(`/v1/schedules/${a}/diff/${b}`), ...[a, b].map((id) => main(`/v1/schedules/${id}/report.html`))]);
    const data = mains.map((part) => JSON.parse(part.querySelector("#antmill-data").textContent));
    result.append(
      make("h2", { textContent: "Figures" }), figures(data),
      make("h2", { textContent: "Charts" }), charts(mains, [a, b]),
      make("h2", { textContent: "Orders that differ" }), orders(mains, found),
    );
    const table = result.querySelector("#differences");
    makeSortable(table);
    addFilter(table, "Filter orders", []);
    result.querySelectorAll(".chart").forEach((place) => place.dispatchEvent(new Event("placed")));
    say("");
  }

  const frame = (label, table) => make("div", { className: "frame", tabIndex: 0, role: "region", ariaLabel: label }, table);
  const head = (names) => make("thead", {}, make("tr", {}, ...names.map((name, i) => make("th", { scope: "col", textContent: name, className: i ? "figure" : "" }))));
  const cell = (textContent, className = "", sort) => {
    const made = make("td", { textContent, className });
    if (sort !== undefined) made.dataset.v = sort;
    return made;
  };

  function figures([a, b]) {
    const of = new Map(b.kpis.map((kpi) => [kpi.key, kpi]));
    const body = make("tbody");
    let group = "";
    for (const mine of a.kpis) {
      const theirs = of.get(mine.key);
      if (!theirs) continue;
      if (mine.group !== group) {
        group = mine.group;
        body.append(make("tr", {}, make("th", { colSpan: 5, scope: "rowgroup", className: "group", textContent: group })));
      }
      body.append(figure(mine, theirs));
    }
    return frame("Figures of both plans", make("table", { id: "both" }, head(["Figure", "Plan A", "Plan B", "B less A", "In %"]), body));
  }

  function figure(a, b) {
    const by = b.value - a.value;
    const shown = (value) => value.toLocaleString("en-US", { minimumFractionDigits: a.digits, maximumFractionDigits: a.digits });
    const same = shown(a.value) === shown(b.value);
    const verdict = same || a.better === "neither" ? "" : by < 0 === (a.better === "less") ? "better" : "worse";
    const share = same || !a.value || Math.abs(by / a.value) >= 10 ? "" : `${by > 0 ? "+" : "−"}${Math.abs((100 * by) / a.value).toFixed(1)} %`;
    return make("tr", {},
      make("th", { scope: "row", textContent: `${a.label}, ${a.unit}` }),
      cell(shown(a.value), "figure"), cell(shown(b.value), "figure"),
      cell(same ? "±0" : `${by > 0 ? "+" : "−"}${shown(Math.abs(by))}`, `figure ${verdict}`),
      cell(share, `figure ${verdict}`));
  }

  // Both charts move together. Ids of the second are renamed, for they stand in one page.
  function charts(mains, ids) {
    const made = [];
    const places = mains.map((part, index) => {
      const svg = part.querySelector(".chart svg");
      const prefix = "AB"[index];
      svg.querySelectorAll("[id]").forEach((e) => { e.id = prefix + e.id; });
      svg.querySelectorAll("[fill^=url]").forEach((e) => e.setAttribute("fill", e.getAttribute("fill").replace("#", `#${prefix}`)));
      const place = make("div", { className: "chart" }, svg);
      const title = make("h3", {}, `Plan ${prefix} `, make("a", { href: `/schedules/${ids[index]}`, textContent: "open" }));
      place.addEventListener("placed", () => {
        const chart = new Chart(svg);
        made.push(chart);
        listen(chart);
        tooltips(chart);
        walk(chart, () => {});
        chart.onView = () => made.filter((other) => other !== chart).forEach((other) => {
          if (other.view[0] === chart.view[0] && other.view[1] === chart.view[1]) return;
          other.view = [...chart.view];
          other.draw();
        });
        if (made.length === 2) {
          // One scale for both: the longer plan's.
          const end = Math.max(...made.map((c) => c.full[1]));
          made.forEach((c) => { c.rescale([Math.min(...made.map((d) => d.full[0])), end]); });
        }
      }, { once: true });
      return make("div", { className: "gantt" }, title, place);
    });
    const zoom = (label, title, action) => {
      const button = make("button", { type: "button", className: "plain", textContent: label, title, ariaLabel: title });
      button.addEventListener("click", () => made.length && action(made[0]));
      return button;
    };
    return make("div", {}, make("div", { className: "controls" },
      zoom("−", "Zoom out", (c) => c.zoom(1 / 0.6)), zoom("+", "Zoom in", (c) => c.zoom(0.6)),
      zoom("All", "Show all", (c) => c.fit()), zoom("Day", "Show one day", (c) => c.show(c.view[0], c.view[0] + 86400)),
      zoom("◀", "Earlier", (c) => c.pan(-0.5)), zoom("▶", "Later", (c) => c.pan(0.5))), ...places);
  }

  // Times are written as each plan's report writes them, by its mill's clock.
  function orders(mains, found) {
    const rows = mains.map((part) => new Map([...part.querySelectorAll("#orders tbody tr")].map((row) => [row.dataset.order, row])));
    const body = make("tbody");
    for (const { order, later_min: later, ...stories } of found.moves) {
      const both = [stories.before, stories.after];
      const cost = (stories.after?.cost ?? 0) - (stories.before?.cost ?? 0);
      const better = cost < 0 ? "better" : cost > 0 ? "worse" : "";
      body.append(make("tr", {},
        make("th", { scope: "row", textContent: order }),
        ...both.map((story) => cell(story?.status ?? "no such order", "figure")),
        ...both.map((story, i) => cell(story ? rows[i].get(order).cells[6].textContent : "", "figure", story?.last ? Date.parse(story.last) : -1)),
        cell(later === null ? "" : `${later > 0 ? "+" : ""}${(later / 60).toFixed(1)} h`, "figure", later ?? 1e9),
        cell(cost.toLocaleString("en-US", { maximumFractionDigits: 0 }), `figure ${better}`, cost)));
    }
    const table = make("table", { id: "differences" }, head(["Order", "Status in A", "in B", "Finished in A", "in B", "Moved", "Cost, B less A"]), body);
    const [count, all] = [found.moves.length, found.moves.length + found.unmoved];
    return make("div", {}, make("p", { className: "note", textContent: `${count} of ${all} orders end at another time, are made elsewhere or in another amount, or stand in one plan only.` }), frame("Orders that differ", table));
  }

  start().catch((error) => say(error.message, true));
})();
