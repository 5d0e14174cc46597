"use strict";
// Brings a chart drawn by gantt_svg.py to life: zoom, pan, tooltips, finding and filtering.
// The picture is drawn once by the server. Whatever stands in time carries its seconds: rectangles
// and labels data-a and data-b, points data-t; curves are stretched as a whole.
(() => {
  const NS = "http://www.w3.org/2000/svg";
  const HOUR = 3600;
  const STEPS = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168];
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const LETTER = 6.2;

  const make = (name, attributes, content) => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (content !== undefined) element.textContent = content;
    return element;
  };

  class Chart {
    constructor(svg) {
      this.svg = svg;
      this.strip = svg.querySelector(".strip");
      const data = this.strip.dataset;
      this.left = Number(data.left);
      this.right = Number(data.right);
      this.drawn = [Number(data.from), Number(data.to)];
      this.full = [...this.drawn];
      this.view = [...this.drawn];
      this.origin = Number(svg.dataset.origin);
      this.clock = svg.dataset.clock.split(" ").map((part) => part.split(":").map(Number));
      this.lots = [...svg.querySelectorAll(".lot")];
      this.onView = () => {};
      this.clip();
      this.collect();
    }

    clip() {
      const id = `${this.svg.querySelector("title").id}-clip`;
      const path = make("clipPath", { id });
      path.append(make("rect", { x: this.left, y: 0, width: this.right - this.left, height: 9999 }));
      this.svg.append(path);
      this.svg.querySelectorAll(".plot").forEach((plot) => {
        plot.setAttribute("clip-path", `url(#${id})`);
      });
    }

    // What moves, with the seconds it stands at, read once.
    collect() {
      const all = (selector) => [...this.strip.querySelectorAll(selector)];
      const span = (e) => [e, Number(e.dataset.a), Number(e.dataset.b)];
      this.bars = all("rect[data-a]").map(span);
      this.labels = all("text[data-a]").map((e) => [
        ...span(e), e.textContent.length * (e.classList.contains("grade") ? 5.6 : LETTER) + 4,
      ]);
      this.points = all("[data-t]").map((e) => {
        const t = Number(e.dataset.t);
        return [e, t, this.at(t, this.drawn)];
      });
      this.counts = all(".count").map((e) => [e, Number(e.dataset.t), e.textContent.length * 6 + 6]);
      this.late = all(".late-order").map((e) => ({
        group: e,
        due: Number(e.dataset.due),
        end: Number(e.dataset.end),
        name: e.querySelector(".late-name"),
        width: e.querySelector(".late-name").textContent.length * LETTER + 12,
      }));
      const lane = this.strip.querySelector(".late-orders");
      this.lateRows = [Number(lane.dataset.rows), Number(lane.dataset.row)];
      this.more = this.strip.querySelector(".late-more");
      this.curves = all(".curve");
      this.axis = this.strip.querySelector(".axis");
      this.grid = this.strip.querySelector(".grid");
    }

    at(t, view = this.view) {
      return this.left + ((t - view[0]) * (this.right - this.left)) / (view[1] - view[0]);
    }

    // Seconds under a pixel of the page.
    timeAt(clientX) {
      const box = this.svg.getBoundingClientRect();
      const x = ((clientX - box.left) * this.svg.viewBox.baseVal.width) / box.width;
      return this.view[0] + ((x - this.left) * (this.view[1] - this.view[0])) / (this.right - this.left);
    }

    show(from, to) {
      const least = HOUR / 2;
      const length = Math.min(Math.max(to - from, least), this.full[1] - this.full[0]);
      const start = Math.min(Math.max((from + to - length) / 2, this.full[0]), this.full[1] - length);
      this.view = [start, start + length];
      this.draw();
      this.onView();
    }

    zoom(factor, around = (this.view[0] + this.view[1]) / 2) {
      const [a, b] = this.view;
      this.show(around - (around - a) * factor, around + (b - around) * factor);
    }

    pan(share) {
      const by = (this.view[1] - this.view[0]) * share;
      this.show(this.view[0] + by, this.view[1] + by);
    }

    // Show another stretch of time than the one that was drawn.
    rescale(full) {
      this.full = [...full];
      this.fit();
    }

    fit() {
      this.show(...this.full);
    }

    draw() {
      for (const [bar, a, b] of this.bars) {
        if (!this.inSight(bar, a, b)) continue;
        bar.setAttribute("x", this.at(a));
        bar.setAttribute("width", Math.max(1, this.at(b) - this.at(a)));
      }
      for (const [label, a, b, width] of this.labels) {
        if (!this.inSight(label, a, b)) continue;
        const left = Math.max(this.at(a), this.left);
        const right = Math.min(this.at(b), this.right);
        label.setAttribute("x", (left + right) / 2);
        label.setAttribute("visibility", right - left >= width ? "visible" : "hidden");
      }
      for (const [point, t, before] of this.points) {
        if (!this.inSight(point, t, t, 90)) continue;
        point.setAttribute("transform", `translate(${this.at(t) - before} 0)`);
      }
      const stretch = (this.drawn[1] - this.drawn[0]) / (this.view[1] - this.view[0]);
      const move = this.at(this.drawn[0]) - this.left * stretch;
      for (const curve of this.curves) {
        curve.setAttribute("transform", `translate(${move} 0) scale(${stretch} 1)`);
      }
      this.drawCounts();
      this.drawLate();
      this.drawTime();
    }

    // The number of orders due at an instant, where there is room before the next.
    drawCounts() {
      this.counts.forEach(([count, t, width], index) => {
        const next = this.counts[index + 1];
        const free = (next ? this.at(next[1]) : this.right) - this.at(t);
        count.setAttribute("visibility", free > width ? "visible" : "hidden");
      });
    }

    // Late orders in rows without overlap, the worst first (gantt_due.py does the same).
    drawLate() {
      const [rows, height] = this.lateRows;
      const taken = Array.from({ length: rows }, () => []);
      let hidden = 0;
      for (const { group, due, end, name, width } of this.late) {
        let left = this.at(due), right = Math.max(this.at(end), left + 3);
        const seen = right >= this.left && left <= this.right;
        const [from, to] = [Math.max(left, this.left), Math.min(right, this.right)];
        const behind = to + width <= this.right;
        [left, right] = behind ? [from, to + width] : [from - width, to];
        const row = seen ? taken.findIndex((used) => used.every(([a, b]) => right < a || b < left)) : -1;
        if (row < 0) {
          group.setAttribute("display", "none");
          hidden += seen ? 1 : 0;
          continue;
        }
        taken[row].push([left - 4, right + 4]);
        group.removeAttribute("display");
        group.setAttribute("transform", `translate(0 ${row * height})`);
        name.setAttribute("x", behind ? to + 6 : from - 6);
        name.setAttribute("text-anchor", behind ? "start" : "end");
      }
      if (this.more) this.more.textContent = hidden ? `and ${hidden} more late or not made: see the list of orders` : "";
    }

    // Hide what lies outside the view (with `room` pixels to spare): browsers draw it otherwise.
    inSight(element, a, b, room = 0) {
      const seen = this.at(b) >= this.left - room && this.at(a) <= this.right + room;
      if (seen === (element.getAttribute("display") === "none")) {
        if (seen) element.removeAttribute("display");
        else element.setAttribute("display", "none");
      }
      return seen;
    }

    // Seconds by which the mill's clock is ahead of UTC.
    ahead(t) {
      return (this.clock.filter(([from]) => from <= t).pop() ?? this.clock[0])[1];
    }

    local(t) {
      return new Date((this.origin + t + this.ahead(t)) * 1000);
    }

    drawTime() {
      const hour = this.at(HOUR) - this.at(0);
      const step = STEPS.find((hours) => hours * hour >= 30) ?? 168;
      const tick = Math.min(step, 1) * HOUR;
      const zero = this.local(this.view[0]);
      const into = (zero.getUTCHours() * HOUR + zero.getUTCMinutes() * 60 + zero.getUTCSeconds()) % tick;
      const texts = [], lines = [];
      const top = Number(this.strip.dataset.top), bottom = Number(this.strip.dataset.bottom) - 10;
      for (let t = this.view[0] - into; t <= this.view[1]; t += tick) {
        const now = this.local(t);
        const hours = now.getUTCHours() + now.getUTCMinutes() / 60;
        if (t < this.view[0] || (step < 24 ? hours % step : hours)) continue;
        const x = this.at(t);
        const midnight = hours === 0;
        lines.push(make("line", { class: midnight ? "midnight" : "tick", x1: x, x2: x, y1: top, y2: bottom }));
        if (step < 24) {
          const minutes = step < 1 ? `:${String(now.getUTCMinutes()).padStart(2, "0")}` : "";
          texts.push(make("text", { class: "hour", x, y: top - 7 }, `${String(now.getUTCHours()).padStart(2, "0")}${minutes}`));
        }
      }
      this.axis.replaceChildren(...this.days(top, hour), ...texts);
      this.grid.replaceChildren(...lines);
    }

    // The names of the days that are in sight, each at its midnight or at the left edge.
    days(top, hour) {
      const found = [];
      let t = this.view[0];
      while (t < this.view[1]) {
        const now = this.local(t);
        const steady = t + 24 * HOUR - (now.getUTCHours() * HOUR + now.getUTCMinutes() * 60 + now.getUTCSeconds());
        // A day may have 23 or 25 hours, and where the clocks change at midnight none of its own.
        const changed = steady + this.ahead(t) - this.ahead(steady);
        const midnight = this.local(changed).getUTCHours() ? steady : changed;
        const width = (Math.min(midnight, this.view[1]) - t) / HOUR * hour;
        const name = `${DAYS[now.getUTCDay()]} ${now.getUTCDate()} ${MONTHS[now.getUTCMonth()]}`;
        const label = [name, String(now.getUTCDate())].find((text) => text.length * 7.2 < width);
        if (label) found.push(make("text", { class: "day", x: this.at(t) + 4, y: top - 22 }, label));
        t = midnight;
      }
      return found;
    }

    // Emphasise the chosen lots and fade those that `keep` refuses.
    mark(chosen, keep) {
      this.lots.forEach((lot, index) => {
        lot.classList.toggle("chosen", chosen.has(index));
        lot.classList.toggle("faded", !keep(index));
      });
    }

    spanOf(index) {
      const bars = this.bars.filter(([bar]) => bar.parentNode === this.lots[index]);
      return [Math.min(...bars.map((b) => b[1])), Math.max(...bars.map((b) => b[2]))];
    }

    // Bring a stretch of time into sight, with room around it.
    reveal([a, b]) {
      const room = Math.max((b - a) * 2, 6 * HOUR);
      if (a < this.view[0] || b > this.view[1] || this.view[1] - this.view[0] > 16 * room) {
        this.show(a - room, b + room);
      }
    }
  }

  window.antmillGantt = { Chart };
})();
