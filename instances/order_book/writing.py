"""The orders of a mill problem as a table that ``reading`` turns back into them."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from instances import mill_json
from instances.order_book.columns import Column, columns
from instances.order_book.sheets import FORMULA
from scheduler.mill import MillProblem

ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""The sign before such as ``x000D_`` in a text (ECMA-376, part 1, section 22.9.2.19)."""

Value = str | int | float | None
Sheet = tuple[str, Iterable[Iterable[Value]]]


def orders_csv(problem: MillProblem) -> str:
    """Return the orders as CSV (RFC 4180), decimal point, instants with offset."""
    return csv_text(order_rows(problem))


def orders_xlsx(problem: MillProblem) -> bytes:
    """Return the orders as a workbook of one sheet, ``Orders``."""
    return xlsx_bytes([("Orders", order_rows(problem))])


def order_rows(problem: MillProblem) -> list[list[Value]]:
    """Return the head and a row for each order, with the columns that any order needs."""
    orders = mill_json.to_tree(problem)["orders"]
    known = [column for column in columns().values() if column.factor == 1]
    used = [c for c in known if c.required or any(_value(order, c) != "" for order in orders)]
    return [[c.name for c in used], *([_value(order, c) for c in used] for order in orders)]


def _value(order: Any, column: Column) -> Value:
    for part in column.path:
        order = order.get(part, "") if isinstance(order, dict) else ""
    if isinstance(order, list):
        return "; ".join(map(_in_list, order))
    if isinstance(order, bool):
        return "yes" if order else "no"
    return order if isinstance(order, int | str) else float(order)


def _in_list(name: str) -> str:
    """Return an id as a part of a list: in quotes where it would be taken apart."""
    doubtful = name.startswith('"') or "," in name or ";" in name
    return '"' + name.replace('"', '""') + '"' if doubtful else name


def csv_text(rows: Iterable[Iterable[Value]]) -> str:
    """Return rows as CSV, texts that a spreadsheet would run made harmless."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(map(harmless, row) for row in rows)
    return buffer.getvalue()


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of named sheets; texts are texts, never formulas.

    Whoever writes none need not import what can.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    workbook = Workbook(write_only=True)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row in rows:
            cells = [WriteOnlyCell(sheet, _unescaped(harmless(value))) for value in row]
            for cell in cells:
                if isinstance(cell.value, str):  # #N/A too, which would be written as an error
                    cell.data_type = "s"
            sheet.append(cells)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _unescaped(value: Value) -> Value:
    """Return ``value``; a text with what a workbook reads as an escaped character keeps it."""
    return ESCAPED.sub("_x005F_", value) if isinstance(value, str) else value


def harmless(value: Value) -> Value:
    """Return ``value``; a text that a spreadsheet takes for a formula gets an apostrophe.

    So does one with apostrophes of its own before it, of which the reader would take one away.
    """
    if isinstance(value, str) and value.lstrip("'").startswith(FORMULA):
        return "'" + value
    return value
