"""Many objects of one frozen dataclass at once, from the columns of their values."""

from collections.abc import Callable, Sequence
from dataclasses import fields, make_dataclass
from functools import partial
from typing import Any


def parameters(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass or a named tuple."""
    if issubclass(kind, tuple):
        return tuple(kind.__annotations__)
    return tuple(field.name for field in fields(kind))


def filler(kind: type[Any]) -> Callable[[list[Sequence[Any]]], list[Any]]:
    """Return a function that makes objects of ``kind`` of a column for every field, in their order.

    ``kind`` is a named tuple, or a dataclass with slots and without ``__post_init__``. A frozen one
    sets its values by calls, which takes twice as long as to set those of a twin that is not
    frozen, and then say of which class it is.
    """
    if issubclass(kind, tuple):
        return lambda columns: list(map(partial(tuple.__new__, kind), zip(*columns, strict=True)))
    twin = make_dataclass("Twin", parameters(kind), slots=True)

    def fill(columns: list[Sequence[Any]]) -> list[Any]:
        made = list(map(twin, *columns))
        for one in made:
            one.__class__ = kind
        return made

    return fill
