"""Points in time: ISO 8601 with offset in files, s from the horizon's start inside."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from instances.fields.kinds import Schema, Text
from instances.fields.place import INVALID, Place
from scheduler.clock import instant

INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?(?:Z|([+-])(\d\d):(\d\d))"
)
PLAIN_INSTANT = re.compile(
    r"(?:19[7-9]\d|2[01]\d\d)-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)",
    re.ASCII,
)
"""Instants of the usual form that are right wherever the calendar has them."""
LONGEST_INSTANT = 25
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
        """Return the instant, with its offset on the clock of ``start``."""
        return instant(start, value).isoformat()

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


@dataclass(frozen=True, slots=True)
class TimeZone:
    """The IANA name of a time zone, whose changes between summer and winter time are known."""

    def read(self, value: Any, place: Place) -> Any:
        """Return the name unchanged."""
        name = Text(64).read(value, place)
        if name is INVALID or zone_named(name):
            return name
        hint = "write its IANA name; an offset alone knows no summer time"
        return place.refuse("unknown_zone", value, "no such time zone", self.text(), hint)

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the name."""
        return value

    def schema(self) -> Schema:
        """Return a string."""
        return Text(64).schema()

    def text(self) -> str:
        """Return what it is, with an example."""
        return "time zone such as Europe/Berlin"


def zone_named(name: str) -> ZoneInfo | None:
    """Return the time zone of an IANA name, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


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
