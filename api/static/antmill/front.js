"use strict";
// A front: plans of one job of which none is better in every goal, as a scatter and as a table.
(() => {
  const { get, make, button, say, money } = window.antmillClient;
  const { makeSortable } = window.antmillTables;
  const content = document.getElementById("content");
  const job = location.pathname.split("/")[2];
  const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [760, 340, 84, 24, 14, 46];
  const points = new Map(); // number of a plan -> its dot and its row

  const title = (name) => name[0].toUpperCase() + name.slice(1);
  const number = (value) => value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 1000 ? 1 : 0 });

  async function start() {
    const found = await get(`/v1/jobs/${job}/front`);
    content.append(make("h1", { textContent: "Front of plans" }));
    if (!found.items.length) return say("This job found no front: plan with the profile pareto.");
    document.title = `Front of ${found.items.length} plans · Antmill`;
    const goals = [...found.goals, { name: "cost", meaning: "everything, in money", unit: found.currency }];
    const plans = found.items.map((item) => ({ ...item, values: { ...item.goals, cost: item.cost } }));
    plans.sort((a, b) => a.values[goals[0].name] - b.values[goals[0].name]);
    plans.forEach((plan, i) => (plan.number = i + 1));
    content.append(make("p", { className: "note", textContent:
      `${plans.length} plans, none of which is better in one goal without being worse in another; less is better in each. Every one is a plan of its own: open it to look, change or release it.` }));
    const axes = [0, 1].map((i) => make("select", { id: `axis-${i}` }, ...goals.map((goal, k) => new Option(`${title(goal.name)}, ${goal.unit}`, goal.name, k === i, k === i))));
    const chart = make("figure", { className: "scatter" });
    const draw = () => chart.replaceChildren(scatter(plans, ...axes.map((axis) => goals.find((goal) => goal.name === axis.value))));
    axes.forEach((axis) => axis.addEventListener("change", draw));
    content.append(make("section", { className: "tools", ariaLabel: "Axes of the chart" },
      ...axes.map((axis, i) => make("label", {}, `${["Across", "Up"][i]} `, axis)), button("Compare the two chosen plans", () => compare(plans))), chart);
    content.append(table(plans, goals));
    draw();
  }

  function compare(plans) {
    const chosen = plans.filter((plan) => points.get(plan.number).box.checked).map((plan) => plan.schedule);
    if (chosen.length !== 2) throw new Error("Choose exactly two plans in the table.");
    location.href = `/compare?a=${chosen[0]}&b=${chosen[1]}`;
  }

  function table(plans, goals) {
    const least = goals.map((goal) => Math.min(...plans.map((plan) => plan.values[goal.name])));
    const rows = plans.map((plan) => {
      const box = make("input", { type: "checkbox", ariaLabel: `Choose plan ${plan.number} for comparison` });
      const figures = goals.map((goal, i) => {
        const value = plan.values[goal.name];
        const cell = make("td", { className: value === least[i] ? "figure better" : "figure", textContent: goal.unit === "t" || goal.unit === "changes" ? number(value) : money(value, "") });
        cell.dataset.v = value;
        return cell;
      });
      const actions = [make("a", { href: plan.links.page, textContent: `Open plan ${plan.number}` }), make("label", {}, box, " compare")];
      if (plan.cheapest) actions.push(make("span", { className: "badge in-time", textContent: "cheapest" }));
      const row = make("tr", {}, make("th", { scope: "row", textContent: plan.number }), ...figures, make("td", {}, make("div", { className: "actions" }, ...actions)));
      for (const [name, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) row.addEventListener(name, () => mark(plan, on));
      points.set(plan.number, { row, box });
      return row;
    });
    const heads = ["Plan", ...goals.map((goal) => `${title(goal.name)}, ${goal.unit}`), "Actions"];
    const made = make("table", { id: "front" }, make("caption", { className: "unseen", textContent: "Plans of the front" }),
      make("thead", {}, make("tr", {}, ...heads.map((textContent, i) => make("th", { scope: "col", textContent, className: i && i <= goals.length ? "figure" : "", title: goals[i - 1]?.meaning ?? "" })))),
      make("tbody", {}, ...rows));
    makeSortable(made);
    return make("div", { className: "frame", tabIndex: 0, role: "region", ariaLabel: "Plans of the front" }, made);
  }

  function mark(plan, on) {
    const { row, dot } = points.get(plan.number);
    row.classList.toggle("marked", on);
    dot?.classList.toggle("marked", on);
  }

  function element(name, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  // Round steps that cut [low, high] into about five.
  function ticks(low, high) {
    const raw = (high - low || 1) / 5, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
    const first = Math.floor(low / step), count = Math.max(1, Math.ceil(high / step) - first);
    return Array.from({ length: count + 1 }, (_, i) => (first + i) * step);
  }

  function scatter(plans, across, up) {
    const values = [across, up].map((goal) => plans.map((plan) => plan.values[goal.name]));
    const marks = values.map((all) => ticks(Math.min(...all), Math.max(...all)));
    const place = (i, value) => {
      const [low, high] = [marks[i][0], marks[i].at(-1)];
      const share = (value - low) / (high - low);
      return i ? HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM) : LEFT + share * (WIDTH - LEFT - RIGHT);
    };
    const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": `${plans.length} plans by ${across.name} and ${up.name}; the table below has the same figures` });
    for (const value of marks[0]) {
      const x = place(0, value);
      svg.append(element("line", { class: "grid", x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM }), element("text", { x, y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, number(value)));
    }
    for (const value of marks[1]) {
      const y = place(1, value);
      svg.append(element("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }), element("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, number(value)));
    }
    svg.append(element("text", { class: "axis", x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 8, "text-anchor": "middle" }, `${title(across.name)}, ${across.unit}`),
      element("text", { class: "axis", transform: `rotate(-90) translate(${-(TOP + HEIGHT - BOTTOM) / 2} 14)`, "text-anchor": "middle" }, `${title(up.name)}, ${up.unit}`));
    for (const plan of plans) {
      const [x, y] = [across, up].map((goal, i) => place(i, plan.values[goal.name]));
      const said = `Plan ${plan.number}: ${across.name} ${number(plan.values[across.name])} ${across.unit}, ${up.name} ${number(plan.values[up.name])} ${up.unit}, cost ${money(plan.cost, "")}`;
      const dot = element("a", { href: plan.links.page, class: plan.cheapest ? "dot cheapest" : "dot", "aria-label": said },
        element("title", {}, said), element("circle", { cx: x, cy: y, r: 9 }), element("text", { x, y: y + 4, "text-anchor": "middle" }, plan.number));
      for (const [name, on] of [["mouseenter", true], ["focus", true], ["mouseleave", false], ["blur", false]]) dot.addEventListener(name, () => mark(plan, on));
      points.get(plan.number).dot = dot;
      svg.append(dot);
    }
    return svg;
  }

  start().catch((error) => say(error.message, true));
})();
