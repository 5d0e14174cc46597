"""The time axis of the Gantt chart: seconds to pixels, and where day and hour marks stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.markup import Markup, join, tag, text
from scheduler.clock import day_label, instant

HOUR = 3600
DAY = 24 * HOUR
HOUR_STEPS = (1, 2, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps [start, end) s onto [left, right] pixels."""

    start: int
    end: int
    left: float
    right: float

    def x(self, t: float) -> float:
        """Return the pixel of second ``t``."""
        return self.left + (t - self.start) * (self.right - self.left) / (self.end - self.start)

    def clipped(self, a: int, b: int) -> tuple[float, float] | None:
        """Return the pixels of [a, b) inside the chart, at least 1 wide, or None outside it."""
        if b <= self.start or a >= self.end:
            return None
        left, right = self.x(max(a, self.start)), self.x(min(b, self.end))
        return left, max(right, left + 1)

    @property
    def hour_width(self) -> float:
        """Return the pixels of one hour."""
        return self.x(HOUR) - self.x(0)


def marks(origin: datetime, start: int, end: int, hours: int) -> list[tuple[int, datetime]]:
    """Return (s, local time) of the local hours divisible by ``hours`` in [start, end].

    Walks hour by hour, so that days with a change of the clock have their 23 or 25 hours.
    """
    first = instant(origin, start)
    into = timedelta(minutes=first.minute, seconds=first.second, microseconds=first.microsecond)
    t = start - round(into.total_seconds())
    found = []
    while t <= end:
        moment = instant(origin, t)
        if t >= start and moment.hour % hours == 0:
            found.append((t, moment))
        t += HOUR
    return found


def clock_changes(origin: datetime, end: int) -> list[tuple[int, int]]:
    """Return (s, offset from UTC in s) at 0 and at every change of the local clock."""
    found: list[tuple[int, int]] = []
    for t in range(0, max(1, end), HOUR):
        offset = instant(origin, t).utcoffset() or timedelta()
        seconds = round(offset.total_seconds())
        if not found or found[-1][1] != seconds:
            found.append((t, seconds))
    return found


def hour_step(scale: Scale, wanted: float = 26) -> int:
    """Return the smallest step of hours whose marks stand at least ``wanted`` pixels apart."""
    return next((h for h in HOUR_STEPS if h * scale.hour_width >= wanted), 24)


def axis(origin: datetime, scale: Scale, y: float) -> Markup:
    """Return the days and hours over the chart; 30 pixels high from ``y``."""
    days = marks(origin, scale.start, scale.end, 24)
    starts = [scale.start, *(t for t, _ in days if t > scale.start)]
    parts = []
    for a, b in zip(starts, [*starts[1:], scale.end], strict=True):
        width = scale.x(b) - scale.x(a)
        label = day_label(instant(origin, a))
        shown = next((s for s in (label, label.split()[1]) if len(s) * 7.2 < width), "")
        parts.append(tag("text", text(shown), class_="day", x=scale.x(a) + 4, y=y + 12))
    step = hour_step(scale)
    for t, moment in marks(origin, scale.start, scale.end, step) if step < 24 else []:
        if t < scale.end:
            parts.append(tag("text", text(f"{moment:%H}"), class_="hour", x=scale.x(t), y=y + 27))
    return tag("g", *parts, class_="axis")


def grid(origin: datetime, scale: Scale, top: float, bottom: float) -> Markup:
    """Return the vertical lines of days and hours between two heights."""
    step = hour_step(scale)
    parts = []
    for t, moment in marks(origin, scale.start, scale.end, step):
        kind = "midnight" if moment.hour == 0 else "tick"
        x = scale.x(t)
        parts.append(tag("line", class_=kind, x1=x, x2=x, y1=top, y2=bottom))
    return tag("g", join(parts), class_="grid")
