"use strict";
// One plan: its report, taken from the API and brought to life, with what else can be done with it.
(() => {
  const { get, main, list, download, make, button, say, money } = window.antmillClient;
  const id = location.pathname.split("/").pop();
  const own = `/v1/schedules/${id}`;

  async function start() {
    say("Reading the plan ...");
    const [report, plan] = await Promise.all([main(`${own}/report.html`), get(own)]);
    document.getElementById("content").replaceWith(report);
    document.title = `${report.querySelector("h1").textContent} · Antmill`;
    report.querySelector("header").append(await actions(plan));
    window.antmillReport.page = new window.antmillReport.ReportPage(report);
    say("");
  }

  async function actions(plan) {
    const others = (await list("/v1/schedules", 200)).filter((other) => other.id !== id && other.order_book === plan.order_book);
    const other = make("select", { ariaLabel: "Compare with another plan of this order book" }, new Option("Compare with ...", ""));
    others.forEach((o) => other.append(new Option(`${o.run.solver}, seed ${o.run.seed}, ${money(o.evaluation.cost, "")}`, o.id)));
    other.addEventListener("change", () => { if (other.value) location.href = `/compare?a=${other.value}&b=${id}`; });
    const file = (label, path, name) => button(label, () => download(`${own}/${path}`, name));
    return make("div", { className: "tools" },
      file("Report for offline", "report.html", `${id}.html`),
      file("Chart as SVG", "gantt.svg", `${id}.svg`),
      file("Tables as XLSX", "export?format=xlsx", `${id}.xlsx`),
      file("Plan as JSON", "export?format=json", `${id}.json`),
      ...(others.length ? [other] : []));
  }

  start().catch((error) => say(error.message, true));
})();
