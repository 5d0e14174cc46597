"""Rows of cells out of CSV text and XLSX workbooks, within limits."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import python_calamine as calamine

from instances.order_book.lost_cells import extent, lost_cells, sheet_text
from instances.order_book.percent_cells import PercentCell, percent_places
from scheduler.issues import InvalidInput, Issue, shown

MOST_ROWS, MOST_COLUMNS = 20_001, 200
LARGEST_WORKBOOK = 100_000_000
"""Bytes of a workbook when unpacked."""
ZIP = b"PK\x03\x04"
UNREADABLE = (
    zipfile.BadZipFile,
    calamine.CalamineError,
    NotImplementedError,
    ElementTree.ParseError,
    KeyError,
    UnicodeDecodeError,
)
"""Errors of a workbook that is not built as its format says."""
SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
"""The first line by which some tables tell Excel their list separator; it is no row of theirs."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How texts begin that spreadsheets take for formulas; writers put an apostrophe before them."""

Row = tuple[int, tuple[Any, ...]]
"""Number of a row in the sheet, from 1, and its cells; a blank cell is ''."""


@dataclass(frozen=True, slots=True)
class TableForm:
    """What a table does not say itself.

    decimal: ``.`` or ``,`` (None: that of the list separator in a CSV file, by the place of the
    sign in a workbook's texts). zone: IANA name of the local times' zone (None: the offset of the
    horizon's start). sheet: name of the sheet (None: ``Orders``, or the only one).
    """

    decimal: str | None = None
    zone: str | None = None
    sheet: str | None = None


def refusal(code: str, detail: str, value: Any = "", hint: str = "") -> InvalidInput:
    """Return the error of a table that cannot be read at all."""
    return InvalidInput([Issue(code, "", detail, value=shown(value) if value else "", hint=hint)])


def rows_of(data: bytes, form: TableForm) -> tuple[list[Row], TableForm]:
    """Return the rows that hold anything, and the form with its decimal sign where it is known."""
    if form.decimal not in (None, ".", ","):
        raise refusal("unknown_choice", "the decimal sign is '.' or ','", form.decimal)
    if data.startswith(ZIP):
        rows: list[list[Any]] = _workbook(data, form.sheet)
    else:
        text = _decoded(data)
        told = SEPARATOR_LINE.match(text)
        delimiter = told[1] if told else _delimiter(text)
        form = TableForm(form.decimal or ("," if delimiter == ";" else "."), form.zone, form.sheet)
        rows = _csv_rows(text, delimiter)
        if told:
            rows[0] = []
    _check_extent(len(rows), max(map(len, rows), default=0))
    numbered = [(number, tuple(map(_stripped, row))) for number, row in enumerate(rows, start=1)]
    return [(number, row) for number, row in numbered if any(cell != "" for cell in row)], form


def _check_extent(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        limit = f"{MOST_ROWS - 1} orders and {MOST_COLUMNS} columns"
        raise refusal("too_many", f"the table is larger than {limit}")


def _stripped(cell: Any) -> Any:
    return "" if cell is None or (isinstance(cell, str) and not cell.strip()) else cell


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "save it as 'CSV UTF-8', or as XLSX"
        detail = f"the table is neither a workbook nor UTF-8 text (byte {error.start})"
        raise refusal("not_a_table", detail, hint=hint) from error


def _delimiter(text: str) -> str:
    """Return the list separator: the one that is most frequent in the first line."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=head.count)


def _csv_rows(text: str, delimiter: str) -> list[list[Any]]:
    rows: list[list[Any]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS:
                break
    except csv.Error as error:
        raise refusal("not_a_table", f"line {reader.line_num}: {error}") from error
    return rows


def _workbook(data: bytes, name: str | None) -> list[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > LARGEST_WORKBOOK:
            raise refusal("too_many", f"the workbook unpacks to {size // 10**6} MB")
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = _sheet(book.sheet_names, name)
        part = sheet_text(data, sheet)
        _check_extent(*extent(part))
        rows: list[list[Any]] = book.get_sheet_by_name(sheet).to_python(
            skip_empty_area=False, nrows=MOST_ROWS + 1
        )
        for row, column, cell in lost_cells(part):
            if row <= MOST_ROWS and column <= MOST_COLUMNS:
                _put(rows, row, column, cell)
        for row, column in percent_places(data, part):
            number = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
            if isinstance(number, float):
                rows[row][column] = PercentCell(number)
    except UNREADABLE as error:
        raise refusal("not_a_table", "the file is no readable workbook (XLSX)") from error
    return rows


def _put(rows: list[list[Any]], row: int, column: int, cell: Any) -> None:
    """Set a cell that may lie beyond what the sheet's other cells take."""
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend("" for _ in range(column + 1 - len(rows[row])))
    rows[row][column] = cell


def _sheet(names: list[str], name: str | None) -> str:
    wanted = name or ("Orders" if len(names) != 1 else names[0])
    if wanted not in names:
        there = f"there are {', '.join(names[:8])}"
        raise refusal("unknown_sheet", f"the workbook has no such sheet; {there}", wanted)
    return wanted
