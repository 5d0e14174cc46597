"""An empty order table to fill in, with a sheet that explains its columns."""

import csv
import io

from instances.field_page import value_text
from instances.order_book.columns import Column, columns

EXAMPLE = {
    "id": "A1",
    "grade": "B500B",
    "section": "R12",
    "length_m": "12",
    "quantity_t": "25",
    "due_date": "2026-01-05 18:00",
}
FIRST = tuple(EXAMPLE)


def names() -> list[str]:
    """Return the template's columns: the usual ones first, one unit each."""
    known = columns()
    taken = {known[name].path for name in FIRST}
    return [*FIRST, *(c.name for c in known.values() if c.factor == 1 and c.path not in taken)]


def template_csv() -> str:
    """Return the head line and one example, in CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(names())
    writer.writerow([EXAMPLE.get(name, "") for name in names()])
    return buffer.getvalue()


def template_xlsx() -> bytes:
    """Return a workbook: sheet ``Orders`` to fill in, sheet ``Columns`` with their meaning."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    workbook = Workbook()
    orders = workbook.active
    orders.title = "Orders"
    orders.append(names())
    orders.append([_example(name) for name in names()])
    meaning = workbook.create_sheet("Columns")
    meaning.append(["column", "value", "default", "meaning"])
    for column in columns().values():
        meaning.append(_explained(column))
    for sheet in (orders, meaning):
        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = max(12, len(str(cell.value)) + 2)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _example(name: str) -> str | float | None:
    text = EXAMPLE.get(name)
    return float(text) if text is not None and text.isdigit() else text


def _explained(column: Column) -> list[str]:
    value = value_text(column.kind)
    if column.factor != 1:
        value = f"number; {column.unit}: {value.partition(', ')[2]}"
    default = column.field.default_for_people().replace("*", "")
    if default == "required" and not column.required:
        default = "required of coil orders"
    return [column.name, value, default, column.field.meaning]
