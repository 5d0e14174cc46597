"""Many objects of one frozen dataclass at once, from the columns of their values."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial
from itertools import repeat
from typing import Any


def parameters(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass or a named tuple."""
    if issubclass(kind, tuple):
        return tuple(kind.__annotations__)
    return tuple(field.name for field in fields(kind))


def filler(kind: type[Any]) -> Callable[[list[Sequence[Any]]], list[Any]]:
    """Return a function that makes objects of ``kind`` of a column for every field, in their order.

    ``kind`` is a named tuple, or a dataclass with slots and without ``__post_init__``. Slots are
    set directly, column by column, which takes a third of the time of calling ``kind`` for each.
    """
    if issubclass(kind, tuple):
        return lambda columns: list(map(partial(tuple.__new__, kind), zip(*columns, strict=True)))
    setters = [getattr(kind, name).__set__ for name in parameters(kind)]

    def fill(columns: list[Sequence[Any]]) -> list[Any]:
        made = list(map(object.__new__, repeat(kind, len(columns[0]))))
        for setter, column in zip(setters, columns, strict=True):
            deque(map(setter, made, column), maxlen=0)
        return made

    return fill
