"use strict";
// Tables that sort by a click on a head and hide rows by a word. They are readable without this.
(() => {
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const raw = cell.dataset.v ?? cell.textContent.trim();
    const number = Number(raw);
    return raw !== "" && !Number.isNaN(number) ? number : raw.toLowerCase();
  };

  const compare = (a, b) => {
    if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
    return typeof a === "number" ? -1 : 1;
  };

  function sortBy(table, column) {
    const heads = [...table.tHead.rows[0].cells];
    const down = heads[column].getAttribute("aria-sort") === "ascending";
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
    rows.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
    body.append(...rows.map(([, row]) => row));
  }

  function makeSortable(table) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sortBy(table, column));
      head.replaceChildren(button);
    });
  }

  // Show the rows that hold every word of `words` and that `keep` accepts; return how many.
  function filterRows(table, words, keep = () => true) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const all = row.textContent.toLowerCase();
      row.hidden = !(keep(row) && wanted.every((word) => all.includes(word)));
      shown += row.hidden ? 0 : 1;
    }
    return shown;
  }

  function addFilter(table, label, choices) {
    const tools = document.createElement("div");
    tools.className = "tools";
    const count = document.createElement("span");
    count.className = "note";
    count.setAttribute("role", "status");
    const words = document.createElement("input");
    words.type = "search";
    words.placeholder = label;
    words.setAttribute("aria-label", label);
    const selects = choices.map(([name, key]) => {
      const select = document.createElement("select");
      select.setAttribute("aria-label", name);
      const values = [...new Set([...table.tBodies[0].rows].map((row) => row.dataset[key]))];
      select.append(new Option(`${name}: all`, ""));
      values.filter(Boolean).sort().forEach((value) => select.append(new Option(value, value)));
      return [select, key];
    });
    const apply = () => {
      const keep = (row) => selects.every(([s, key]) => !s.value || row.dataset[key] === s.value);
      const shown = filterRows(table, words.value, keep);
      count.textContent = `${shown} of ${table.tBodies[0].rows.length}`;
    };
    [words, ...selects.map(([select]) => select)].forEach((e) => e.addEventListener("input", apply));
    tools.append(words, ...selects.map(([select]) => select), count);
    table.closest(".frame").before(tools);
    apply();
  }

  window.antmillTables = { makeSortable, addFilter, filterRows };
})();
