"""Rows of a JSON text, decoded straight into the types of their fields: the quickest reader.

It is made of the same tables as the others, gives columns of inside values and raises Doubt where
``quick`` must look. Numbers with a fraction come as doubles. The double nearest to decimal digits
tells their nearest whole number of inside units too, unless their product with the unit's factor is
nearly halfway between two, or they stand at a bound of their range: that is doubted.
"""

from collections.abc import Callable
from functools import singledispatch
from itertools import compress
from math import ceil, floor
from types import NoneType
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import UNSET, Meta, Raw, UnsetType
from msgspec.structs import astuple

from instances.fields.elements import Element
from instances.fields.instants import LONGEST_INSTANT, Instant
from instances.fields.kinds import Flag, Number, Text
from instances.fields.place import Report
from instances.fields.quick import Doubt, Rows, Values, quick_reader
from instances.raw_json import decoded, keys_of
from instances.strict_json import LONGEST_NUMBER

DIGITS = bytes.maketrans(b"123456789.eE+-", b"0" * 14)
STEP = 10
SAMPLE, LONG = b"0" * (LONGEST_NUMBER // STEP), b"0" * (LONGEST_NUMBER + 1)
EXACT = 2.0**42
"""Inside units up to which a product of a double is right to a thousandth."""
NEARLY_HALF = 0.499

Column = Callable[[Values, set[type], Report], Values]
"""What makes inside values of a field's values and their types."""
Masks = dict[str, list[bool]]
"""Of fields that not all rows give: which do."""


@singledispatch
def typed(kind: Any) -> tuple[Any, Column]:
    """Return the type that msgspec decodes a kind's values to, and what reads a column of them."""
    column = quick_reader(kind).column

    def read(values: Values, _: set[type], report: Report) -> Values:
        text = b"[" + b",".join(values) + b"]"
        trees = decoded(text)
        report.keys += keys_of(trees, text)
        return column(trees, report)

    return Raw, read


@typed.register
def _text(kind: Text) -> tuple[Any, Column]:
    exactly = quick_reader(kind).column

    def column(values: Values, _: set[type], report: Report) -> Values:
        together = "".join(values)
        if together.isascii() and together.isprintable() and " " not in together:
            return values
        return exactly(values, report)

    return Annotated[str, Meta(min_length=kind.shortest, max_length=kind.longest)], column


@typed.register
def _instant(kind: Instant) -> tuple[Any, Column]:
    column = quick_reader(kind).column
    usual = Annotated[str, Meta(max_length=LONGEST_INSTANT)]
    return usual, lambda values, _, report: column(values, report)


@typed.register
def _flag(_: Flag) -> tuple[Any, Column]:
    return bool, lambda values, *_: values


@typed.register
def _number(kind: Number) -> tuple[Any, Column]:
    low, high, factor = kind.low, kind.high, kind.unit.factor
    whole = Annotated[int, Meta(ge=ceil(low), le=floor(high))]
    if kind.whole or max(abs(low), abs(high)) * factor > EXACT:
        broken: Any = whole
    else:
        broken = Annotated[float, Meta(gt=low, lt=high)]

    def column(values: Values, kinds: set[type], _: Report) -> Values:
        if float not in kinds:
            return values if factor == 1 else [value * factor for value in values]
        inside = np.array(values, dtype=np.float64) * factor
        nearest = np.rint(inside)
        if np.abs(inside - nearest).max() > NEARLY_HALF:
            raise Doubt
        units: list[int] = nearest.astype(np.int64).tolist()
        return units

    return whole | broken, column


def has_long_number(raw: bytes) -> bool:
    """Whether a number in a text, or what looks like one, has more than ``LONGEST_NUMBER`` bytes.

    Such a one holds a run of every tenth byte, which are looked at first.
    """
    return SAMPLE in raw[::STEP].translate(DIGITS) and LONG in raw.translate(DIGITS)


class TypedRows:
    """Reads texts of lists of objects of one element."""

    def __init__(self, element: Element) -> None:
        self.rows = Rows(element)
        self.names = [field.name for field in element.fields]
        kinds = {field.name: typed(field.kind) for field in element.fields}
        self.columns = {name: column for name, (_, column) in kinds.items()}
        self.texts = {name for name, (kind, _) in kinds.items() if kind is Raw}
        members = []
        for name, (kind, _) in kinds.items():
            null = None if name in self.rows.nullable and kind is not Raw else UnsetType
            members.append((name, kind | null | UnsetType, UNSET))
        row = msgspec.defstruct("Row", members, forbid_unknown_fields=True, gc=False)
        self.decoder = msgspec.json.Decoder(list[row])  # type: ignore[valid-type]

    def read(self, raw: bytes, report: Report) -> list[Values]:
        """Return the inside values of each field of all objects; raise Doubt or ValueError."""
        if has_long_number(raw):
            raise Doubt
        rows = self.decoder.decode(raw)
        if not rows:
            raise Doubt
        read: dict[str, Values] = {}
        masks: Masks = {}
        for name, values in zip(self.names, zip(*map(astuple, rows), strict=True), strict=True):
            if values[0] is not UNSET or values.count(UNSET) < len(values):
                read[name] = self._column(name, values, masks, report)
        self._check_shapes(read.keys() - masks, masks)
        absent = {name: [self.rows.defaults[name]] * len(rows) for name in self.names}
        return list((absent | read).values())

    def _column(self, name: str, values: Values, masks: Masks, report: Report) -> Values:
        """Return the field's inside value of every row: read, or its default."""
        if name in self.texts:
            null = None if name in self.rows.nullable else b"null"
            texts = (x if x is UNSET else bytes(x) for x in values)
            values = [null if x == b"null" else x for x in texts]
        report.keys += len(values)
        kinds = set(map(type, values))
        if UnsetType not in kinds and NoneType not in kinds:
            return self.columns[name](values, kinds, report)
        report.keys -= values.count(UNSET)
        masks[name] = [x is not UNSET and x is not None for x in values]
        given = list(compress(values, masks[name]))
        left = iter(self.columns[name](given, kinds, report) if given else ())
        default = self.rows.defaults[name]
        return [next(left) if there else default for there in masks[name]]

    def _check_shapes(self, every: set[str], masks: Masks) -> None:
        """Raise Doubt where a row gives fields that do not go together, or lacks one."""
        some = list(masks)
        shapes = set(zip(*masks.values(), strict=True)) or {()}
        for shape in shapes:
            self.rows.allow(tuple(sorted(every.union(compress(some, shape)))))
