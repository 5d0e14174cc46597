"use strict";
// Ties the chart of a report to its tables: find an order, filter, show a lot or an order in full.
(() => {
  const { Chart, listen, tooltips, walk } = window.antmillGantt;
  const { makeSortable, addFilter } = window.antmillTables;

  const control = (name, attributes, ...children) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...children);
    return element;
  };

  const button = (label, title, action) => {
    const made = control("button", { type: "button", className: "plain", textContent: label, title });
    const says = !/\w/.test(label) || title.toLowerCase().includes(label.toLowerCase());
    made.setAttribute("aria-label", says ? title : `${label}: ${title}`);
    made.addEventListener("click", action);
    return made;
  };

  // `hand`, on the served page only, adds what a planner can change: see hand.js.
  class ReportPage {
    constructor(root) {
      this.root = root;
      this.lotRows = [...root.querySelectorAll("#lots tbody tr")].sort((a, b) => a.dataset.lot - b.dataset.lot);
      this.orderRows = new Map([...root.querySelectorAll("#orders tbody tr")].map((row) => [row.dataset.order, row]));
      this.ordersOf = this.lotRows.map((row) => JSON.parse(row.dataset.orders));
      this.panel = root.querySelector(".chosen-lot");
      this.chosen = new Set();
      this.chart = new Chart(root.querySelector(".chart svg"));
      listen(this.chart);
      tooltips(this.chart);
      walk(this.chart, (index) => this.showLot(index));
      this.addControls();
      this.addTables();
      // Over a month single lots are a pixel wide: begin with the first week.
      if (this.chart.full[1] > 9 * 86400) this.chart.show(0, 7 * 86400);
    }

    addControls() {
      const bar = this.root.querySelector(".controls");
      const chart = this.chart;
      const find = control("input", { type: "search", placeholder: "Find an order" });
      find.setAttribute("list", "order-names");
      find.setAttribute("aria-label", "Find an order");
      const names = control("datalist", { id: "order-names" }, ...[...this.orderRows.keys()].map((name) => new Option(name)));
      find.addEventListener("change", () => this.showOrder(find.value.trim()));
      this.find = find;
      this.filters = ["line", "section", "grade"].map((key) => {
        const values = [...new Set(this.lotRows.map((row) => row.dataset[key]))].sort();
        const select = control("select", {}, new Option(`${key}: all`, ""), ...values.map((v) => new Option(v, v)));
        select.setAttribute("aria-label", `Show only this ${key}`);
        select.addEventListener("change", () => this.mark());
        return [key, select];
      });
      bar.append(
        button("−", "Zoom out", () => chart.zoom(1 / 0.6)),
        button("+", "Zoom in", () => chart.zoom(0.6)),
        button("All", "Show all of the plan", () => chart.fit()),
        button("Week", "Show one week", () => chart.show(chart.view[0], chart.view[0] + 7 * 86400)),
        button("Day", "Show one day", () => chart.show(chart.view[0], chart.view[0] + 86400)),
        button("◀", "Earlier", () => chart.pan(-0.5)),
        button("▶", "Later", () => chart.pan(0.5)),
        find, names, ...this.filters.map(([, select]) => select),
        button("Clear", "Clear choice and filters", () => this.clear()),
        control("span", { className: "note", textContent: "Drag to move, Ctrl and wheel to zoom, click a lot" }),
      );
      bar.hidden = false;
    }

    addTables() {
      this.root.querySelectorAll("table.sortable").forEach(makeSortable);
      const choices = { orders: [["Status", "status"], ["Section", "section"], ["Grade", "grade"]], lots: [["Line", "line"], ["Section", "section"], ["Grade", "grade"]] };
      for (const [id, keys] of Object.entries(choices)) {
        addFilter(this.root.querySelector(`#${id}`), `Filter ${id}`, keys);
      }
      this.lotRows.forEach((row, index) => this.lead(row, () => this.showLot(index)));
      this.orderRows.forEach((row, name) => this.lead(row, () => this.showOrder(name)));
    }

    // The first cell of a row leads to the chart.
    lead(row, action) {
      const link = button(row.cells[0].textContent, "Show in the chart", () => {
        action();
        this.root.querySelector("#plan").scrollIntoView();
      });
      row.cells[0].replaceChildren(link);
    }

    mark() {
      const keep = (index) => this.filters.every(([key, select]) => !select.value || this.lotRows[index].dataset[key] === select.value);
      this.chart.mark(this.chosen, (index) => keep(index) && (!this.chosen.size || this.chosen.has(index)));
    }

    clear() {
      this.chosen = new Set();
      this.find.value = "";
      this.filters.forEach(([, select]) => { select.value = ""; });
      this.panel.replaceChildren();
      this.emphasise([]);
      this.mark();
      this.chart.fit();
    }

    emphasise(rows) {
      this.root.querySelectorAll("tr.chosen").forEach((row) => row.classList.remove("chosen"));
      rows.forEach((row) => row.classList.add("chosen"));
    }

    showLot(index) {
      this.chosen = new Set([index]);
      const row = this.lotRows[index];
      const tip = this.chart.lots[index].dataset.tip;
      const parts = [control("pre", { textContent: tip }), control("h3", { textContent: "Cut plan" }), row.cells[13].querySelector("ul").cloneNode(true)];
      parts.push(...(this.hand?.lot(index) ?? []));
      for (const name of this.ordersOf[index]) parts.push(...this.orderParts(name));
      this.fill(parts);
      this.emphasise([row]);
      this.mark();
      this.chart.reveal(this.chart.spanOf(index));
    }

    fill(parts) {
      const close = button("Close", "Close and show all", () => this.clear());
      close.classList.add("close");
      this.panel.replaceChildren(close, ...parts);
    }

    orderParts(name) {
      const row = this.orderRows.get(name);
      if (!row) return [];
      const status = row.cells[1].firstElementChild.cloneNode(true);
      const head = control("h3", {}, `Order ${name} `, status);
      return [head, row.cells[2].querySelector("ul").cloneNode(true), ...(this.hand?.order(name, row.dataset.status) ?? [])];
    }

    showOrder(name) {
      const row = this.orderRows.get(name);
      if (!row) {
        if (name) this.fill([control("p", { textContent: `There is no order ${name}.` })]);
        else this.clear();
        return;
      }
      const lots = this.ordersOf.flatMap((orders, index) => (orders.includes(name) ? [index] : []));
      this.chosen = new Set(lots);
      this.fill(this.orderParts(name));
      this.emphasise([row, ...lots.map((index) => this.lotRows[index])]);
      this.mark();
      if (!lots.length) return;
      const spans = lots.map((index) => this.chart.spanOf(index));
      this.chart.reveal([Math.min(...spans.map((s) => s[0])), Math.max(...spans.map((s) => s[1]))]);
    }
  }

  window.antmillReport = { ReportPage };
  const root = document.querySelector("main.report");
  if (root) window.antmillReport.page = new ReportPage(root);
})();
