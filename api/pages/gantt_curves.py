"""Below the lines: the price of electricity and the power drawn, as steps."""

from collections.abc import Callable

from api.pages.markup import NOTHING, Markup, tag, text
from api.pages.scale import Scale
from scheduler.gantt import GanttRows
from scheduler.mill import MONEY, Series

CURVE = 46


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
