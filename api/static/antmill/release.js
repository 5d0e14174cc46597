"use strict";
// Releasing a plan's lots to the mill, and confirming by hand what became of them.
(() => {
  const { send, list, make, field, select, local, button, say, when } = window.antmillClient;

  // What a lot's next states are called; which may follow, the service says with each lot.
  const WORDS = { AllowedToStart: "may start", NotAllowedToStart: "is held back", Running: "has begun", Interrupted: "is interrupted", Ended: "has ended", Aborted: "is given up" };
  const called = (state, row) => (state === "Running" && row.state === "Interrupted" ? "goes on" : WORDS[state] ?? state);
  const ROLLED = new Set(["Ended", "Interrupted", "Aborted"]);
  const name = (row) => `${row.line}/${row.lot}${row.of}`;
  const table = (label, heads, rows) => make("div", { className: "frame low", tabIndex: 0, role: "region", ariaLabel: label },
    make("table", {}, make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col", textContent: text })))), make("tbody", {}, ...rows)));

  function form(schedule, count, instant) {
    const until = instant();
    const place = make("div");
    const show = async (told = null) => {
      const rows = await released(schedule);
      rows.sort((a, b) => a.line.localeCompare(b.line) || a.lot - b.lot);
      if (rows.length) place.replaceChildren(states(rows), ...confirming(rows, told, instant, show), jobOrders(rows));
      else place.replaceChildren(make("p", { className: "note", textContent: "Nothing of this plan is released yet." }));
      if (told) place.querySelector("fieldset select")?.focus();
    };
    const release = button("Release", async () => {
      const which = until.value ? `the lots that start before ${when(local(until))}` : `all ${count} lots`;
      const others = "What other plans of this order book released, and the mill has not begun, is withdrawn.";
      if (!window.confirm(`Release ${which} to the mill? ${others}`)) return;
      const found = await send("POST", `/v1/schedules/${schedule}:release`, until.value ? { until: local(until) } : {});
      say(`${found.items.length} lots are released.`);
      await show();
    });
    const made = make("details", {}, make("summary", { textContent: "Release to the mill" }),
      make("div", { className: "tools" }, field("Lots that start before (all if empty)", until), release), place);
    made.addEventListener("toggle", () => made.open && show().catch((error) => say(error.message, true)));
    return made;
  }

  // The plan's released lots, and those of the revisions before it that are still its own: their
  // numbers are those of the revision that released them, which their names tell.
  async function released(schedule) {
    const plans = new Map((await list("/v1/schedules")).map((plan) => [plan.id, plan]));
    const ids = [];
    for (let id = schedule; id; id = plans.get(id)?.parent) ids.push(id);
    const rows = await Promise.all(ids.map((id) => list(`/v1/job-orders?schedule=${id}`, 1000)));
    const of = (id) => (id === schedule ? "" : ` of revision ${plans.get(id)?.revision ?? id}`);
    return rows.flat().filter((row) => row.schedule === schedule || row.state !== "Aborted").map((row) => ({ ...row, of: of(row.schedule) }));
  }

  function states(rows) {
    const counts = Object.entries(Object.groupBy(rows, (row) => row.state)).map(([state, some]) => `${some.length} ${state}`);
    return make("p", { className: "note", textContent: `Released: ${counts.join(", ")}.` });
  }

  // One form for all lots: it begins with the lot that was told of last, or the first that is not done.
  function confirming(rows, told, instant, show) {
    const open = rows.filter((row) => row.may_become.length);
    if (!open.length) return [];
    const lot = select("Lot to confirm", open.map((row) => [`${name(row)} ${row.planned.section} ${row.planned.grade}, ${row.state}`, row.id]));
    lot.value = (open.find((row) => row.id === told) ?? open[0]).id;
    const happened = select("What happened", []);
    const at = make("span");
    const billets = make("input", { type: "number", min: 0, step: 1 });
    const tonnes = make("input", { type: "number", min: 0, step: "any" });
    const [howMany, howMuch] = [field("Billets rolled", billets), field("Tonnes charged", tonnes)];
    const note = make("input", { type: "text", maxLength: 500, size: 16 });
    const row = () => open.find((one) => one.id === lot.value);
    const choose = () => {
      const { planned, confirmations } = row();
      const last = confirmations.at(-1)?.at;
      const took = Date.parse(planned.end) - Date.parse(planned.start);
      const guess = { Running: last ?? planned.start, Ended: Date.parse(last ?? planned.start) + took }[happened.value] ?? last ?? Date.now();
      at.replaceChildren(field("at (your clock)", instant(new Date(guess).getTime())));
      howMany.hidden = howMuch.hidden = !ROLLED.has(happened.value);
      billets.value = happened.value === "Ended" ? planned.billets : "";
      tonnes.value = "";
    };
    const lotChosen = () => {
      happened.replaceChildren(...row().may_become.map((state) => new Option(called(state, row()), state)));
      choose();
    };
    lot.addEventListener("change", lotChosen);
    happened.addEventListener("change", choose);
    lotChosen();
    const confirm = button("Confirm", async () => {
      const input = at.querySelector("input");
      if (!input.value) throw new Error("Say when it happened.");
      const number = (label, box) => (!label.hidden && box.value ? Number(box.value) : null);
      const mass = number(howMuch, tonnes);
      const said = {
        job_order: lot.value, state: happened.value, at: local(input), billets: number(howMany, billets),
        mass_kg: mass === null ? null : 1000 * mass, note: note.value || null,
      };
      const made = await send("POST", "/v1/confirmations", said);
      await show(made.id);
      say(`Lot ${made.line}/${made.lot} is ${made.state}.`);
    });
    return [make("fieldset", {}, make("legend", { textContent: "Confirm what the mill did" }), make("div", { className: "tools" },
      field("Lot", lot), field("", happened), at, howMany, howMuch, field("Note", note), confirm))];
  }

  // What became of released lots, in rolling order.
  function jobOrders(rows) {
    const heads = ["Lot", "State", "Planned start", "Planned end", "Confirmed", "Section", "Grade", "Billets", "Orders", "Job order"];
    const told = (row) => row.confirmations.map((one) => [`${one.state} ${when(one.at)}`,
      one.billets === undefined ? "" : `${one.billets} billets`, one.mass_kg === undefined ? "" : `${(one.mass_kg / 1000).toLocaleString("en-US")} t`, one.note ?? ""].filter(Boolean).join(", ")).join("; ");
    return table("Released lots", heads, rows.map((row) => make("tr", {}, make("th", { scope: "row", textContent: name(row) }),
      ...[row.state, when(row.planned.start), when(row.planned.end), told(row), row.planned.section, row.planned.grade, row.planned.billets, row.planned.orders.join(", "), row.id].map((text) => make("td", { textContent: text })))));
  }

  window.antmillRelease = { form };
})();
