"""Lists of values, and objects that map ids to values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from instances.fields.kinds import Kind, Schema, Text, plain
from instances.fields.place import INVALID, Place


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of ``low .. high`` values of one kind."""

    kind: Kind
    high: int
    low: int = 0

    def read(self, value: Any, place: Place) -> Any:
        """Return a tuple of the values."""
        if not isinstance(value, list):
            return place.refuse("not_a_list", value, "a list is expected", self.text())
        if not self.low <= len(value) <= self.high:
            code = "too_few" if len(value) < self.low else "too_many"
            return place.refuse(code, value, f"the list has {len(value)} items", self.text())
        items = tuple(self.kind.read(item, place / index) for index, item in enumerate(value))
        return INVALID if INVALID in items else items

    def write(self, value: Any, start: datetime) -> Any:
        """Return a list."""
        return [self.kind.write(item, start) for item in value]

    def schema(self) -> Schema:
        """Return an array with its lengths."""
        return {
            "type": "array",
            "items": self.kind.schema(),
            "minItems": self.low,
            "maxItems": self.high,
        }

    def text(self) -> str:
        """Return the number of items and what they are."""
        return f"list of {self.low} .. {plain(self.high)}: {self.kind.text()}"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object from ids to values of one kind; inside, a tuple of (id, value)."""

    kind: Kind
    high: int = 1000

    def read(self, value: Any, place: Place) -> Any:
        """Return a tuple of (id, value) in the file's order."""
        if not isinstance(value, Mapping):
            return place.refuse("not_an_object", value, "an object is expected", self.text())
        if len(value) > self.high:
            return place.refuse("too_many", value, f"it has {len(value)} entries", self.text())
        refuse_duplicates(value, place)
        keys = [Text().read(key, place / key[:64]) for key in value]
        items = [self.kind.read(item, place / key[:64]) for key, item in value.items()]
        return INVALID if INVALID in keys + items else tuple(zip(keys, items, strict=True))

    def write(self, value: Any, start: datetime) -> Any:
        """Return an object."""
        return {key: self.kind.write(item, start) for key, item in value}

    def schema(self) -> Schema:
        """Return an object with values of one schema."""
        return {
            "type": "object",
            "additionalProperties": self.kind.schema(),
            "maxProperties": self.high,
        }

    def text(self) -> str:
        """Return what the object maps to what."""
        return f"object from id to {self.kind.text()}"


def refuse_duplicates(value: Mapping[str, Any], place: Place) -> None:
    """Report every key that the object's text gives more than once."""
    for key in getattr(value, "duplicates", ()):
        (place / key).refuse("duplicate_key", key, "the key is given more than once")
