"""Cells of a workbook that show something and hold no value: errors, and formulas not reckoned.

The reader of workbooks takes both for blank ones, and a blank cell is a default: an order whose
due date is ``#N/A`` would be due at the horizon's end, and nobody told.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

SIGN = re.compile(rb"""<(\w+:)?f[ />]|\st=["']e["']""")
"""What the XML of a sheet with such cells has somewhere; most have not, and parsing takes long."""
TAG = re.compile(rb"<(?:\w+:)?(row|c)(\s[^>]*)?>")
PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']*)""")
CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class LostCell:
    """A cell without a value: the error that it shows, or the formula that nobody reckoned."""

    text: str

    def __str__(self) -> str:
        """Return what stands in the cell."""
        return self.text


def sheet_text(data: bytes, sheet: str) -> bytes:
    """Return the XML of an XLSX workbook's sheet.

    Raises
    ------
    KeyError, ElementTree.ParseError
        The workbook is not built as its format (ECMA-376, part 1, section 18.3) says.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(_part(archive, sheet))


def extent(part: bytes) -> tuple[int, int]:
    """Return the last row and column (from 1) of a sheet's XML with a cell that holds anything.

    The reader of workbooks takes memory for all that is between the first cell and the last, and
    ends the process where there is not so much; two cells far apart are enough.
    """
    rows = columns = row = column = 0
    for found in TAG.finditer(part):
        told = PLACE.search(found[2] or b"")
        if found[1] == b"row":
            row, column = _number(told[1].decode()) if told else row + 1, 0
            continue
        column += 1
        at_row = row
        if told:
            column, at_row = place_of(told[1].decode())
        if not found[0].endswith(b"/>"):
            rows, columns = max(rows, at_row), max(columns, column)
    return rows, columns


def lost_cells(part: bytes) -> Iterator[tuple[int, int, LostCell]]:
    """Yield row and column (from 0) of each such cell in a sheet's XML.

    Raises
    ------
    KeyError, ElementTree.ParseError
        The workbook is not built as its format (ECMA-376, part 1, section 18.3) says.
    """
    if SIGN.search(part) is None:
        return
    number = 0
    for _, element in ElementTree.iterparse(io.BytesIO(part)):
        if element.tag.endswith("}row"):
            told = element.get("r", "")
            number = _number(told) if told else number + 1
            yield from ((number - 1, *found) for found in _lost(element))
            element.clear()


def _lost(row: ElementTree.Element) -> Iterator[tuple[int, LostCell]]:
    """Yield column and content of a row's cells without value; a cell may leave out its place."""
    column = 0
    for cell in row:
        told = cell.get("r")
        column = place_of(told)[0] if told else column + 1
        if cell.get("t") == "e":
            yield column - 1, LostCell(cell.findtext("{*}v") or "an error")
        elif cell.find("{*}f") is not None and not cell.findtext("{*}v") and cell.get("t") != "str":
            yield column - 1, LostCell("=" + (cell.findtext("{*}f") or ""))


def _number(told: str) -> int:
    """Return the number of a row, from 1; raise KeyError where it is none."""
    if not (told.isascii() and told.isdecimal() and len(told) <= 7 and int(told)):
        raise KeyError(told)
    return int(told)


def place_of(told: str) -> tuple[int, int]:
    """Return column and row, from 1, of a place such as ``AB12``; raise KeyError of another."""
    if (found := CELL.fullmatch(told)) is None:
        raise KeyError(told)
    column = 0
    for letter in found[1].upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    return column, _number(found[2])


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the archive's part that holds a sheet."""
    sheets = ElementTree.fromstring(archive.read(BOOK)).iterfind(".//{*}sheet")
    names = {one.get("name"): one for one in sheets}
    link = next((text for key, text in names[sheet].items() if key.endswith("}id")), None)
    links = ElementTree.fromstring(archive.read(LINKS))
    target = {one.get("Id"): one.get("Target", "") for one in links}[link]
    return target[1:] if target.startswith("/") else f"xl/{target}"
