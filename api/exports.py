"""A plan as tables: CSV and XLSX that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from scheduler.clock import instant
from scheduler.mill import MONEY
from scheduler.report import Report

Value = str | int | float | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
TONNE = 1_000_000


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
    """Return a table as CSV (RFC 4180), texts that a spreadsheet would run made harmless."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(table.titles)
    writer.writerows([harmless(value) for value in row] for row in table.rows)
    return buffer.getvalue()


def xlsx_bytes(parts: Iterable[Table]) -> bytes:
    """Return tables as the sheets of an XLSX workbook; texts are texts, never formulas."""
    workbook = Workbook(write_only=True)
    for table in parts:
        sheet = workbook.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for row in (table.titles, *table.rows):
            cells = [WriteOnlyCell(sheet, harmless(value)) for value in row]
            sheet.append(cells)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def harmless(value: Value) -> Value:
    """Return ``value``; a text that a spreadsheet takes for a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value


def _lots(report: Report) -> Table:
    where = ("line", "lot", "start", "end", "section", "grade", "stock", "billets")
    what = ("order", "pieces_per_billet", "pieces", "left_kg_per_billet")
    return Table("lots", where + what, tuple(_cuts(report)))


def _cuts(report: Report) -> Iterator[tuple[Value, ...]]:
    for lot in report.lots:
        bar = lot.bar
        head = (bar.line, bar.number, _at(report, bar.start), _at(report, bar.end))
        for cut in lot.cuts:
            for order, pieces in cut.pieces:
                middle = (bar.section, bar.grade, cut.stock, cut.count)
                yield (*head, *middle, order, pieces, pieces * cut.count, cut.left / 1000)


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
