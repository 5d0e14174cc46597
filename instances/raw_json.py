"""JSON in pieces: the members of an object as bytes, and values decoded fast by msgspec.

msgspec refuses what RFC 8259 forbids, but of a key given twice in an object it keeps the last. So
whoever reads with it counts: ``keys_in`` a text there are never fewer keys than written, and
``keys_of`` a tree exactly those that are left. Where both agree, no key was doubled.
"""

from decimal import DecimalException
from typing import Any

import msgspec
import numpy as np

from instances.strict_json import finite

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
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
        before = text[np.flatnonzero(text == ord(":")) - 1].tobytes()
        if before.translate(None, BLANKS) == before:  # no blanks to look past
            return before.count(b'"')
    return raw.translate(None, BLANKS).count(b'":')


def without(raw: bytes, part: bytes) -> bytes:
    """Return a text without a part of it, an object's; ``keys_in`` both add up to that of ``raw``.

    The part is looked for by its beginning, which is a tenth of the work.
    """
    at = raw.find(part[:64])
    if not raw.startswith(part, at):
        at = raw.index(part)
    return raw[:at] + raw[at + len(part) :]


def keys_of(tree: Any, raw: bytes) -> int:
    """Return how many keys the objects of a tree have; ``raw``: its text."""
    if type(tree) is list and raw.count(b"{") == len(tree) and set(map(type, tree)) == {dict}:
        return sum(map(len, tree))  # rows that hold no objects
    return _keys_of(tree)


def _keys_of(tree: Any) -> int:
    if type(tree) is dict:
        return len(tree) + sum(map(_keys_of, tree.values()))
    return sum(map(_keys_of, tree)) if type(tree) is list else 0
