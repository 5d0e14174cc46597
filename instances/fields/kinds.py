"""Kinds of values in a file: each reads, writes and describes its values.

A kind's ``read`` takes a JSON value and returns it in inside units, or reports why it cannot and
returns INVALID; ``write`` is its inverse; ``schema`` is its JSON Schema; ``text`` says it to
people. The tables in ``mill_table`` and ``schedule_table`` put kinds together.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from instances.fields.place import Place
from instances.fields.units import Unit

Schema = dict[str, Any]


class Kind(Protocol):
    """What reads, writes and describes one sort of value."""

    def read(self, value: Any, place: Place) -> Any:
        """Return ``value`` in inside units, or report the fault and return INVALID."""

    def write(self, value: Any, start: datetime, /) -> Any:
        """Return the JSON value of an inside value; instants count from ``start``."""

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""

    def text(self) -> str:
        """Return the type, allowed range and unit."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of ``unit`` in ``low .. high``; ``whole`` admits no fraction."""

    unit: Unit
    low: float
    high: float
    whole: bool = False

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The range in decimal, as people read it: 0.1, and not the double nearest to it."""
        return Decimal(repr(self.low)), Decimal(repr(self.high))

    def read(self, value: Any, place: Place) -> Any:
        """Return the number in inside units."""
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return self._no_number(value, place)
        number = Decimal(repr(value)) if isinstance(value, float) else value
        if isinstance(number, Decimal) and not number.is_finite():
            return place.refuse("not_finite", value, "the number is not finite", self.text())
        low, high = self.bounds
        if not low <= number <= high:
            detail = "the number is out of range"
            return place.refuse("out_of_range", value, detail, self.text(), self._likely(number))
        if self.whole and number != int(number):
            return place.refuse("not_whole", value, "a fraction is not possible here", self.text())
        return self.unit.inside(number)

    def _no_number(self, value: Any, place: Place) -> Any:
        hint = ""
        if isinstance(value, str):
            hint = "write the number without quotation marks and with a decimal point"
        return place.refuse("not_a_number", value, "a number is expected", self.text(), hint)

    def _likely(self, number: int | Decimal) -> str:
        """Return a hint when another unit would explain ``number``."""
        low, high = self.bounds
        for name, factor in self.unit.mistaken:
            if low <= number * factor <= high:
                return f"looks like {name}; write {plain(float(number * factor))} {self.unit.name}"
            if low <= number / Decimal(factor) <= high and number > 0:
                return f"is this in a smaller unit than {self.unit.name}?"
        return ""

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the number in the file's unit."""
        return self.unit.outside(value)

    def schema(self) -> Schema:
        """Return a number or integer with its bounds."""
        kind = "integer" if self.whole else "number"
        low, high = (int(x) if x == int(x) else x for x in (self.low, self.high))
        return {"type": kind, "minimum": low, "maximum": high}

    def text(self) -> str:
        """Return the range with its unit."""
        unit = f" {self.unit.name}" if self.unit.name else ""
        kind = "whole number" if self.whole else "number"
        return f"{kind}, {plain(self.low)} .. {plain(self.high)}{unit}"


@dataclass(frozen=True, slots=True)
class Text:
    """Printable text of ``shortest .. longest`` characters, in Unicode's NFC form."""

    longest: int = 64
    shortest: int = 1

    def read(self, value: Any, place: Place) -> Any:
        """Return the text unchanged."""
        if not isinstance(value, str):
            hint = "put it in quotation marks" if isinstance(value, int | float | Decimal) else ""
            return place.refuse("not_a_text", value, "a text is expected", self.text(), hint)
        if len(value) > self.longest:
            detail = f"the text has {len(value)} characters"
            return place.refuse("text_too_long", value, detail, self.text())
        if len(value.strip()) < self.shortest:
            return place.refuse("blank", value, "the text is blank", self.text())
        return self._characters(value, place)

    def _characters(self, value: str, place: Place) -> Any:
        plain_text = value.isascii() and value.isprintable()
        for character in () if plain_text else value:
            category = unicodedata.category(character)
            if category[0] == "C" or category in ("Zl", "Zp"):
                name = "a lone surrogate" if category == "Cs" else "an invisible character"
                detail = f"the text contains {name}, U+{ord(character):04X}"
                return place.refuse("bad_character", value, detail, self.text(), "remove it")
        if value != value.strip():
            detail = "the text begins or ends with a blank"
            return place.refuse("bad_character", value, detail, self.text(), "remove the blank")
        if not unicodedata.is_normalized("NFC", value):
            detail = "the text is not in Unicode's composed form (NFC), so that twins look alike"
            return place.refuse("not_normalized", value, detail, self.text(), "normalise it to NFC")
        return value

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the text."""
        return value

    def schema(self) -> Schema:
        """Return a string with its lengths."""
        return {"type": "string", "minLength": self.shortest, "maxLength": self.longest}

    def text(self) -> str:
        """Return the allowed length."""
        return f"text, {self.shortest} .. {self.longest} printable characters"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few fixed texts."""

    choices: tuple[str, ...]

    def read(self, value: Any, place: Place) -> Any:
        """Return the text unchanged."""
        if isinstance(value, str) and value in self.choices:
            return value
        return place.refuse("unknown_choice", value, "this is not a known value", self.text())

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the text."""
        return value

    def schema(self) -> Schema:
        """Return an enumeration."""
        if len(self.choices) == 1:
            return {"type": "string", "const": self.choices[0]}
        return {"type": "string", "enum": list(self.choices)}

    def text(self) -> str:
        """Return the choices."""
        return " or ".join(f'"{choice}"' for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, value: Any, place: Place) -> Any:
        """Return the truth value."""
        if isinstance(value, bool):
            return value
        return place.refuse("not_a_flag", value, "true or false is expected", self.text())

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the truth value."""
        return value

    def schema(self) -> Schema:
        """Return a boolean."""
        return {"type": "boolean"}

    def text(self) -> str:
        """Return both values."""
        return "true or false"


@dataclass(frozen=True, slots=True)
class Anything:
    """An object for the reader's eyes, which is not read back."""

    def read(self, value: Any, place: Place) -> Any:
        """Return nothing."""
        if isinstance(value, Mapping):
            return None
        return place.refuse("not_an_object", value, "an object is expected", self.text())

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the object as it is."""
        return value

    def schema(self) -> Schema:
        """Return any object."""
        return {"type": "object"}

    def text(self) -> str:
        """Say so."""
        return "any object; not read"


def plain(number: float) -> str:
    """Return the number for people, with blanks between thousands."""
    return (
        f"{number:,.6g}".replace(",", " ")
        if abs(number) < 1e6
        else f"{number:,.0f}".replace(",", " ")
    )
