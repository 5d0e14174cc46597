"""Quick readers: made of the same tables as the exact ones, for what is beyond doubt right.

``quick_reader(kind)`` returns what ``kind.read`` would return, without places and several times
faster, or raises Doubt. It never says what is wrong: whoever meets Doubt reads again with the
exact reader, which names every fault. A file that is right is thus read once, any other twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, singledispatch
from math import ceil, floor
from operator import itemgetter
from types import NoneType
from typing import Any

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import EMPTY, REQUIRED, Element, Field, no_check
from instances.fields.instants import (
    LONGEST_INSTANT,
    PLAIN_INSTANT,
    Instant,
    StartInstant,
    TimeZone,
)
from instances.fields.kinds import Anything, Choice, Flag, Number, Text
from instances.fields.place import INVALID, Place, Report
from instances.fields.rows import filler, parameters
from instances.fields.units import EXACT

MOST_SHAPES = 256
"""Sets of fields that an element remembers; more than any honest file has."""

Read = Callable[[Any, Report], Any]
Values = Sequence[Any]
Column = Callable[[Values, Report], Values]


class Doubt(Exception):
    """The value may be wrong, or is written unusually: read it exactly."""


@dataclass(frozen=True, slots=True)
class Quick:
    """A quick reader: of one value, and of the values of one field in many rows at once."""

    read: Read
    column: Column

    @classmethod
    def of(cls, read: Read) -> "Quick":
        """Return a reader that reads a column value by value."""
        return cls(read, lambda values, report: [read(value, report) for value in values])


@singledispatch
def quick_reader(kind: Any) -> Quick:
    """Return the quick reader of a kind of values."""
    raise TypeError(f"{type(kind).__name__} has no quick reader")


@quick_reader.register(Choice)
@quick_reader.register(Flag)
@quick_reader.register(StartInstant)
@quick_reader.register(TimeZone)
def _exact(kind: Any) -> Quick:
    return Quick.of(_exactly(kind))


def _exactly(kind: Any) -> Read:
    def read(value: Any, report: Report) -> Any:
        result = kind.read(value, Place(report))
        if result is INVALID:
            raise Doubt
        return result

    return read


@quick_reader.register
def _number(kind: Number) -> Quick:
    (low, high), whole = kind.bounds, kind.whole
    inside, factor = kind.unit.inside, kind.unit.factor
    least, most, scale = ceil(low), floor(high), Decimal(factor)

    def read(value: Any, _: Report) -> int:
        if type(value) is int and least <= value <= most:
            return value * factor
        fits = type(value) is Decimal and low <= value <= high
        if fits and not (whole and value != int(value)):
            return inside(value)
        raise Doubt

    def column(values: Values, report: Report) -> Values:
        kinds = set(map(type, values))
        if kinds == {int} and least <= min(values) and max(values) <= most:
            return values if factor == 1 else [value * factor for value in values]
        if not whole and kinds <= {int, Decimal}:
            distinct = set(values)
            if low <= min(distinct) and max(distinct) <= high:
                known = {value: round(EXACT.multiply(value, scale)) for value in distinct}
                return [known[value] for value in values]
        return [read(value, report) for value in values]

    return Quick(read, column)


@quick_reader.register
def _text(kind: Text) -> Quick:
    longest, exactly = kind.longest, _exactly(kind)

    def read(value: Any, report: Report) -> Any:
        if type(value) is str and value.isascii() and 0 < len(value) <= longest:
            if value.isprintable() and value[0] != " " != value[-1]:
                return value
            raise Doubt
        return exactly(value, report)

    def column(values: Values, report: Report) -> Values:
        if set(map(type, values)) == {str}:
            together, lengths = "".join(values), list(map(len, values))
            plain = together.isascii() and together.isprintable() and " " not in together
            if plain and min(lengths) > 0 and max(lengths) <= longest:
                return values
        return [read(value, report) for value in values]

    return Quick(read, column)


@lru_cache(maxsize=8192)
def _seconds(text: str) -> int | None:
    """Return the s from 1970 of an instant of the usual form, else None."""
    try:
        plain = len(text) <= LONGEST_INSTANT and PLAIN_INSTANT.fullmatch(text)
        return int(datetime.fromisoformat(text).timestamp()) if plain else None
    except ValueError:
        return None


@quick_reader.register
def _instant(kind: Instant) -> Quick:
    exactly = _exactly(kind)

    def read(value: Any, report: Report) -> Any:
        moment = _seconds(value) if type(value) is str else None
        if moment is None or report.start is None:
            return exactly(value, report)
        return moment - int(report.start.timestamp())

    def column(values: Values, report: Report) -> Values:
        moments = list(map(_seconds, values)) if set(map(type, values)) == {str} else [None]
        if report.start is None or None in moments:
            return [read(value, report) for value in values]
        start = int(report.start.timestamp())
        return [moment - start for moment in moments if moment is not None]

    return Quick(read, column)


@quick_reader.register
def _anything(_: Anything) -> Quick:
    def read(value: Any, _: Report) -> None:
        flat = type(value) is dict and not any(type(x) in (dict, list) for x in value.values())
        if not flat:  # however deep it goes
            raise Doubt

    return Quick.of(read)


@quick_reader.register
def _list(kind: ListOf) -> Quick:
    low, high, column = kind.low, kind.high, quick_reader(kind.kind).column

    def read(value: Any, report: Report) -> tuple[Any, ...]:
        if type(value) is not list or not low <= len(value) <= high:
            raise Doubt
        return tuple(column(value, report)) if value else ()

    return Quick.of(read)


@quick_reader.register
def _map(kind: MapOf) -> Quick:
    high, keys, items = kind.high, quick_reader(Text()).column, quick_reader(kind.kind).column

    def read(value: Any, report: Report) -> tuple[tuple[str, Any], ...]:
        if type(value) is not dict or len(value) > high:
            raise Doubt
        if not value:
            return ()
        names, values = keys(list(value), report), items(list(value.values()), report)
        return tuple(zip(names, values, strict=True))

    return Quick.of(read)


@quick_reader.register
def _element(element: Element) -> Quick:
    rows = Rows(element)
    return Quick(lambda value, report: rows.read([value], report)[0], rows.read)


class Rows:
    """Reads objects of one element field by field, each field of all objects at once.

    ``reader`` makes the reader of a field, where its values are given in another form.
    """

    def __init__(
        self,
        element: Element,
        reader: Callable[[Field], Quick] = lambda field: quick_reader(field.kind),
    ) -> None:
        self.element = element
        self.readers = {field.name: reader(field) for field in element.fields}
        self.defaults = {field.name: self._default(field) for field in element.fields}
        self.nullable = {field.name for field in element.fields if field.nullable}
        self.shapes: set[tuple[str, ...]] = set()
        self.make = _maker(element)

    def _default(self, field: Field) -> Any:
        empty = field.default is EMPTY
        return quick_reader(field.kind).read({}, Report()) if empty else field.default

    def read(self, rows: Values, report: Report) -> list[Any]:
        """Return what the element makes of every row, or raise Doubt."""
        if set(map(type, rows)) != {dict}:
            raise Doubt
        if len(rows) == 1:
            return self.make(self._single(rows[0], report))
        shapes = set(map(tuple, rows))
        for names in shapes:
            self.allow(names)
        some = set().union(*shapes)
        every = some.intersection(*shapes)
        given = {name: list(map(itemgetter(name), rows)) for name in every}
        given |= {name: [row[name] for row in rows if name in row] for name in some - every}
        nullable = some & self.nullable
        if nulls := {name for name in nullable if NoneType in set(map(type, given[name]))}:
            said = (
                ((k, x) for k, x in row.items() if x is not None or k not in nulls) for row in rows
            )
            return self.read(list(map(dict, said)), report)
        return self.make(
            [self._column(field.name, rows, given, report) for field in self.element.fields]
        )

    def _single(self, row: dict[str, Any], report: Report) -> list[Values]:
        """Return the columns of one row, which sets of names would take longer to tell."""
        nullable, given = self.nullable, row
        if None in row.values():
            given = {k: x for k, x in row.items() if x is not None or k not in nullable}
        self.allow(tuple(given))
        return [
            [self.readers[name].read(given[name], report) if name in given else default]
            for name, default in self.defaults.items()
        ]

    def allow(self, names: tuple[str, ...]) -> None:
        """Raise Doubt where objects may not give exactly these fields."""
        if names in self.shapes:
            return
        given, element = set(names), self.element
        required = {field.name for field in element.fields if field.default is REQUIRED}
        if not required <= given <= self.readers.keys():
            raise Doubt
        for group in element.one_of:
            count = len(given.intersection(group.names))
            if count > 1 or (group.needed and not count):
                raise Doubt
        if len(self.shapes) >= MOST_SHAPES:
            self.shapes.clear()
        self.shapes.add(names)

    def _column(
        self, name: str, rows: Values, given: Mapping[str, Values], report: Report
    ) -> Values:
        """Return the field's inside value of every row: read, or its default."""
        default, values = self.defaults[name], given.get(name)
        if values is None:
            return [default] * len(rows)
        read = self.readers[name].column(values, report)
        if len(values) == len(rows):
            return read
        left = iter(read)
        return [next(left) if name in row else default for row in rows]


def _maker(element: Element) -> Callable[[list[Values]], list[Any]]:
    """Return what makes an element's rows of their columns, one of every field."""
    insides = [field.inside for field in element.fields]
    make = element.make
    alone = element.check is no_check and "" not in insides
    if alone and isinstance(make, type):
        order, fill = [insides.index(name) for name in parameters(make)], filler(make)
        return lambda columns: fill([columns[index] for index in order])
    return lambda columns: _one_by_one(element, columns)


def _one_by_one(element: Element, columns: list[Values]) -> list[Any]:
    """Make rows of which fields are spread, or checked together."""
    made = []
    for row in zip(*columns, strict=True):
        inside: dict[str, Any] = {}
        for field, value in zip(element.fields, row, strict=True):
            inside.update({field.inside: value} if field.inside else value)
        if not element.check(inside, Place(Report())):
            raise Doubt
        made.append(element.make(**inside))
    return made
