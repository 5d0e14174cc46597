"use strict";
// A plan under the planner's hands: move and lock lots, place an order, plan again.
(() => {
  const { get, send, make, field, select, local, button, say, money, when } = window.antmillClient;

  const hours = (minutes) => (minutes >= 60 ? `${(minutes / 60).toFixed(1)} h` : `${Math.round(minutes)} min`);

  class Hand {
    constructor(id, plan, page, book) {
      this.own = `/v1/schedules/${id}`;
      this.locked = new Set(book.orders.filter((order) => order.lock).map((order) => order.id));
      this.plan = plan;
      this.lines = plan.schedule.lines.map((line) => line.line);
      const counts = {};
      this.lots = page.lotRows.map((row) => {
        const line = row.dataset.line;
        counts[line] = (counts[line] ?? 0) + 1;
        return [line, counts[line]];
      });
      this.counts = counts;
    }

    // The next revision, made at once; this page goes there.
    async edit(...edits) {
      const made = await send("POST", `${this.own}:edit`, { edits });
      const cost = made.evaluation.cost - this.plan.evaluation.cost;
      say(`Revision ${made.revision} costs ${cost < 0 ? "" : "+"}${money(cost, made.evaluation.currency)}.`);
      location.href = `/schedules/${made.id}`;
    }

    lot(index) {
      const [line, lot] = this.lots[index];
      const to = select("Line to move to", this.lines.map((name) => [name, name]));
      to.value = line;
      const before = make("input", { type: "number", min: 1, max: this.counts[line] + 1, value: lot, ariaLabel: "Lot number before which it shall stand" });
      to.addEventListener("change", () => { before.max = this.counts[to.value] + 1; });
      const keep = select("What the orders of this lot shall keep", [["start", "start"], ["position", "position"], ["line", "line"]]);
      return [make("div", { className: "tools" },
        field("Move before lot", before), ...(this.lines.length > 1 ? [field("of", to)] : []),
        button("Move", () => this.edit({ type: "move_lot", line, lot, to_line: to.value, before: Number(before.value) })),
        field("Keep its orders'", keep),
        button("Lock", () => this.edit({ type: "lock_lot", line, lot, keep: keep.value })))];
    }

    order(name, status) {
      const place = make("div");
      const ask = button("Neighbours, and what would help", async () => {
        const found = await get(`${this.own}/orders/${encodeURIComponent(name)}`);
        place.replaceChildren(this.neighbours(found), this.places(found, (slot) => (status === "not made"
          ? { type: "insert_order", order: name, line: slot.line, lot: slot.lot } : null)));
      });
      const unlock = button("Unlock", () => this.edit({ type: "unlock_order", order: name }));
      return [make("div", { className: "tools" }, ask, ...(this.locked.has(name) ? [unlock] : [])), place];
    }

    neighbours(found) {
      const side = (label, one) => (one ? `${label} lot ${one.lot}, ${one.section} ${one.grade}: ${one.change || "no change"}${one.change ? `, ${hours(one.change_min)}, ${money(one.change_cost, found.currency)}` : ""}` : `nothing ${label}`);
      return make("ul", {}, ...found.lots.map((lot) => make("li", { textContent: `${lot.line}/${lot.lot}: ${side("after", lot.before)}; ${side("before", lot.after)}` })));
    }

    places(found, edit) {
      const slots = found.slots ?? found.places;
      if (!slots.length) return make("p", { className: "note", textContent: (found.reasons ?? ["No other place would help."]).join(" ") });
      const head = ["Lot", "From", "To", "Late", "Plan costs", "Others later by", "Breaks", ""];
      const rows = slots.map((slot) => {
        const others = slot.delays.slice(0, 3).map((d) => `${d.order} ${hours(d.late_min - d.late_min_before)}`).join(", ");
        const change = edit(slot);
        return make("tr", {}, make("th", { scope: "row", textContent: `${slot.line}/${slot.lot}` }),
          ...[when(slot.start), when(slot.end), slot.late_min ? hours(slot.late_min) : "in time", `${slot.added_cost < 0 ? "" : "+"}${money(slot.added_cost, found.currency)}`,
            slot.delays_total ? `${others}${slot.delays_total > 3 ? ` and ${slot.delays_total - 3} more` : ""}` : "none", slot.violations.join(", ")].map((textContent) => make("td", { textContent })),
          make("td", {}, ...(change ? [button("Put it here", () => this.edit(change))] : [])));
      });
      return make("table", {}, make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col", textContent: name })))), make("tbody", {}, ...rows));
    }

    // Forms below the plan's head: a new order, a breakdown, the release and what became of it.
    forms(book) {
      this.horizon = book.horizon;
      return make("div", { className: "hand" }, this.orderForm(book), this.replanForm(book),
        window.antmillRelease.form(this.plan.id, this.lots.length, (at) => this.instant(at)));
    }

    orderForm(book) {
      const input = (type, attributes = {}) => make("input", { type, ...attributes });
      const id = input("text", { value: "RUSH", maxLength: 64 });
      const section = select("Section", book.sections.map((s) => [s.id, s.id]));
      const grade = select("Grade", book.grades.map((g) => [g.id, g.id]));
      const coils = Boolean(book.orders[0]?.coil_kg);
      const length = input("number", { min: 100, value: book.orders[0]?.length_mm ?? 12000 });
      const tonnes = input("number", { min: 1, step: "any", value: 25 });
      const due = this.instant();
      const place = make("div");
      const read = () => ({
        id: id.value.trim(), section: section.value, grade: grade.value, quantity_kg: 1000 * Number(tonnes.value),
        ...(coils ? { coil_kg: book.orders[0].coil_kg } : { length_mm: Number(length.value) }),
        ...(due.value ? { due_date: local(due) } : {}),
      });
      const find = button("Find the best place", async () => {
        const order = read();
        const found = await send("POST", `${this.own}:recommend`, { order });
        place.replaceChildren(this.places(found, (slot) => ({ type: "insert_order", order, line: slot.line, lot: slot.lot })));
      });
      return make("details", {}, make("summary", { textContent: "One more order" }), make("div", { className: "tools" },
        field("Order", id), field("Section", section), field("Grade", grade), ...(coils ? [] : [field("Length, mm", length)]),
        field("Tonnes", tonnes), field("Due (your clock)", due), find), place);
    }

    // An instant within the plan's horizon: its calendar opens there, whatever today is.
    instant(value = null) {
      const text = (at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
      const [first, last] = [this.horizon.start, this.horizon.end].map((at) => Date.parse(at));
      const shown = value === null ? "" : text(Math.min(last, Math.max(first, value)));
      return make("input", { type: "datetime-local", min: text(first), max: text(last), value: shown });
    }

    replanForm(book) {
      const line = select("Line", this.lines.map((name) => [name, name]));
      // Of a horizon that is over, as a demo's, nothing is kept unless told.
      const until = this.instant(Date.now() < Date.parse(this.horizon.end) ? Date.now() : null);
      const [from, to, available] = [this.instant(), this.instant(), this.instant()];
      const named = (label, rows) => {
        const choices = make("datalist", { id: `choices-${label}` }, ...rows.map((row) => new Option(row.id)));
        const input = make("input", { type: "text", maxLength: 64, size: 12 });
        input.setAttribute("list", choices.id);
        return [input, choices];
      };
      const [stock, stockChoices] = named("stock", book.stock.filter((row) => row.available_from));
      const [order, orderChoices] = named("order", book.orders);
      const actuals = make("input", { type: "checkbox" });
      const seconds = make("input", { type: "number", min: 1, max: 86400, value: 30 });
      const start = button("Plan again", async () => {
        const disruptions = [];
        if (Boolean(from.value) !== Boolean(to.value)) throw new Error("A breakdown has a start and an end.");
        if (from.value) disruptions.push({ type: "breakdown", line: line.value, start: local(from), end: local(to) });
        if (Boolean(stock.value) !== Boolean(available.value)) throw new Error("Of a late heat, say which and when it comes.");
        if (stock.value) disruptions.push({ type: "late_heat", stock: stock.value, available_from: local(available) });
        if (order.value) disruptions.push({ type: "cancelled_order", order: order.value });
        if (actuals.checked) disruptions.push({ type: "actuals" });
        const body = { freeze_until: local(until), disruptions, termination: { time_s: Number(seconds.value) } };
        await send("POST", `${this.own}:replan`, body);
        location.href = "/jobs";
      });
      const tools = (...parts) => make("div", { className: "tools" }, ...parts);
      return make("details", {}, make("summary", { textContent: "Plan again" }),
        tools(field("Keep what starts before", until), field("Go on from what the mill confirmed", actuals)),
        tools(field("Breakdown of", line), field("from", from), field("to", to)),
        tools(field("Late heat", stock), stockChoices, field("comes", available), field("Cancelled order", order), orderChoices),
        tools(field("Seconds", seconds), start, make("span", { className: "note", textContent: "Times are your clock's. What is empty did not happen." })));
    }
  }

  window.antmillHand = { Hand };
})();
