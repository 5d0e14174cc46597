"use strict";
// How a reader handles a chart: mouse, wheel and keys, tooltips, going from lot to lot.
(() => {
  // Move by dragging, zoom by wheel with Ctrl, pan by wheel with Shift or sideways.
  function listen(chart) {
    const svg = chart.svg;
    let drag = null;
    svg.addEventListener("pointerdown", (event) => {
      if (event.button === 0) drag = { x: event.clientX, view: [...chart.view], moved: false };
    });
    window.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const box = svg.getBoundingClientRect();
      const pixels = ((event.clientX - drag.x) * svg.viewBox.baseVal.width) / box.width;
      if (Math.abs(pixels) < 4 && !drag.moved) return;
      drag.moved = true;
      svg.classList.add("dragged");
      const by = (-pixels * (drag.view[1] - drag.view[0])) / (chart.right - chart.left);
      const length = drag.view[1] - drag.view[0];
      const from = Math.min(Math.max(drag.view[0] + by, chart.full[0]), chart.full[1] - length);
      chart.show(from, from + length);
    });
    window.addEventListener("pointerup", () => {
      chart.dragged = Boolean(drag?.moved);
      drag = null;
      svg.classList.remove("dragged");
    });
    svg.addEventListener("wheel", (event) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey) chart.zoom(event.deltaY > 0 ? 1.25 : 0.8, chart.timeAt(event.clientX));
      else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) chart.pan(Math.sign(sideways) * 0.1);
      else return;
      event.preventDefault();
    }, { passive: false });
    svg.addEventListener("dblclick", (event) => chart.zoom(0.5, chart.timeAt(event.clientX)));
  }

  // Titles become tooltips that show at once and names for screen readers.
  function tooltips(chart) {
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    document.body.append(tip);
    chart.strip.querySelectorAll("title").forEach((title) => {
      const group = title.parentNode;
      group.dataset.tip = title.textContent;
      group.setAttribute("aria-label", title.textContent.replaceAll("\n", "; "));
      group.setAttribute("role", "img");
      title.remove();
    });
    const place = (x, y) => {
      tip.style.left = `${Math.min(x + 14, innerWidth - tip.offsetWidth - 8)}px`;
      const below = y + 16 + tip.offsetHeight < innerHeight;
      tip.style.top = `${below ? y + 16 : y - tip.offsetHeight - 10}px`;
    };
    chart.svg.addEventListener("pointermove", (event) => {
      const group = event.target.closest?.("[data-tip]");
      tip.hidden = !group || event.buttons > 0;
      if (tip.hidden) return;
      tip.textContent = group.dataset.tip;
      place(event.clientX, event.clientY);
    });
    chart.svg.addEventListener("pointerleave", () => { tip.hidden = true; });
  }

  // One lot is in the order of the tab key; arrows go from lot to lot.
  function walk(chart, choose) {
    chart.svg.setAttribute("role", "group");
    chart.svg.removeAttribute("aria-labelledby");
    chart.svg.setAttribute("aria-label", "Lots in rolling order. Arrow keys go from lot to lot, Enter shows one, plus and minus zoom, 0 shows everything.");
    chart.lots.forEach((lot, index) => lot.setAttribute("tabindex", index ? "-1" : "0"));
    const go = (index) => {
      if (index < 0 || index >= chart.lots.length) return;
      chart.lots.forEach((lot) => lot.setAttribute("tabindex", "-1"));
      chart.lots[index].setAttribute("tabindex", "0");
      chart.reveal(chart.spanOf(index));
      chart.lots[index].focus({ preventScroll: true });
    };
    chart.svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const here = chart.lots.indexOf(document.activeElement);
      const keys = {
        ArrowRight: () => go(here + 1),
        ArrowLeft: () => go(here - 1),
        Home: () => go(0),
        End: () => go(chart.lots.length - 1),
        PageDown: () => chart.pan(0.8),
        PageUp: () => chart.pan(-0.8),
        "+": () => chart.zoom(0.6),
        "=": () => chart.zoom(0.6),
        "-": () => chart.zoom(1 / 0.6),
        0: () => chart.fit(),
        Enter: () => here >= 0 && choose(here),
        " ": () => here >= 0 && choose(here),
      };
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    chart.svg.addEventListener("click", (event) => {
      const index = chart.lots.indexOf(event.target.closest(".lot"));
      if (index >= 0 && !chart.dragged) choose(index);
    });
  }

  Object.assign(window.antmillGantt, { listen, tooltips, walk });
})();
