"""Instants and durations as a planner reads them: local time of the problem, hours and minutes."""

from datetime import UTC, datetime, timedelta

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def instant(origin: datetime, seconds: int) -> datetime:
    """Return the instant ``seconds`` after ``origin``, in the time zone of ``origin``."""
    return (origin.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(origin.tzinfo)


def day_label(moment: datetime) -> str:
    """Return e.g. ``Mon 5 Jan``, whatever the machine's language."""
    return f"{DAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]}"


def stamp(origin: datetime, seconds: int) -> str:
    """Return e.g. ``Mon 5 Jan 06:45`` for the instant ``seconds`` after ``origin``."""
    moment = instant(origin, seconds)
    return f"{day_label(moment)} {moment:%H:%M}"


def span(origin: datetime, end: int) -> str:
    """Return the time from ``origin`` to ``end`` s later, with the year and the clock's name.

    A clock without a name, such as that of an offset, is called ``UTC+01:00``.
    """
    clock = getattr(origin.tzinfo, "key", None) or origin.tzname()
    return f"{stamp(origin, 0)} to {stamp(origin, end)} {origin:%Y} ({clock})"


def duration(seconds: int) -> str:
    """Return e.g. ``2 h 25 min``, ``40 min`` or ``35 s``; days stay hours, as on a shift plan."""
    if abs(seconds) < 60:
        return f"{seconds} s"
    sign, minutes = ("-" if seconds < 0 else ""), round(abs(seconds) / 60)
    hours, minutes = divmod(minutes, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{minutes} min"] if minutes else [])
    return sign + " ".join(parts)
