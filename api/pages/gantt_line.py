"""One line's band of the Gantt chart: campaigns, lots, changes, closures and groove wear."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from api.pages.markup import NOTHING, Markup, tag, text
from api.pages.palette import HATCHINGS
from api.pages.scale import Scale
from scheduler.arrays import MILLION
from scheduler.clock import duration, stamp
from scheduler.gantt import TIGHT, ActivityBar, GanttRows, LineRow, LotBar
from scheduler.mill import CLOSURE_KINDS

CAMPAIGN, LOT, WEAR = 17, 30, 26
HEIGHT = CAMPAIGN + LOT + 6 + WEAR + 12
"""Pixels of a band: campaign names, lots, and the wear curve below them."""

LABELS = {
    "changeover": "Changeover",
    "groove_change": "Groove change",
    "idle": "Idle",
    "closed": "Closed",
    "maintenance": "Maintenance",
    "delay": "Delay",
}


@dataclass(frozen=True, slots=True)
class Style:
    """What all bands share: id prefix, colour of each section family, hatching of each grade's."""

    prefix: str
    colours: Mapping[str, int]
    hatchings: Mapping[str, int]
    lot_index: Mapping[tuple[str, int], int]


def line_band(rows: GanttRows, line: LineRow, scale: Scale, y: float, style: Style) -> Markup:
    """Return the band of ``line``, its top at pixel ``y``."""
    closures = [bar for bar in line.activities if bar.kind in CLOSURE_KINDS]
    changes = [bar for bar in line.activities if bar.kind not in CLOSURE_KINDS]
    lots_y = y + CAMPAIGN
    return tag(
        "g",
        _heading(line, scale, y),
        tag("rect", class_="floor", x=scale.left, y=lots_y, height=LOT,
            width=scale.right - scale.left),
        tag(
            "g",
            *(_closure(rows, bar, scale, y, style) for bar in closures),
            *_campaigns(line, scale, y, style),
            *(_change(rows, bar, scale, lots_y) for bar in changes),
            *(_lot(rows, lot, scale, lots_y, style) for lot in line.lots),
            _wear(line, scale, y + CAMPAIGN + LOT + 6, style),
            class_="plot",
        ),
        class_="line",
    )  # fmt: skip


def _heading(line: LineRow, scale: Scale, y: float) -> Markup:
    wear_y = y + CAMPAIGN + LOT + 6
    right = scale.left - 8
    return tag(
        "g",
        tag("text", text(shortened(line.line, 11)), class_="name", x=8, y=y + CAMPAIGN + 14),
        tag("text", text(f"{len(line.lots)} lots"), class_="note", x=8, y=y + CAMPAIGN + 27),
        tag("text", text("groove wear"), class_="note", x=8, y=wear_y + 15),
        tag("text", text("100 %"), class_="note", x=right, y=wear_y + 6, text_anchor="end"),
        tag("text", text("0"), class_="note", x=right, y=wear_y + WEAR + 3, text_anchor="end"),
    )


def shortened(value: str, length: int) -> str:
    """Return ``value`` cut to ``length`` characters, the last one an ellipsis."""
    return value if len(value) <= length else value[: length - 1] + "…"


def _bar(scale: Scale, a: int, b: int, y: float, height: float, **attributes: str) -> Markup:
    span = scale.clipped(a, b)
    if span is None:
        return NOTHING
    left, right = span
    return tag("rect", x=left, y=y, width=right - left, height=height, data_a=a, data_b=b,
               **attributes)  # fmt: skip


def _closure(rows: GanttRows, bar: ActivityBar, scale: Scale, y: float, style: Style) -> Markup:
    fill = f"url(#{style.prefix}{bar.kind})"
    height = CAMPAIGN + LOT
    drawn = _bar(scale, bar.start, bar.end, y, height, fill=fill, class_=bar.kind)
    if not drawn:
        return NOTHING
    return tag("g", tag("title", text(activity_text(rows, bar))), drawn, class_="activity")


def _campaigns(line: LineRow, scale: Scale, y: float, style: Style) -> Iterator[Markup]:
    for section, group in groupby(line.lots, key=lambda lot: lot.section):
        lots = list(group)
        a, b = lots[0].start, lots[-1].end
        span = scale.clipped(a, b)
        if span is None:
            continue
        colour = style.colours[lots[0].section_family]
        charged = sum(lot.charged for lot in lots)
        about = f"{section} ({lots[0].section_family}): {len(lots)} lots, {charged / 1e6:,.1f} t"
        yield tag(
            "g",
            tag("title", text(about)),
            _bar(scale, a, b, y, CAMPAIGN - 2, class_=f"campaign f{colour}"),
            tag("text", text(section), class_="section", x=sum(span) / 2, y=y + 11, data_a=a,
                data_b=b, visibility=_visibility(section, span, 10)),
        )  # fmt: skip


def _visibility(name: str, span: tuple[float, float], size: float) -> str | None:
    fits = len(name) * size * 0.62 + 4 <= span[1] - span[0]
    return None if fits else "hidden"


def _change(rows: GanttRows, bar: ActivityBar, scale: Scale, y: float) -> Markup:
    if bar.kind == "idle":
        drawn = _bar(scale, bar.start, bar.end, y + LOT / 2 - 1, 2, class_="idle")
        reach = _bar(scale, bar.start, bar.end, y, LOT, class_="reach")
    else:
        # A groove change may run beside a changeover: it lies over the changeover's lower part.
        height = LOT if bar.kind == "changeover" else LOT * 0.45
        drawn = _bar(scale, bar.start, bar.end, y + LOT - height, height, class_=bar.kind)
        reach = NOTHING
    if not drawn:
        return NOTHING
    title = tag("title", text(activity_text(rows, bar)))
    return tag("g", title, drawn, reach, class_="activity")


def activity_text(rows: GanttRows, bar: ActivityBar) -> str:
    """Return the tooltip of time in which nothing is rolled."""
    when = f"{stamp(rows.origin, bar.start)} to {stamp(rows.origin, bar.end)}"
    first = f"{LABELS[bar.kind]} on {bar.line}, {duration(bar.end - bar.start)}"
    return "\n".join(filter(None, (first, when, bar.label)))


def _lot(rows: GanttRows, lot: LotBar, scale: Scale, y: float, style: Style) -> Markup:
    """Return a lot: a rectangle a run, the hatching of its grade, its label and lateness."""
    span = scale.clipped(lot.start, lot.end)
    if span is None:
        return NOTHING
    hatching = style.hatchings[lot.grade_family]
    colour = style.colours[lot.section_family]
    longest = max(lot.runs, key=lambda run: run[1] - run[0])
    middle = scale.clipped(*longest) or span
    parts = [tag("title", text(lot_text(rows, lot)))]
    for a, b in lot.runs:
        parts.append(_bar(scale, a, b, y, LOT, class_=f"bar f{colour}"))
        if HATCHINGS[hatching]:
            fill = f"url(#{style.prefix}h{hatching})"
            parts.append(_bar(scale, a, b, y, LOT, fill=fill, class_="over"))
        if lot.late or lot.tight:
            kind = "lateness" if lot.late else "tight"
            parts.append(_bar(scale, a, b, y + LOT - 5, 5, class_=kind))
    parts.append(
        tag("text", text(lot.grade), class_="grade", x=sum(middle) / 2, y=y + LOT / 2 + 3,
            data_a=longest[0], data_b=longest[1],
            visibility=_visibility(lot.grade, middle, 9))
    )  # fmt: skip
    return tag(
        "g",
        *parts,
        class_="lot late" if lot.late else "lot",
        data_lot=style.lot_index[lot.line, lot.number],
    )


def lot_text(rows: GanttRows, lot: LotBar) -> str:
    """Return the tooltip of a lot."""
    orders = ", ".join(lot.orders[:8]) + (" ..." if len(lot.orders) > 8 else "")
    wear = f"{lot.wear_before / 1e4:.0f} % to {lot.wear_after / 1e4:.0f} %"
    lines = [
        f"Lot {lot.number} on {lot.line}: {lot.section}, {lot.grade}",
        f"{stamp(rows.origin, lot.start)} to {stamp(rows.origin, lot.end)}"
        f" ({duration(lot.end - lot.start)})",
        f"{lot.billets} billets, {lot.charged / 1e6:,.1f} t charged",
        f"Orders: {orders}",
        f"Groove wear {wear}, furnace {lot.temperature / 10:.0f} °C",
    ]
    if lot.late:
        lines.append("Late here: " + ", ".join(lot.late))
    if lot.tight:
        lines.append(f"Less than {duration(TIGHT)} to spare: " + ", ".join(lot.tight))
    return "\n".join(lines)


def _wear(line: LineRow, scale: Scale, y: float, style: Style) -> Markup:
    """Return the wear of the groove in use, from 0 at the bottom to its life at the top."""
    shapes = [
        tag("path", d=path, class_=f"wear f{style.colours[lot.section_family]}")
        for lot in line.lots
        if (path := _wear_path(lot, scale, lambda wear: y + WEAR - WEAR * wear / MILLION))
    ]
    ends = {"x1": scale.left, "x2": scale.right}
    return tag(
        "g",
        tag("line", class_="limit", y1=y, y2=y, **ends),
        tag("line", class_="base", y1=y + WEAR, y2=y + WEAR, **ends),
        tag("g", *shapes, class_="curve"),
    )


def _wear_path(lot: LotBar, scale: Scale, height: Callable[[float], float]) -> str:
    """Return the outline of one lot's wear: it rises while billets run and rests in closures."""
    if scale.clipped(lot.start, lot.end) is None:
        return ""
    total = max(1, sum(b - a for a, b in lot.runs))
    points, done = [(lot.start, 0.0)], 0
    for a, b in lot.runs:
        points.append((a, done / total))
        done += b - a
        points.append((b, done / total))
    outline = [(lot.start, height(0))]
    for t, share in points:
        wear = lot.wear_before + share * (lot.wear_after - lot.wear_before)
        outline.append((t, height(min(wear, 1.2 * MILLION))))
    outline.append((lot.end, height(0)))
    limited = [(min(max(t, scale.start), scale.end), h) for t, h in outline]
    return "M" + "L".join(f"{scale.x(t):.1f} {h:.1f}" for t, h in limited) + "Z"
