"""Energy prices of generated books: flat, a synthetic two-peak day, or a real price file."""

import csv
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from instances.generator.random import Stream
from instances.text import BadInstance

FLAT = 80
# EUR/MWh by hour of the day, CET: an estimate with morning and evening peaks, cheap nights and
# a solar dip at noon.
TWO_PEAK = (
    *(62, 58, 55, 54, 56, 66, 88, 112, 118, 98, 80, 68),
    *(60, 58, 64, 78, 98, 124, 136, 126, 106, 88, 76, 68),
)
WEEKEND_FACTOR = 0.8


def synthetic(kind: str, start: datetime, end: datetime) -> dict[str, Any]:
    """Return the file's series of a ``flat`` or ``two_peak`` tariff."""
    if kind == "flat":
        return {"price_per_mwh": [FLAT]}
    hours = -(-int((end - start).total_seconds()) // 3600)
    moments = [start + timedelta(hours=k) for k in range(hours)]
    return {
        "start": start.isoformat(),
        "slot_minutes": 60,
        "price_per_mwh": [
            round(TWO_PEAK[m.hour] * (WEEKEND_FACTOR if m.weekday() >= 5 else 1), 2)
            for m in moments
        ],
    }


class PriceFile:
    """A CSV of (time, value) rows in equal steps; times without offset are UTC.

    A step that is missing repeats the value before it, as long as not more than ``gap`` is missing.
    """

    def __init__(self, path: Path, gap: timedelta = timedelta(hours=6)) -> None:
        """Read ``path``; raise BadInstance with the line of a bad row."""
        self.path = path
        rows = _rows(path)
        self.start = rows[0][0]
        self.slot = min(b[0] - a[0] for a, b in pairwise(rows))
        self.values: dict[datetime, float] = {}
        for (moment, value), (following, _) in pairwise([*rows, (rows[-1][0] + self.slot, 0.0)]):
            known_until = following if following - moment <= gap else moment + self.slot
            while moment < known_until:
                self.values[moment] = value
                moment += self.slot

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether every slot from ``start`` to ``end`` has a value."""
        return all(moment in self.values for moment in self._slots(start, end))

    def series(self, start: datetime, end: datetime, name: str) -> dict[str, Any]:
        """Return the file's series from ``start`` to ``end``, its values called ``name``."""
        slots = self._slots(start, end)
        return {
            "start": slots[0].astimezone(start.tzinfo).isoformat(),
            "slot_minutes": int(self.slot / timedelta(minutes=1)),
            name: [round(self.values[moment], 2) for moment in slots],
        }

    def mondays(self, days: float, zone: Any) -> list[datetime]:
        """Return every Monday 06:00 (``zone``) from which ``days`` are covered."""
        first = min(self.values).astimezone(zone).replace(hour=6, minute=0)
        found = []
        moment = first + timedelta(days=(-first.weekday()) % 7)
        while moment < max(self.values):
            if self.covers(moment, moment + timedelta(days=days)):
                found.append(moment)
            moment += timedelta(days=7)
        return found

    def _slots(self, start: datetime, end: datetime) -> list[datetime]:
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        first = epoch + (start - epoch) // self.slot * self.slot
        return [first + k * self.slot for k in range(-(-(end - first) // self.slot))]


def _rows(path: Path) -> list[tuple[datetime, float]]:
    rows = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.reader(file), start=1):
                if number > 1:
                    rows.append(_row(row, f"{path}: line {number}"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInstance(f"{path}: cannot be read as a price file: {error}") from error
    rows.sort()
    if len(rows) < 2 or any(a[0] == b[0] for a, b in pairwise(rows)):
        raise BadInstance(f"{path}: a price file needs two rows or more, each of another time")
    return rows


def _row(row: list[str], where: str) -> tuple[datetime, float]:
    try:
        moment, value = datetime.fromisoformat(row[0]), float(row[1])
    except (ValueError, IndexError) as error:
        raise BadInstance(
            f"{where}: a row is 'time,value', found '{','.join(row)[:40]}'"
        ) from error
    if not -10_000 <= value <= 10_000:
        raise BadInstance(f"{where}: {row[1][:20]} is outside -10000 .. 10000")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC), value


def pick_monday(prices: PriceFile, days: float, zone: Any, stream: Stream) -> datetime:
    """Return the Monday 06:00 from which a book takes its prices, drawn from the covered ones."""
    mondays = prices.mondays(days, zone)
    if not mondays:
        raise BadInstance(f"{prices.path}: no Monday is followed by {days:.1f} days of prices")
    return mondays[stream.integer(0, len(mondays) - 1)]
