"""Quick readers: made of the same tables as the exact ones, for what is beyond doubt right.

``quick_reader(kind)`` returns what ``kind.read`` would return, without places and several times
faster, or raises Doubt. It never says what is wrong: whoever meets Doubt reads again with the
exact reader, which names every fault. A file that is right is thus read once, any other twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, singledispatch
from math import ceil, floor
from typing import Any

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import EMPTY, REQUIRED, Element, Field
from instances.fields.instants import PLAIN_INSTANT, Instant, StartInstant
from instances.fields.kinds import Anything, Choice, Flag, Number, Text
from instances.fields.place import INVALID, Place, Report

Quick = Callable[[Any, Report], Any]
MOST_SHAPES = 256
"""Sets of fields that an element remembers; more than any honest file has."""


class Doubt(Exception):
    """The value may be wrong, or is written unusually: read it exactly."""


@singledispatch
def quick_reader(kind: Any) -> Quick:
    """Return the quick reader of a kind of values."""
    raise TypeError(f"{type(kind).__name__} has no quick reader")


@quick_reader.register(Choice)
@quick_reader.register(Flag)
@quick_reader.register(StartInstant)
def _exactly(kind: Any) -> Quick:
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

    return read


@quick_reader.register
def _text(kind: Text) -> Quick:
    longest, exactly = kind.longest, _exactly(kind)

    def read(value: Any, report: Report) -> Any:
        if type(value) is str and value.isascii() and 0 < len(value) <= longest:
            if value.isprintable() and value[0] != " " != value[-1]:
                return value
            raise Doubt
        return exactly(value, report)

    return read


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@quick_reader.register
def _instant(kind: Instant) -> Quick:
    exactly = _exactly(kind)

    def read(value: Any, report: Report) -> Any:
        plain = type(value) is str and PLAIN_INSTANT.fullmatch(value)
        moment, start = _moment(value) if plain else None, report.start
        if moment is None or start is None:
            return exactly(value, report)
        passed = moment - start
        return passed.days * 86_400 + passed.seconds

    return read


@quick_reader.register
def _anything(_: Anything) -> Quick:
    def read(value: Any, _: Report) -> None:
        flat = type(value) is dict and not any(type(x) in (dict, list) for x in value.values())
        if not flat:  # however deep it goes
            raise Doubt

    return read


@quick_reader.register
def _list(kind: ListOf) -> Quick:
    low, high, item = kind.low, kind.high, quick_reader(kind.kind)

    def read(value: Any, report: Report) -> tuple[Any, ...]:
        if type(value) is not list or not low <= len(value) <= high:
            raise Doubt
        return tuple([item(x, report) for x in value])

    return read


@quick_reader.register
def _map(kind: MapOf) -> Quick:
    high, key, item = kind.high, quick_reader(Text()), quick_reader(kind.kind)

    def read(value: Any, report: Report) -> tuple[tuple[str, Any], ...]:
        if type(value) is not dict or len(value) > high:
            raise Doubt
        return tuple([(key(k, report), item(x, report)) for k, x in value.items()])

    return read


@quick_reader.register
def _element(element: Element) -> Quick:
    shapes: dict[tuple[str, ...], _Shape] = {}
    nullable = {field.name for field in element.fields if field.nullable}
    readers = {field.name: quick_reader(field.kind) for field in element.fields}

    def read(value: Any, report: Report) -> Any:
        if type(value) is not dict:
            raise Doubt
        if None in value.values():
            value = {k: x for k, x in value.items() if x is not None or k not in nullable}
        if (shape := shapes.get(names := tuple(value))) is None:
            if len(shapes) >= MOST_SHAPES:
                shapes.clear()
            shape = shapes[names] = _Shape(element, names, readers)
        inside = shape.read(value, report)
        if not element.check(inside, Place(report)):
            raise Doubt
        return element.make(**inside)

    return read


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
                self._add(self.defaults, field, self._default(field, readers))
        self.steps = [
            (name, field.inside, readers[name]) for name, field in fields.items() if name in given
        ]

    @staticmethod
    def _default(field: Field, readers: Mapping[str, Quick]) -> Any:
        if field.default is REQUIRED:
            raise Doubt
        return readers[field.name]({}, Report()) if field.default is EMPTY else field.default

    @staticmethod
    def _add(inside: dict[str, Any], field: Field, value: Any) -> None:
        inside.update({field.inside: value} if field.inside else value)

    def read(self, value: Mapping[str, Any], report: Report) -> dict[str, Any]:
        """Return the inside values of all fields."""
        inside = self.defaults.copy()
        for name, target, reader in self.steps:
            result = reader(value[name], report)
            if target:
                inside[target] = result
            else:
                inside.update(result)
        return inside
