"""What is reckoned of a plant alone: readers give a mill's plant as the same objects every time."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

R = TypeVar("R")
MOST = 64
"""Results that a function remembers."""


def of_plant(reckon: Callable[..., R]) -> Callable[..., R]:
    """Let a function of immutable parts of a plant remember what it returned for the same objects.

    Objects are compared by identity, which takes no time. They are kept along with the result, so
    that no other object can come to stand where one of them was.
    """
    known: dict[tuple[int, ...], tuple[tuple[Any, ...], R]] = {}

    @wraps(reckon)
    def recall(*parts: Any) -> R:
        key = tuple(map(id, parts))
        if (found := known.get(key)) is not None:
            return found[1]
        result = reckon(*parts)
        if len(known) >= MOST:
            known.clear()
        known[key] = parts, result
        return result

    return recall
