"""The Gantt chart of a plan as one SVG picture: key figures, lines, due dates, price and power.

A static picture without scripts: it stands alone as ``image/svg+xml``, and pages that include it
make it zoom (``gantt.js`` moves what carries ``data-a`` and ``data-b``).
"""

from api.pages.assets import asset
from api.pages.gantt_curves import CURVE, power_curve, price_curve
from api.pages.gantt_due import due_height, due_lane
from api.pages.gantt_line import HEIGHT, LABELS, Style, line_band
from api.pages.markup import NOTHING, Markup, join, tag, text
from api.pages.palette import FAMILIES, HATCHINGS, definitions, numbered
from api.pages.scale import DAY, Scale, axis, clock_changes, grid
from scheduler.clock import duration, span
from scheduler.gantt import TIGHT, GanttRows
from scheduler.kpis import Kpi, amount, percent
from scheduler.mill import CLOSURE_KINDS
from scheduler.report import Report

WIDTH = 1320
LEFT, RIGHT = 124.0, WIDTH - 10.0
AXIS = 34
TILE, TILE_GAP = 58, 8
LONGEST = 9 * DAY
"""s that one strip shows at most, unless told otherwise."""


def gantt_svg(
    report: Report, *, strips: int | None = None, prefix: str = "antmill-", header: bool = True
) -> Markup:
    """Draw ``report``'s plan.

    Parameters
    ----------
    report : Report
        What ``scheduler.report.report_on`` returns.
    strips : int, optional
        Number of rows the time is broken into; by default as many as keep a strip below nine days.
    prefix : str
        Begins every id, so that two charts can stand in one page.
    header : bool
        Whether title, key figures and style rules are part of the picture, as in a file of its
        own, or left to the page around it.
    """
    rows = report.gantt
    style = _style(rows, prefix)
    parts, y = [], -8.0
    if header:
        parts += [
            tag("style", Markup(asset("gantt.css"))),
            tag("rect", class_="page", width="100%", height="100%"),
            _title(report),
            _tiles(report.headline, report.reference_short, 36),
        ]
        y = 36.0 + TILE
    drawn, y = _legend(y, style)
    parts.append(drawn)
    for scale in _scales(rows, strips):
        drawn, y = _strip(rows, scale, y, style, moving=not header)
        parts.append(drawn)
    return _picture(report, parts, y, prefix)


def _picture(report: Report, parts: list[Markup], height: float, prefix: str) -> Markup:
    """Wrap the parts: size, accessible name and description, and the clock for scripts."""
    rows = report.gantt
    return tag(
        "svg",
        tag("title", text(f"Rolling plan {rows.name}"), id=f"{prefix}title"),
        tag("desc", text(" ".join(report.summary)), id=f"{prefix}desc"),
        definitions(prefix),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="antmill",
        role="img",
        aria_labelledby=f"{prefix}title {prefix}desc",
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        width=WIDTH,
        height=round(height),
        data_origin=int(rows.origin.timestamp()),
        data_clock=" ".join(f"{t}:{offset}" for t, offset in clock_changes(rows.origin, rows.end)),
    )


def _style(rows: GanttRows, prefix: str) -> Style:
    lots = [lot for line in rows.lines for lot in line.lots]
    return Style(
        prefix,
        numbered((lot.section_family for lot in lots), FAMILIES),
        numbered((lot.grade_family for lot in lots), len(HATCHINGS)),
        {(lot.line, lot.number): index for index, lot in enumerate(lots)},
    )


def _scales(rows: GanttRows, strips: int | None) -> list[Scale]:
    """Break [0, end) into equal stretches of whole days, or take it whole."""
    count = strips or -(-rows.end // LONGEST)
    length = rows.end if count == 1 else -(-rows.end // (count * DAY)) * DAY
    return [Scale(i * length, (i + 1) * length, LEFT, RIGHT) for i in range(count)]


def _strip(
    rows: GanttRows, scale: Scale, y: float, style: Style, moving: bool
) -> tuple[Markup, float]:
    """Return one stretch of time with everything in it, and where the next may begin."""
    head, top = y, y + AXIS
    y = top
    parts = []
    for line in rows.lines:
        parts.append(line_band(rows, line, scale, y, style))
        y += HEIGHT
    parts.append(due_lane(rows, scale, y, moving))
    y += due_height(rows, scale)
    for curve in (price_curve, power_curve):
        parts.append(curve(rows, scale, y))
        y += CURVE + 12
    plot = {"data_from": scale.start, "data_to": scale.end, "data_top": top, "data_bottom": y}
    drawn = tag(
        "g",
        axis(rows.origin, scale, head),
        grid(rows.origin, scale, top, y - 10),
        *parts,
        class_="strip",
        data_left=scale.left,
        data_right=scale.right,
        **plot,
    )
    return drawn, y + 6


def _title(report: Report) -> Markup:
    rows = report.gantt
    when, broken = span(rows.origin, rows.end), len(report.violations)
    state = "keeps all constraints" if not broken else f"has {broken} violations"
    return tag(
        "g",
        tag("text", text(rows.name), class_="title", x=8, y=22),
        tag("text", text(f"{when}, {report.run.solver}"), x=LEFT + 300, y=21, class_="note"),
        tag("text", text(f"The plan {state}"), x=RIGHT, y=21, text_anchor="end",
            class_="worse" if broken else "better"),
    )  # fmt: skip


def _tiles(kpis: tuple[Kpi, ...], reference: str, y: float) -> Markup:
    """Return the key figures in equal tiles over the whole width."""
    width = (WIDTH - 16 - TILE_GAP * (len(kpis) - 1)) / max(1, len(kpis))
    return tag(
        "g",
        *(
            _tile(kpi, reference, 8 + index * (width + TILE_GAP), y, width)
            for index, kpi in enumerate(kpis)
        ),
    )


def _tile(kpi: Kpi, reference: str, x: float, y: float, width: float) -> Markup:
    parts = [
        tag("rect", class_="tile", x=x, y=y, width=width, height=TILE, rx=4),
        tag("text", text(kpi.label), class_="note", x=x + 8, y=y + 15),
        tag("text", text(f"{amount(kpi.value, kpi.unit)} {kpi.unit}"), class_="kpi", x=x + 8,
            y=y + 34),
    ]  # fmt: skip
    if kpi.reference is not None:
        change = percent(kpi.difference_percent)
        parts += [
            tag("text", text(f"{reference} {amount(kpi.reference, kpi.unit)}"), class_="note",
                x=x + 8, y=y + 50),
            tag("text", text(change), class_=kpi.verdict, x=x + width - 8, y=y + 50,
                text_anchor="end"),
        ]  # fmt: skip
    return tag("g", *parts)


def _legend(y: float, style: Style) -> tuple[Markup, float]:
    """Return what colours, hatchings and marks mean, wrapped to the width."""
    entries: list[tuple[str, Markup]] = []
    box = {"x": 0, "y": -9, "width": 20, "height": 11}
    for family, colour in style.colours.items():
        entries.append((f"sections {family}", tag("rect", class_=f"bar f{colour}", **box)))
    for family, hatching in style.hatchings.items():
        fill = f"url(#{style.prefix}h{hatching})" if HATCHINGS[hatching] else None
        over = tag("rect", fill=fill, **box) if fill else NOTHING
        entries.append((f"grades {family}", join([tag("rect", class_="floor", **box), over])))
    for kind in ("changeover", "groove_change"):
        entries.append((LABELS[kind].lower(), tag("rect", class_=kind, **box)))
    idle = tag("rect", class_="idle", x=0, y=-5, width=20, height=2)
    entries.append(("idle", join([tag("rect", class_="reach", **box), idle])))
    for kind in CLOSURE_KINDS:
        fill = f"url(#{style.prefix}{kind})"
        entries.append((kind, tag("rect", fill=fill, class_=kind, **box)))
    foot = {"x": 0, "y": -4, "width": 20, "height": 5}
    entries.append(("ends late", tag("rect", class_="lateness", **foot)))
    entries.append((f"ends under {duration(TIGHT)} early", tag("rect", class_="tight", **foot)))
    entries.append(("order not made", tag("path", class_="unmade", d="M6 -8l8 8m0 -8l-8 8")))
    return _placed(entries, y)


def _placed(entries: list[tuple[str, Markup]], y: float) -> tuple[Markup, float]:
    x, y, parts = 8.0, y + 22, []
    for label, symbol in entries:
        width = 40 + 6.4 * len(label)
        if x + width > WIDTH - 8:
            x, y = 8.0, y + 18
        name = tag("text", text(label), x=26, y=0)
        parts.append(tag("g", symbol, name, transform=f"translate({x:.0f} {y:.0f})"))
        x += width
    return tag("g", *parts, class_="legend"), y + 14
