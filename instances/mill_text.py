"""The text of a mill problem, read quickly: what comes again in every text is read once.

A mill posts its plant again with every new order book. The parts of the plant are remembered by
their bytes, which means exactly what they meant before; stock, orders and the lines' state and
calendar are always read.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from instances.fields.containers import ListOf
from instances.fields.elements import Field
from instances.fields.place import Report
from instances.fields.quick import Doubt, Quick, Read, Rows, Values, quick_reader
from instances.fields.typed import TypedRows
from instances.mill_file.book_table import ORDER, STOCK
from instances.mill_file.line_table import LINE
from instances.mill_file.mill_table import PROBLEM
from instances.raw_json import decoded, keys_in, keys_of, list_members
from instances.strict_json import parse_quickly

PLANT = frozenset(
    (
        *("format", "currency", "source", "ambient_temperature_c", "sections", "grades"),
        *("section_changes", "grade_changes", "tariff", "weights", "campaign"),
    )
)
"""Fields whose parts are remembered."""
PLANT_OF_LINE = frozenset(("sections", "furnace"))
"""Fields of a line whose parts are remembered; the others move on with its state and calendar."""
ELEMENTS = {"stock": STOCK, "orders": ORDER}
"""Fields whose parts are long, and what they are lists of."""
MOST = 2 * 2**20
"""Bytes of text that are remembered."""
LARGEST = MOST // 8
"""Bytes of a part that is remembered."""

Key = tuple[str, datetime | None, bytes]


class Memory:
    """What parts of texts mean, by field, the horizon's start and bytes; and their keys."""

    def __init__(self) -> None:
        self.known: dict[Key, tuple[Any, int]] = {}
        self.size = 0

    def find(self, key: Key) -> tuple[Any, int] | None:
        """Return what a part means and how many keys it has, or None."""
        return self.known.get(key)

    def keep(self, key: Key, meaning: tuple[Any, int]) -> None:
        """Remember a part that is not too large; begin anew where there are too many."""
        size = len(key[2])
        if size > LARGEST:
            return
        if self.size + size > MOST:
            self.known, self.size = {}, 0
        self.known[key] = meaning
        self.size += size


def quick_inside(parts: Mapping[str, bytes], keys: int) -> Any:
    """Return what the quick reader of ``PROBLEM`` makes of the members of a text; or raise Doubt.

    keys: what ``keys_in`` counts in the text.
    """
    report = Report()
    try:
        (inside,) = _read(_problem, [parts], report)
    except ValueError:
        raise Doubt from None
    if keys != report.keys:
        raise Doubt
    return inside


def _read(rows: Rows, objects: Sequence[Mapping[str, bytes]], report: Report) -> list[Any]:
    """Return what readers of texts make of objects, given as the texts of their members."""
    report.keys += sum(map(len, objects))
    given = [
        {
            name: None if text == b"null" and name in rows.nullable else text
            for name, text in texts.items()
        }
        for texts in objects
    ]
    return rows.read(given, report)


def _part(field: Field) -> Quick:
    """Return the reader of a field of the problem that is given as text."""
    if field.name == "lines":
        return Quick.of(_lines_reader(field))
    read = quick_reader(field.kind).read
    if field.name in ELEMENTS:
        return Quick.of(_row_reader(field, read))
    return Quick.of(_remembering(field.name, read) if field.name in PLANT else _reader(read))


def _part_of_line(field: Field) -> Quick:
    """Return the reader of a field of a line that is given as text."""
    read = quick_reader(field.kind).read
    remembered = field.name in PLANT_OF_LINE
    return Quick.of(_remembering(f"line {field.name}", read) if remembered else _reader(read))


def _reader(read: Read) -> Read:
    def read_part(raw: bytes, report: Report) -> Any:
        value = read(parse_quickly(raw.decode()), report)
        report.keys += keys_in(raw)  # of which none is doubled
        return value

    return read_part


def _lines_reader(field: Field) -> Read:
    rows, kind = Rows(LINE, _part_of_line), field.kind
    assert isinstance(kind, ListOf)

    def read_lines(raw: bytes, report: Report) -> Any:
        lines = list_members(raw)
        if not kind.low <= len(lines) <= kind.high:
            raise Doubt
        return tuple(_read(rows, lines, report))

    return read_lines


def _row_reader(field: Field, read: Read) -> Read:
    """Return a reader of rows; ``read`` reads those that the typed one doubts."""
    element = ELEMENTS[field.name]
    typed, kind = TypedRows(element), field.kind
    assert isinstance(kind, ListOf)
    insides = [field.inside for field in element.fields]

    def make(columns: list[Values]) -> Any:
        if element is ORDER:  # whose rows are completed by columns
            return dict(zip(insides, columns, strict=True))
        return tuple(typed.rows.make(columns))

    def read_rows(raw: bytes, report: Report) -> Any:
        keys = report.keys
        try:
            columns = typed.read(raw, report)
            if kind.low <= len(columns[0]) <= kind.high:
                return make(columns)
        except (Doubt, ValueError):
            report.keys = keys
        tree = decoded(raw)
        value = read(tree, report)
        report.keys += keys_of(tree, raw)
        return value

    return read_rows


def _remembering(name: str, read: Read) -> Read:
    def recall(raw: bytes, report: Report) -> Any:
        key = name, report.start, raw
        if (found := _memory.find(key)) is None:
            found = read(parse_quickly(raw.decode()), report), keys_in(raw)
            _memory.keep(key, found)
        value, keys = found
        report.keys += keys
        return value

    return recall


_memory = Memory()
_problem = Rows(PROBLEM, _part)
