"use strict";
// One plan: its report, taken from the API and brought to life, with what else can be done with it.
(() => {
  const { get, main, list, download, make, button, say, planName } = window.antmillClient;
  const id = location.pathname.split("/").pop();
  const own = `/v1/schedules/${id}`;

  async function start() {
    say("Reading the plan ...");
    const [report, plan] = await Promise.all([main(`${own}/report.html`), get(own)]);
    const [book, tools] = await Promise.all([get(`/v1/order-books/${plan.order_book}/content`), actions(plan)]);
    // Nothing is awaited from here on: what a reader sees listens already.
    document.getElementById("content").replaceWith(report);
    document.title = `${report.querySelector("h1").textContent} · Antmill`;
    const page = new window.antmillReport.ReportPage(report);
    window.antmillReport.page = page;
    page.hand = new window.antmillHand.Hand(id, plan, page, book);
    report.querySelector("header").append(...(plan.parent ? [revision(plan)] : []), tools, page.hand.forms(book));
    say("");
  }

  function revision(plan) {
    return make("p", {}, `Revision ${plan.revision} of `, make("a", { href: `/schedules/${plan.parent}`, textContent: "this plan" }),
      ": ", make("a", { href: `/compare?a=${plan.parent}&b=${id}`, textContent: "what changed" }));
  }

  async function actions(plan) {
    const others = (await list("/v1/schedules", 200)).filter((other) => other.id !== id && other.order_book === plan.order_book);
    const other = make("select", { ariaLabel: "Compare with another plan of this order book" }, new Option("Compare with ...", ""));
    others.forEach((o) => other.append(new Option(planName(o), o.id)));
    other.addEventListener("change", () => { if (other.value) location.href = `/compare?a=${other.value}&b=${id}`; });
    const file = (label, path, name) => button(label, () => download(`${own}/${path}`, name));
    return make("div", { className: "tools" },
      file("Report for offline", "report.html", `${id}.html`),
      file("Chart as SVG", "gantt.svg", `${id}.svg`),
      file("Tables as XLSX", "export?format=xlsx", `${id}.xlsx`),
      file("Plan as JSON", "export?format=json", `${id}.json`),
      file("B2MML", "export?format=b2mml", `${id}.xml`),
      ...(others.length ? [other] : []));
  }

  start().catch((error) => say(error.message, true));
})();
