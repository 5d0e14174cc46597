"""Quick readers: made of the same tables as the exact ones, for what is beyond doubt right.

``quick_reader(kind)`` returns what ``kind.read`` would return, without places and several times
faster, or raises Doubt. It never says what is wrong: whoever meets Doubt reads again with the
exact reader, which names every fault. A file that is right is thus read once, any other twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, singledispatch
from math import ceil, floor
from typing import Any

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import EMPTY, REQUIRED, Element, Field, no_check
from instances.fields.instants import LONGEST_INSTANT, PLAIN_INSTANT, Instant, StartInstant
from instances.fields.kinds import Anything, Choice, Flag, Number, Text
from instances.fields.place import INVALID, Place, Report

MOST_SHAPES = 256
"""Sets of fields that an element remembers; more than any honest file has."""

Read = Callable[[Any, Report], Any]
Column = Callable[[list[Any], Report], list[Any]]


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
    least, most = ceil(low), floor(high)

    def read(value: Any, _: Report) -> int:
        if type(value) is int and least <= value <= most:
            return value * factor
        fits = type(value) is Decimal and low <= value <= high
        if fits and not (whole and value != int(value)):
            return inside(value)
        raise Doubt

    def column(values: list[Any], report: Report) -> list[int]:
        if set(map(type, values)) == {int} and least <= min(values) and max(values) <= most:
            return [value * factor for value in values]
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

    def column(values: list[Any], report: Report) -> list[Any]:
        if set(map(type, values)) == {str}:
            together, lengths = "".join(values), list(map(len, values))
            plain = together.isascii() and together.isprintable() and " " not in together
            if plain and min(lengths) > 0 and max(lengths) <= longest:
                return values
        return [read(value, report) for value in values]

    return Quick(read, column)


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if PLAIN_INSTANT.fullmatch(text) else None
    except ValueError:
        return None


@quick_reader.register
def _instant(kind: Instant) -> Quick:
    exactly = _exactly(kind)

    def read(value: Any, report: Report) -> Any:
        plain = type(value) is str and len(value) <= LONGEST_INSTANT
        moment, start = _moment(value) if plain else None, report.start
        if moment is None or start is None:
            return exactly(value, report)
        passed = moment - start
        return passed.days * 86_400 + passed.seconds

    return Quick.of(read)


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
    shapes: dict[tuple[str, ...], _Shape] = {}
    checked = element.check is not no_check
    nullable = {field.name for field in element.fields if field.nullable}
    readers = {field.name: quick_reader(field.kind) for field in element.fields}

    def given(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise Doubt
        if None in value.values():
            return {k: x for k, x in value.items() if x is not None or k not in nullable}
        return value

    def shape_of(names: tuple[str, ...]) -> _Shape:
        if (shape := shapes.get(names)) is None:
            if len(shapes) >= MOST_SHAPES:
                shapes.clear()
            shape = shapes[names] = _Shape(element, names, readers)
        return shape

    def column(values: list[Any], report: Report) -> list[Any]:
        alike: dict[tuple[str, ...], list[int]] = {}
        rows = [given(value) for value in values]
        for index, row in enumerate(rows):
            alike.setdefault(tuple(row), []).append(index)
        made: list[Any] = [None] * len(rows)
        for names, indices in alike.items():
            shape = shape_of(names)
            for index, inside in zip(
                indices, shape.read([rows[k] for k in indices], report), strict=True
            ):
                if checked and not element.check(inside, Place(report)):
                    raise Doubt
                made[index] = element.make(**inside)
        return made

    return Quick(lambda value, report: column([value], report)[0], column)


class _Shape:
    """How to read objects of an element that give exactly these fields; Doubt where none may."""

    def __init__(
        self, element: Element, names: tuple[str, ...], readers: Mapping[str, Quick]
    ) -> None:
        fields = {field.name: field for field in element.fields}
        given = set(names)
        if not given <= fields.keys():
            raise Doubt
        for group in element.one_of:
            count = len(given.intersection(group.names))
            if count > 1 or (group.needed and not count):
                raise Doubt
        self.defaults: dict[str, Any] = {}
        for field in fields.values():
            if field.name not in given:
                default = self._default(field, readers)
                self.defaults.update({field.inside: default} if field.inside else default)
        self.steps = [
            (name, field.inside, readers[name].column)
            for name, field in fields.items()
            if name in given
        ]

    @staticmethod
    def _default(field: Field, readers: Mapping[str, Quick]) -> Any:
        if field.default is REQUIRED:
            raise Doubt
        return readers[field.name].read({}, Report()) if field.default is EMPTY else field.default

    def read(self, rows: list[dict[str, Any]], report: Report) -> list[dict[str, Any]]:
        """Return the inside values of all fields of every row."""
        insides = [self.defaults.copy() for _ in rows]
        for name, target, column in self.steps:
            results = column([row[name] for row in rows], report)
            for inside, result in zip(insides, results, strict=True):
                if target:
                    inside[target] = result
                else:
                    inside.update(result)
        return insides
