"""Kinds of values in a file: each reads, writes and describes its values.

A kind's ``read`` takes a JSON value and returns it in inside units, or reports why it cannot and
returns INVALID; ``write`` is its inverse; ``schema`` is its JSON Schema; ``text`` says it to
people. The tables in ``mill_table`` and ``schedule_table`` put kinds together.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Protocol

from instances.place import INVALID, Place
from instances.units import Unit

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

    def read(self, value: Any, place: Place) -> Any:
        """Return the number in inside units."""
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return self._no_number(value, place)
        number = Decimal(repr(value)) if isinstance(value, float) else value
        if isinstance(number, Decimal) and not number.is_finite():
            return place.refuse("not_finite", value, "the number is not finite", self.text())
        if not self.low <= number <= self.high:
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
        for name, factor in self.unit.mistaken:
            if self.low <= number * factor <= self.high:
                return f"looks like {name}; write {_plain(float(number * factor))} {self.unit.name}"
            if self.low <= number / Decimal(factor) <= self.high and number > 0:
                return f"is this in a smaller unit than {self.unit.name}?"
        return ""

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the number in the file's unit."""
        return self.unit.outside(value)

    def schema(self) -> Schema:
        """Return a number or integer with its bounds."""
        kind = "integer" if self.whole else "number"
        return {"type": kind, "minimum": self.low, "maximum": self.high}

    def text(self) -> str:
        """Return the range with its unit."""
        unit = f" {self.unit.name}" if self.unit.name else ""
        kind = "whole number" if self.whole else "number"
        return f"{kind}, {_plain(self.low)} .. {_plain(self.high)}{unit}"


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
        for character in value:
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


INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?(?:Z|([+-])(\d\d):(\d\d))"
)
WHY_NO_INSTANT = (
    (re.compile(r"\d{4}-\d\d-\d\d"), "a date alone names no instant", "add time and offset"),
    (
        re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?"),
        "the offset from UTC is missing",
        "add Z or an offset such as +01:00",
    ),
    (
        re.compile(r".*:\d\d\.\d*[1-9]\d*(Z|[+-]\d\d:\d\d)"),
        "instants are whole seconds",
        "round it to a second",
    ),
)
YEARS = range(1970, 2200)


@dataclass(frozen=True, slots=True)
class Instant:
    """A point in time: ISO 8601 with offset outside, s from the horizon's start inside."""

    def read(self, value: Any, place: Place) -> Any:
        """Return seconds from the horizon's start (0 while that is unknown)."""
        moment = read_instant(value, place)
        if not isinstance(moment, datetime) or place.report.start is None:
            return moment if moment is INVALID else 0
        return round((moment - place.report.start).total_seconds())

    def write(self, value: Any, start: datetime) -> Any:
        """Return the instant with the offset of the horizon's start."""
        return (start + timedelta(seconds=value)).isoformat()

    def schema(self) -> Schema:
        """Return a date-time string."""
        return {"type": "string", "format": "date-time"}

    def text(self) -> str:
        """Return the form with an example."""
        return "instant such as 2026-01-05T06:00:00+01:00"


@dataclass(frozen=True, slots=True)
class StartInstant(Instant):
    """The instant from which all others of the file count; inside, an aware datetime."""

    def read(self, value: Any, place: Place) -> Any:
        """Return the datetime and tell it to the report."""
        moment = read_instant(value, place)
        place.report.start = None if moment is INVALID else moment
        return moment

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the instant with its own offset."""
        return value.isoformat()


def read_instant(value: Any, place: Place) -> Any:
    """Return the aware datetime that an ISO 8601 text names, or report it and return INVALID."""
    expected = Instant().text()
    if not isinstance(value, str):
        hint = "write ISO 8601, not seconds since 1970" if isinstance(value, int | Decimal) else ""
        return place.refuse("not_an_instant", value, "an instant is expected", expected, hint)
    found = INSTANT.fullmatch(value) if value.isascii() else None
    if found is None:
        for form, detail, hint in WHY_NO_INSTANT:
            if form.fullmatch(value[:64]):
                return place.refuse("not_an_instant", value, detail, expected, hint)
        return place.refuse("not_an_instant", value, "this is no instant", expected)
    return _moment(found, value, place)


def _moment(found: re.Match[str], value: str, place: Place) -> Any:
    year, month, day, hour, minute = (int(found[k]) for k in range(1, 6))
    offset = timedelta(hours=int(found[8] or 0), minutes=int(found[9] or 0))
    if year not in YEARS or offset > timedelta(hours=14) or int(found[9] or 0) > 59:
        detail = f"years are {YEARS[0]} .. {YEARS[-1]}, offsets at most 14 hours"
        return place.refuse("not_an_instant", value, detail, Instant().text())
    zone = timezone(-offset if found[7] == "-" else offset)
    try:
        return datetime(year, month, day, hour, minute, int(found[6] or 0), tzinfo=zone)
    except ValueError as error:
        return place.refuse("not_an_instant", value, f"{error}", Instant().text())


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
        return f"list of {self.low} .. {_plain(self.high)}: {self.kind.text()}"


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


def refuse_duplicates(value: Mapping[str, Any], place: Place) -> None:
    """Report every key that the object's text gives more than once."""
    for key in getattr(value, "duplicates", ()):
        (place / key).refuse("duplicate_key", key, "the key is given more than once")


def _plain(number: float) -> str:
    return (
        f"{number:,.6g}".replace(",", " ")
        if abs(number) < 1e6
        else f"{number:,.0f}".replace(",", " ")
    )
