"""JSON in pieces: the members of an object as bytes, and values decoded fast by msgspec.

msgspec refuses what RFC 8259 forbids, but of a key given twice in an object it keeps the last. So
whoever reads with it counts: ``keys_in`` a text there are never fewer keys than written, and
``keys_of`` a tree exactly those that are left. Where both agree, no key was doubled.
"""

from collections.abc import Iterable
from decimal import DecimalException
from typing import Any

import msgspec
import numpy as np
from msgspec import UNSET, Raw, UnsetType

from instances.strict_json import finite

_members = msgspec.json.Decoder(dict[str, Raw])
_list_members = msgspec.json.Decoder(list[dict[str, Raw]])
_values = msgspec.json.Decoder(float_hook=finite)
BLANKS = b" \t\n\r"
SHORT = 8192
"""Bytes up to which it takes no time to look at each."""


def members(raw: bytes) -> dict[str, bytes]:
    """Return the text of each member of an object; raise ValueError where it is none.

    The texts are well-formed but for their UTF-8. Of doubled keys the last is kept.
    """
    try:
        return {name: bytes(text) for name, text in _members.decode(raw).items()}
    except RecursionError as error:
        raise ValueError from error


def list_members(raw: bytes) -> list[dict[str, bytes]]:
    """Return what ``members`` returns for each object of a list."""
    return [{name: bytes(text) for name, text in one.items()} for one in _list_members.decode(raw)]


class Nested:
    """Takes an object of known names apart, and the object that one of them holds, in one go."""

    def __init__(self, names: Iterable[str], inside: str) -> None:
        self.inside, self.names = inside, [name for name in names if name != inside]
        object_inside = (inside, dict[str, Raw] | None | UnsetType, UNSET)
        others = [(name, Raw | UnsetType, UNSET) for name in self.names]
        outer = msgspec.defstruct("Outer", [object_inside, *others], forbid_unknown_fields=True)
        self.decoder = msgspec.json.Decoder(outer)

    def members(self, raw: bytes) -> tuple[dict[str, bytes], dict[str, bytes] | None]:
        """Return the other members' texts, and those of the object inside where there is one.

        Raise ValueError where it is not such an object. A null is as good as no object inside, but
        counts as a member. As with ``members``, the last of doubled keys is kept.
        """
        try:
            outer = self.decoder.decode(raw)
        except RecursionError as error:
            raise ValueError from error
        given = {name: getattr(outer, name) for name in self.names}
        texts = {name: bytes(text) for name, text in given.items() if text is not UNSET}
        parts = getattr(outer, self.inside)
        if isinstance(parts, dict):
            return texts, {name: bytes(text) for name, text in parts.items()}
        return (texts if parts is UNSET else {**texts, self.inside: b"null"}), None


def decoded(raw: bytes) -> Any:
    """Return the tree of a text, fractions as Decimal; raise ValueError where it may be unsound.

    Of doubled keys the last is kept.
    """
    try:
        return _values.decode(raw)
    except (RecursionError, DecimalException) as error:
        raise ValueError from error


def keys_in(raw: bytes) -> int:
    """Return at least the number of keys in a text.

    A key ends with a quotation mark and a colon, whatever blanks are between. More are counted
    where a text within the text looks like it.
    """
    if len(raw) > SHORT:
        text = np.frombuffer(raw, np.uint8)
        before, colons = text[:-1], text[1:] == ord(":")
        if not np.count_nonzero(colons & (before <= ord(" "))):  # no blanks to look past
            return int(np.count_nonzero(colons & (before == ord('"'))))
    return raw.translate(None, BLANKS).count(b'":')


def keys_of(tree: Any, raw: bytes) -> int:
    """Return how many keys the objects of a tree have; ``raw``: its text."""
    if type(tree) is list and raw.count(b"{") == len(tree) and set(map(type, tree)) == {dict}:
        return sum(map(len, tree))  # rows that hold no objects
    return _keys_of(tree)


def _keys_of(tree: Any) -> int:
    if type(tree) is dict:
        return len(tree) + sum(map(_keys_of, tree.values()))
    return sum(map(_keys_of, tree)) if type(tree) is list else 0
