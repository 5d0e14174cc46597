"""Cells of a workbook that show a percentage: 6 % is kept as 0.06, and the format tells."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree

from instances.order_book.lost_cells import place_of

STYLES = "xl/styles.xml"
BUILT_IN = {"9", "10"}
"""Number formats 0% and 0.00% (ECMA-376, part 1, section 18.8.30)."""
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^]]*\]')
"""Parts of a format that are shown as they stand."""


@dataclass(frozen=True, slots=True)
class PercentCell:
    """A number that its cell shows multiplied by 100."""

    value: float

    @property
    def percent(self) -> Decimal:
        """The number that the cell shows, at full precision."""
        return Decimal(repr(self.value)) * 100

    def __str__(self) -> str:
        """Return what stands in the cell."""
        return f"{self.percent.normalize():f} %"


def percent_places(data: bytes, part: bytes) -> Iterator[tuple[int, int]]:
    """Yield row and column (from 0) of the cells of a sheet's XML that show a percentage."""
    styles = _percent_styles(data)
    if not styles:
        return
    for _, element in ElementTree.iterparse(io.BytesIO(part)):
        if element.tag.endswith("}c") and element.get("s") in styles and element.get("r"):
            column, row = place_of(element.get("r", ""))
            yield row - 1, column - 1


def _percent_styles(data: bytes) -> set[str]:
    """Return the numbers of a workbook's cell styles whose number format is a percentage."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if STYLES not in archive.namelist():
            return set()
        root = ElementTree.fromstring(archive.read(STYLES))
    formats = {
        one.get("numFmtId")
        for one in root.iterfind("{*}numFmts/{*}numFmt")
        if "%" in LITERAL.sub("", one.get("formatCode", ""))
    }
    styles = root.iterfind("{*}cellXfs/{*}xf")
    return {str(k) for k, one in enumerate(styles) if one.get("numFmtId") in BUILT_IN | formats}
