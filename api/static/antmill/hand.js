"use strict";
// A plan under the planner's hands: move and lock lots, place an order, plan again, release.
(() => {
  const { get, send, make, button, say, money, when } = window.antmillClient;

  const field = (label, input) => make("label", {}, `${label} `, input);
  const select = (label, values) => make("select", { ariaLabel: label }, ...values.map(([text, value]) => new Option(text, value)));
  const hours = (minutes) => (minutes >= 60 ? `${(minutes / 60).toFixed(1)} h` : `${Math.round(minutes)} min`);
  const local = (input) => (input.value ? new Date(input.value).toISOString() : null);

  class Hand {
    constructor(id, plan, page) {
      this.own = `/v1/schedules/${id}`;
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
      return [make("div", { className: "tools" }, ask, button("Unlock", () => this.edit({ type: "unlock_order", order: name }))), place];
    }

    neighbours(found) {
      const side = (label, one) => (one ? `${label} lot ${one.lot}, ${one.section} ${one.grade}: ${one.change || "no change"}${one.change ? `, ${hours(one.change_min)}, ${money(one.change_cost, found.currency)}` : ""}` : `nothing ${label}`);
      return make("ul", {}, ...found.lots.map((lot) => make("li", { textContent: `${lot.line}/${lot.lot}: ${side("after", lot.before)}; ${side("before", lot.after)}` })));
    }

    places(found, edit) {
      const slots = found.slots ?? found.places;
      if (!slots.length) return make("p", { className: "note", textContent: (found.reasons ?? ["No other place would help."]).join(" ") });
      const head = ["Lot", "From", "To", "Late", "Plan costs", "Others late by then", "Breaks", ""];
      const rows = slots.map((slot) => {
        const others = slot.delays.slice(0, 3).map((d) => `${d.order} ${hours(d.late_min)}`).join(", ");
        const change = edit(slot);
        return make("tr", {}, make("th", { scope: "row", textContent: `${slot.line}/${slot.lot}` }),
          ...[when(slot.start), when(slot.end), slot.late_min ? hours(slot.late_min) : "in time", `${slot.added_cost < 0 ? "" : "+"}${money(slot.added_cost, found.currency)}`,
            slot.delays_total ? `${others}${slot.delays_total > 3 ? ` and ${slot.delays_total - 3} more` : ""}` : "none", slot.violations.join(", ")].map((textContent) => make("td", { textContent })),
          make("td", {}, ...(change ? [button("Put it here", () => this.edit(change))] : [])));
      });
      return make("table", {}, make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col", textContent: name })))), make("tbody", {}, ...rows));
    }

    // Forms below the plan's head: a new order, a breakdown, and the release.
    forms(book) {
      return make("div", { className: "hand" }, this.orderForm(book), this.replanForm(), this.releaseForm());
    }

    orderForm(book) {
      const input = (type, attributes = {}) => make("input", { type, ...attributes });
      const id = input("text", { value: "RUSH", maxLength: 64 });
      const section = select("Section", book.sections.map((s) => [s.id, s.id]));
      const grade = select("Grade", book.grades.map((g) => [g.id, g.id]));
      const coils = Boolean(book.orders[0]?.coil_kg);
      const length = input("number", { min: 100, value: book.orders[0]?.length_mm ?? 12000 });
      const tonnes = input("number", { min: 1, step: "any", value: 25 });
      const due = input("datetime-local");
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

    replanForm() {
      const line = select("Line", this.lines.map((name) => [name, name]));
      const [from, to, until] = ["from", "to", "until"].map(() => make("input", { type: "datetime-local" }));
      const actuals = make("input", { type: "checkbox" });
      const seconds = make("input", { type: "number", min: 1, max: 86400, value: 30 });
      const start = button("Plan again", async () => {
        const disruptions = [];
        if (from.value && to.value) disruptions.push({ type: "breakdown", line: line.value, start: local(from), end: local(to) });
        if (actuals.checked) disruptions.push({ type: "actuals" });
        const job = await send("POST", `${this.own}:replan`, { freeze_until: local(until), disruptions, termination: { time_s: Number(seconds.value) } });
        say(`Planning again: ${job.id}`);
        location.href = "/jobs";
      });
      return make("details", {}, make("summary", { textContent: "Plan again" }), make("div", { className: "tools" },
        field("Keep what starts before", until), field("Breakdown of", line), field("from", from), field("to", to),
        field("Go on from what the mill confirmed", actuals), field("Seconds", seconds), start));
    }

    releaseForm() {
      const until = make("input", { type: "datetime-local" });
      const place = make("div");
      const release = button("Release", async () => {
        const found = await send("POST", `${this.own}:release`, until.value ? { until: local(until) } : {});
        place.textContent = `${found.items.length} lots are released.`;
      });
      return make("details", {}, make("summary", { textContent: "Release to the mill" }),
        make("div", { className: "tools" }, field("Lots that start before (all if empty)", until), release), place);
    }
  }

  window.antmillHand = { Hand };
})();
