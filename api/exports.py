"""A plan as tables: CSV and XLSX that a spreadsheet opens without running anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from instances.order_book import writing
from instances.order_book.writing import Value
from scheduler.clock import instant
from scheduler.mill import MONEY
from scheduler.report import Report


@dataclass(frozen=True, slots=True)
class Table:
    """A named table with its column titles and rows."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tables(report: Report) -> list[Table]:
    """Return the tables of a plan: what to roll and cut, the orders, changes and key figures."""
    return [_lots(report), _orders(report), _changes(report), _figures(report)]


def csv_text(table: Table) -> str:
    """Return a table as CSV; nothing in it runs in a spreadsheet."""
    return writing.csv_text((table.titles, *table.rows))


def xlsx_bytes(parts: Iterable[Table]) -> bytes:
    """Return tables as the sheets of a workbook; texts are texts, never formulas."""
    return writing.xlsx_bytes((part.name, (part.titles, *part.rows)) for part in parts)


def _lots(report: Report) -> Table:
    where = ("line", "lot", "start", "end", "section", "grade", "cut", "stock")
    what = ("billets", "charged_kg", "left_kg", "order", "pieces_per_billet", "pieces")
    return Table("lots", where + what, tuple(_cuts(report)))


def _cuts(report: Report) -> Iterator[tuple[Value, ...]]:
    for lot in report.lots:
        bar = lot.bar
        head = (bar.line, bar.number, _at(report, bar.start), _at(report, bar.end))
        for number, cut in enumerate(lot.cuts, 1):
            steel = (bar.section, bar.grade, number, cut.stock)
            # Orders that share billets have a row each, the billets count in the first one only;
            # billets of which nothing is cut have a row without an order.
            masses = (cut.count * cut.mass / 1000, cut.count * cut.left / 1000)
            billets: tuple[Value, ...] = (cut.count, *masses)
            for order, pieces in cut.pieces or (("", 0),):
                yield (*head, *steel, *billets, order, pieces, pieces * cut.count)
                billets = (None, None, None)


def _orders(report: Report) -> Table:
    when = ("order", "section", "grade", "status", "due", "first", "last", "late_min")
    what = ("made", "target", "unit", "cause", "cost")
    rows = []
    for story in report.orders:
        scale = 1000 if story.unit == "g" else 1
        made = (story.made / scale, story.target / scale, "kg" if scale == 1000 else story.unit)
        times = (_at(report, story.due), _at(report, story.first), _at(report, story.last))
        head = (story.order, story.section, story.grade, story.status)
        rows.append((*head, *times, story.late / 60, *made, story.cause, story.cost / MONEY))
    return Table("orders", when + what, tuple(rows))


def _changes(report: Report) -> Table:
    titles = ("line", "lot", "change", "start", "end", "scrap_kg", "scrap_cost", "change_cost")
    rows = tuple(
        (
            story.line,
            story.lot,
            story.label,
            _at(report, story.start),
            _at(report, story.end),
            story.scrap / 1000,
            story.scrap_cost / MONEY,
            story.change_cost / MONEY,
        )
        for story in report.changes
    )
    return Table("changes", titles, rows)


def _figures(report: Report) -> Table:
    titles = ("group", "figure", "unit", "value", "reference", "difference")
    rows = tuple(
        (kpi.group, kpi.label, kpi.unit, kpi.value, kpi.reference, kpi.difference)
        for kpi in report.kpis
    )
    return Table("figures", titles, rows)


def _at(report: Report, seconds: int | None) -> str | None:
    moment: datetime | None = None if seconds is None else instant(report.gantt.origin, seconds)
    return None if moment is None else moment.isoformat()
