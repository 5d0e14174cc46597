"""JSON text to a tree of values, without JSON's usual leniencies (RFC 8259, I-JSON).

Numbers with a fraction or exponent arrive as Decimal, so that the decimal digits in a file count
and not their nearest double. What may be wrong at some place of the tree (duplicate keys, NaN,
lone surrogates) is kept in the tree and refused, with its place, by the tables that read it.
"""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, DecimalException
from typing import Any

from scheduler.issues import InvalidInput, Issue

LONGEST_NUMBER = 100
DEEPEST = 32


class JsonObject(dict[str, Any]):
    """A JSON object that remembers which of its keys were given more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        """Keep the last of each key's values and the keys given again."""
        super().__init__(pairs)
        self.duplicates: tuple[str, ...] = ()
        if len(self) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            self.duplicates = tuple(key for key, count in counts.items() if count > 1)


def parse_quickly(text: str) -> Any:
    """Return the tree that ``text`` holds; raise ValueError where it may be unsound.

    The tree is the same but for its objects, which are plain ones. How deep it is, and how long
    its whole numbers are, is left to whoever reads it.
    """
    try:
        return _quick.decode(text)
    except (RecursionError, DecimalException) as error:
        raise ValueError from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError
    return tree


def finite(text: str) -> Decimal:
    """Return the number; raise ValueError where it is too long to be honest."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError
    return Decimal(text)


def _no_number(text: str) -> Any:
    raise ValueError(text)


_quick = json.JSONDecoder(object_pairs_hook=_unique, parse_float=finite, parse_constant=_no_number)


def parse(text: str) -> Any:
    """Return the tree that ``text`` holds; raise InvalidInput where it is not JSON."""
    try:
        tree = json.loads(
            text,
            object_pairs_hook=JsonObject,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=Decimal,
        )
    except json.JSONDecodeError as error:
        raise _not_json(error.msg, error.lineno, error.colno) from error
    except RecursionError as error:
        raise _too_deep() from error
    if _depth(tree) > DEEPEST:
        raise _too_deep()
    return tree


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= LONGEST_NUMBER else _decimal(text)


def _decimal(text: str) -> Decimal:
    """Return the number; one too long or too large to hold becomes infinite, hence refused."""
    if len(text) > LONGEST_NUMBER:
        return Decimal("Infinity")
    try:
        return Decimal(text)
    except DecimalException:
        return Decimal("Infinity")


def _depth(tree: Any) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in _children(node)]
    return deepest


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def _not_json(message: str, line: int, column: int) -> InvalidInput:
    fault = f"{message[:1].lower()}{message[1:]}".removesuffix(" at")
    detail = f"not JSON: {fault} at line {line}, column {column}"
    return InvalidInput([Issue("not_json", "", detail, hint="correct the text at this place")])


def _too_deep() -> InvalidInput:
    detail = f"objects and lists are nested deeper than {DEEPEST} levels"
    return InvalidInput([Issue("too_deep", "", detail)])
