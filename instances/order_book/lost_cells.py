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
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class LostCell:
    """A cell without a value: the error that it shows, or the formula that nobody reckoned."""

    text: str

    def __str__(self) -> str:
        """Return what stands in the cell."""
        return self.text


def lost_cells(data: bytes, sheet: str) -> Iterator[tuple[int, int, LostCell]]:
    """Yield row and column (from 0) of each such cell of an XLSX workbook's sheet.

    Raises
    ------
    KeyError, ElementTree.ParseError
        The workbook is not built as its format (ECMA-376, part 1, section 18.3) says.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if BOOK not in archive.namelist():
            return
        part = archive.read(_part(archive, sheet))
    if SIGN.search(part) is None:
        return
    number = 0
    for _, element in ElementTree.iterparse(io.BytesIO(part)):
        if element.tag.endswith("}row"):
            told = element.get("r", "")
            number = int(told) if told.isdecimal() else number + 1
            yield from ((number - 1, *found) for found in _lost(element))
            element.clear()


def _lost(row: ElementTree.Element) -> Iterator[tuple[int, LostCell]]:
    """Yield column and content of a row's cells without value; a cell may leave out its place."""
    column = 0
    for cell in row:
        column = _column(cell.get("r", "")) or column + 1
        if cell.get("t") == "e":
            yield column - 1, LostCell(cell.findtext("{*}v") or "an error")
        elif cell.find("{*}f") is not None and not cell.findtext("{*}v") and cell.get("t") != "str":
            yield column - 1, LostCell("=" + (cell.findtext("{*}f") or ""))


def _column(place: str) -> int:
    """Return the column, from 1, of a place such as ``AB12``; 0 of none."""
    column = 0
    for letter in place.rstrip("0123456789"):
        column = 26 * column + ord(letter) - ord("A") + 1
    return column


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the archive's part that holds a sheet."""
    sheets = ElementTree.fromstring(archive.read(BOOK)).iterfind(".//{*}sheet")
    names = {one.get("name"): one for one in sheets}
    link = next((text for key, text in names[sheet].items() if key.endswith("}id")), None)
    links = ElementTree.fromstring(archive.read(LINKS))
    target = {one.get("Id"): one.get("Target", "") for one in links}[link]
    return target[1:] if target.startswith("/") else f"xl/{target}"
