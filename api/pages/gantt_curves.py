"""Below the lines: due dates and late orders, the price of electricity, and the power drawn."""

from collections.abc import Callable, Iterator
from itertools import groupby

from api.pages.gantt_line import shortened
from api.pages.markup import NOTHING, Markup, tag, text
from api.pages.scale import Scale
from scheduler.clock import duration, stamp
from scheduler.gantt import DueMark, GanttRows
from scheduler.mill import MONEY, Series

CURVE = 46
TICKS, LATE_ROW, LATE_ROWS = 14, 14, 8
NAMED = 12
"""Orders that a tooltip names at most."""


def due_height(rows: GanttRows, scale: Scale) -> float:
    """Return the pixels that ``due_lane`` takes for this stretch of time."""
    packed, hidden = _packed(rows, scale)
    used = 1 + max((row for row, _ in packed), default=-1) + (1 if hidden else 0)
    return TICKS + LATE_ROW * used + 8


def due_lane(rows: GanttRows, scale: Scale, y: float) -> Markup:
    """Return a tick at every due date, and below it a bar from due date to end for late orders."""
    packed, hidden = _packed(rows, scale)
    late_y = y + TICKS + 2
    parts = [
        tag("text", text("due (missed/all)"), class_="note", x=8, y=y + 10),
        tag(
            "g",
            *_ticks(rows, scale, y),
            *(_late_bar(rows, mark, scale, late_y + LATE_ROW * row) for row, mark in packed),
            class_="plot",
        ),
    ]
    if packed:
        parts.append(tag("text", text("late, not made"), class_="note", x=8, y=late_y + 10))
    if hidden:
        more = f"and {hidden} more late or not made: see the list of orders"
        last = 1 + max((row for row, _ in packed), default=-1)
        where = {"x": scale.left + 4, "y": late_y + LATE_ROW * last + 10}
        parts.append(tag("text", text(more), class_="note", **where))
    return tag("g", *parts, class_="due")


def _ticks(rows: GanttRows, scale: Scale, y: float) -> Iterator[Markup]:
    """Yield one tick for all orders due at the same instant, with their number."""
    shown = sorted(
        (mark for mark in rows.due_marks if scale.start <= mark.due < scale.end),
        key=lambda mark: mark.due,
    )
    groups = [(due, list(marks)) for due, marks in groupby(shown, key=lambda mark: mark.due)]
    edges = [*(scale.x(due) for due, _ in groups), scale.right]
    for (due, marks), free_until in zip(groups, edges[1:], strict=True):
        x = scale.x(due)
        missed = sum(mark.finished is None or mark.late > 0 for mark in marks)
        named = "\n".join(due_text(rows, mark) for mark in marks[:NAMED])
        more = f"\nand {len(marks) - NAMED} more" if len(marks) > NAMED else ""
        title = f"{len(marks)} due {stamp(rows.origin, due)}, {missed} missed\n{named}{more}"
        count = f"{missed}/{len(marks)}" if missed else f"{len(marks)}"
        kind = "missed" if missed else "kept"
        parts = [
            tag("title", text(title)),
            tag("line", x1=x, x2=x, y1=y + 1, y2=y + TICKS - 2, data_t=due, class_=f"tick {kind}"),
        ]
        if x + 6 + 6 * len(count) < free_until:
            parts.append(
                tag("text", text(count), x=x + 4, y=y + 10, data_t=due, class_=f"count {kind}")
            )
        yield tag("g", *parts)


def due_text(rows: GanttRows, mark: DueMark) -> str:
    """Return when an order is due and when it is done."""
    due = f"{mark.order}: due {stamp(rows.origin, mark.due)}"
    if mark.finished is None:
        return f"{due}, not made"
    done = f"done {stamp(rows.origin, mark.finished)}"
    return f"{due}, {done}, " + (f"{duration(mark.late)} late" if mark.late else "in time")


def _span(mark: DueMark, scale: Scale) -> tuple[float, float]:
    """Return the pixels of a late order's bar."""
    end = mark.due if mark.finished is None else mark.finished
    left = scale.x(max(mark.due, scale.start))
    return left, max(scale.x(min(end, scale.end)), left + 3)


def _reach(mark: DueMark, scale: Scale) -> tuple[float, float, bool]:
    """Return the pixels of the bar with its label, and whether the label stands behind it."""
    left, right = _span(mark, scale)
    label = 12 + 6.2 * len(shortened(mark.order, 16))
    behind = right + label <= scale.right
    return (left, right + label, True) if behind else (left - label, right, False)


def _packed(rows: GanttRows, scale: Scale) -> tuple[list[tuple[int, DueMark]], int]:
    """Put late orders into rows without overlap, the latest first; also count those left out."""
    missed = [
        mark
        for mark in rows.due_marks
        if (mark.late or mark.finished is None)
        and mark.due < scale.end
        and (mark.due if mark.finished is None else mark.finished) >= scale.start
    ]
    missed.sort(key=lambda mark: (mark.finished is not None, -mark.late, mark.due, mark.order))
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LATE_ROWS)]
    packed, hidden = [], 0
    for mark in missed:
        left, right, _ = _reach(mark, scale)
        free = (
            row for row, used in enumerate(taken) if all(right < a or b < left for a, b in used)
        )
        row = next(free, None)
        if row is None:
            hidden += 1
            continue
        taken[row].append((left - 4, right + 4))
        packed.append((row, mark))
    return packed, hidden


def _late_bar(rows: GanttRows, mark: DueMark, scale: Scale, y: float) -> Markup:
    left, right = _span(mark, scale)
    behind = _reach(mark, scale)[2]
    anchor = mark.due if mark.finished is None or not behind else mark.finished
    title = tag("title", text(due_text(rows, mark)))
    name = tag(
        "text", text(shortened(mark.order, 16)), class_="late-name", y=y + 10, data_t=anchor,
        x=right + 6 if behind else left - 6, text_anchor=None if behind else "end",
    )  # fmt: skip
    if mark.finished is None:
        cross = f"M{left - 4:.1f} {y + 2:.1f}l8 8m0 -8l-8 8"
        drawn = tag("path", class_="unmade", d=cross, data_t=mark.due)
    else:
        drawn = tag("rect", class_="whisker", x=left, y=y + 4, width=right - left, height=5,
                    data_a=mark.due, data_b=mark.finished)  # fmt: skip
    return tag("g", title, drawn, name)


def price_curve(rows: GanttRows, scale: Scale, y: float) -> Markup:
    """Return the price of electricity as steps."""
    return _curve(rows.price, 1 / MONEY, scale, y, "price", f"price, {rows.currency}/MWh", None)


def power_curve(rows: GanttRows, scale: Scale, y: float) -> Markup:
    """Return the mean power of each quarter of an hour, with the cap."""
    cap = None if rows.power_cap is None else rows.power_cap / 1e6
    return _curve(rows.power, 1e-6, scale, y, "power", "power, MW", cap)


def _curve(
    series: Series, unit: float, scale: Scale, y: float, kind: str, name: str, limit: float | None
) -> Markup:
    """Return a stepped area with its extremes at the left; ``limit`` is a dashed line."""
    values = [value * unit for value in series.values]
    seen = [values[index] for index in _in_sight(series, scale)]
    low, high = min([0.0, *seen]), max([limit or 0.0, *seen])
    if high == low:
        high = low + 1

    def height(value: float) -> float:
        return y + CURVE - (value - low) / (high - low) * CURVE

    ends = {"x1": scale.left, "x2": scale.right}
    right = scale.left - 8
    parts = [
        tag("text", text(name), class_="note", x=8, y=y + CURVE / 2 - 4),
        tag("text", text(_short(high)), class_="note", x=right, y=y + 8, text_anchor="end"),
        tag("text", text(_short(low)), class_="note", x=right, y=y + CURVE, text_anchor="end"),
        tag("line", class_="base", y1=height(0), y2=height(0), **ends),
        tag(
            "g",
            tag("g", _area(series, values, scale, height(0), height), class_=f"curve {kind}"),
            class_="plot",
        ),
    ]
    if limit is not None:
        parts.append(tag("line", class_="cap", y1=height(limit), y2=height(limit), **ends))
    return tag("g", *parts, class_="track")


def _in_sight(series: Series, scale: Scale) -> range:
    """Return the indices of the slots that overlap the chart's stretch of time."""
    first = max(0, (scale.start - series.start) // series.slot)
    last = min(len(series.values), -(-(scale.end - series.start) // series.slot))
    return range(first, max(first, last))


def _short(value: float) -> str:
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def _area(
    series: Series, values: list[float], scale: Scale, base: float, height: Callable[[float], float]
) -> Markup:
    steps = []
    for index in _in_sight(series, scale):
        a = series.start + index * series.slot
        left, right = max(a, scale.start), min(a + series.slot, scale.end)
        height_now = height(values[index])
        steps.append(f"{scale.x(left):.1f} {height_now:.1f}H{scale.x(right):.1f}")
    if not steps:
        return NOTHING
    first = steps[0].split(" ")[0]
    last = steps[-1].rsplit("H", 1)[1]
    outline = "L".join(steps)
    return tag("path", d=f"M{first} {base:.1f}L{outline}L{last} {base:.1f}Z")
