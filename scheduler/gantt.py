"""What a planner's Gantt chart shows, as plain rows without layout or colour.

Instants are s from the horizon's start, masses g, money 1/10 000 of the currency, powers W, as
everywhere inside. Pages and exports draw these rows; they compute nothing of their own.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scheduler.mill import ClosureKind, Series

TIGHT = 4 * 3600
"""An order that ends less than this many s before its due date deserves an eye."""

ActivityKind = Literal["changeover", "groove_change", "idle"] | ClosureKind


@dataclass(frozen=True, slots=True)
class LotBar:
    """One lot: where, what, when, for whom, and what it costs.

    number: its place among the line's lots, from 1. runs: (start, end) of its uninterrupted runs.
    charged: g. wear_before, wear_after: ppm of the groove's life. temperature: 0.1 C.
    late: those of its orders that end here and after their due date; tight: those that end here in
    time, but less than ``TIGHT`` s before it.
    """

    line: str
    number: int
    section: str
    section_family: str
    grade: str
    grade_family: str
    start: int
    end: int
    runs: tuple[tuple[int, int], ...]
    billets: int
    charged: int
    orders: tuple[str, ...]
    late: tuple[str, ...] = ()
    tight: tuple[str, ...] = ()
    wear_before: int = 0
    wear_after: int = 0
    temperature: int = 0


@dataclass(frozen=True, slots=True)
class ActivityBar:
    """Time of a line that rolls nothing. lot: number of the lot it prepares (0: none)."""

    line: str
    kind: ActivityKind
    start: int
    end: int
    lot: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class DueMark:
    """An order's due date, and when it is done (``finished`` None: not made at all)."""

    order: str
    due: int
    finished: int | None

    @property
    def late(self) -> int:
        """Return s between the due date and the end, 0 when in time or not made."""
        return 0 if self.finished is None else max(0, self.finished - self.due)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line's band.

    rolling: s in which it rolls. open_until_end: s outside closures until its last lot ends.
    """

    line: str
    lots: tuple[LotBar, ...]
    activities: tuple[ActivityBar, ...]
    rolling: int = 0
    open_until_end: int = 0


@dataclass(frozen=True, slots=True)
class GanttRows:
    """A whole chart over [0, ``end``) s from ``origin``.

    price: money per MWh. power: mean W of 900 s slots, all lines; ``power_cap`` W.
    """

    name: str
    origin: datetime
    end: int
    currency: str
    lines: tuple[LineRow, ...]
    due_marks: tuple[DueMark, ...]
    price: Series
    power: Series
    power_cap: int | None = None
