"""Bar charts of one figure by kind, the plan's bar above the reference's, as SVG strings."""

from collections.abc import Sequence

from api.pages.markup import Markup, tag, text
from scheduler.kpis import Kpi, amount

WIDTH, LABEL, VALUE = 440, 146, 76
ROW, BAR = 40, 13


def bars_svg(title: str, rows: Sequence[Kpi], reference: str) -> Markup:
    """Draw a bar a row, from 0 to the right (figures below 0 are drawn as 0 and written)."""
    top = 8
    largest = max([1e-9, *(max(row.value, row.reference or 0.0) for row in rows)])
    parts = [_row(row, top + index * ROW, largest) for index, row in enumerate(rows)]
    spoken = "; ".join(_spoken(row, reference) for row in rows)
    return tag(
        "svg",
        tag("title", text(title)),
        tag("desc", text(spoken)),
        *parts,
        class_="antmill bars",
        role="img",
        viewBox=f"0 0 {WIDTH} {top + ROW * len(rows)}",
    )


def _spoken(row: Kpi, reference: str) -> str:
    beside = ""
    if row.reference is not None:
        beside = f", {reference} {amount(row.reference, row.unit)} {row.unit}"
    return f"{row.label} {amount(row.value, row.unit)} {row.unit}{beside}"


def _row(row: Kpi, y: float, largest: float) -> Markup:
    parts = [
        tag("text", text(row.label), x=LABEL - 10, y=y + 14, text_anchor="end"),
        *_bar(row.value, row.unit, "mine", y + 2, largest),
    ]
    if row.reference is not None:
        parts += _bar(row.reference, row.unit, "theirs", y + 4 + BAR, largest)
    return tag("g", *parts)


def _bar(value: float, unit: str, kind: str, y: float, largest: float) -> list[Markup]:
    width = max(0.0, value) / largest * (WIDTH - LABEL - VALUE)
    shown = amount(value, unit)
    return [
        tag("rect", class_=kind, x=LABEL, y=y, width=width + 1, height=BAR, rx=1),
        tag("text", text(shown), class_="note", x=LABEL + width + 8, y=y + 10.5),
    ]
