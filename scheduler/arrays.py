"""The one border from objects to arrays: read-only NumPy arrays in NamedTuples that kernels take.

Tables of the model are record arrays, one row an element: ``mill.lines[line].residence``. Few
arrays, whatever the number of fields, keep compiled kernels small.

Ids become indices in the problem's own order. ``NONE`` stands for "unknown" in index arrays,
``-FAR`` / ``FAR`` for "no limit" in times and masses. Shapes: L lines, S sections, G grades,
K stock rows, O orders.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Records = Any
"""A record array; NumPy's types cannot name its fields."""

NONE = -1
FAR = 1 << 60
MILLION = 1_000_000
"""Parts per million in one, g in a tonne, Wh in a MWh."""


def record(*fields: str) -> np.dtype[np.void]:
    """Return the type of a record of int64 fields."""
    return np.dtype([(name, np.int64) for name in fields])


LINE = record(
    "ready",
    "section",
    "grade",
    "temperature",
    "base_load",
    "holding",
    "residence",
    "gas_divisor",
    "specific_heat",
    "heating_rate",
    "cooling_rate",
    "shut_down_after",
    "cold_start",
    "cooling_bed",
    "power_cap",
)
"""A line with its furnace and its state at the start (section, grade NONE, temperature -FAR where
unknown). ``gas_divisor`` is the efficiency in ppm times 36."""

SECTION = record("rolling_energy", "crop", "groove_life", "groove_time", "groove_scrap", "family")
"""A section: Wh/t, g a billet, g, s, g, index of the family."""

GRADE = record("temperature", "family")
"""A grade: discharge temperature in 0.1 C, index of the family."""

CHANGE = record("time", "scrap", "forbidden")
"""A changeover from row to column of its matrix: s, g, 1 where it is forbidden."""

STOCK = record("grade", "mass", "limit", "cost", "available", "first_minute", "minutes")
"""A stock row. ``limit``: billets there are. Its charge temperature by elapsed minute m is
``temperatures[first_minute + min(m, minutes - 1)]``; a row that does not cool has one entry."""

ORDER = record(
    "grade",
    "section",
    "piece",
    "unit",
    "length",
    "coil_min",
    "coil_max",
    "target",
    "lower",
    "upper",
    "release",
    "due_date",
    "deadline",
    "weight",
    "margin",
    "shortage",
    "max_wear",
    "frozen_last",
    "first_before",
    "befores",
)
"""An order. ``piece`` is 0 for coils, ``unit`` g per counted unit, ``max_wear`` g,
``frozen_last`` the last end (s) in the frozen plan (-FAR where there is none). Its predecessors are
``before[first_before:first_before + befores]``."""


class Windows(NamedTuple):
    """Disjoint, sorted half-open windows [start, end) of each line; line l owns ptr[l]:ptr[l+1]."""

    ptr: IntArray
    start: IntArray
    end: IntArray


class SeriesArrays(NamedTuple):
    """A step function of time.

    value[i] holds in slot i; ``total[i]`` is its sum before slot i, less that before second 0.
    """

    start: int
    slot: int
    value: IntArray
    total: IntArray


class TariffArrays(NamedTuple):
    """Prices and emissions.

    ``carbon`` is zero where there is no series (``watch_carbon`` false). ``watch_power`` says
    whether 15-minute powers matter; ``first_slot`` is the start (s) of the first power slot.
    """

    electricity: SeriesArrays
    carbon: SeriesArrays
    gas: int
    gas_emissions: int
    co2: int
    peak: int
    power_cap: int
    watch_power: bool
    watch_carbon: bool
    first_slot: int
    power_slots: int


class MillArrays(NamedTuple):
    """A whole mill problem as arrays.

    lines (L,) LINE, sections (S,) SECTION, grades (G,) GRADE, stock (K,) STOCK, orders (O,) ORDER;
    section_changes (S, S), grade_changes (G, G) CHANGE; rate (L, S, G) g/h; wear (L, S) g at the
    start; can_roll (L, S); usable (K, S) g; line_ok (O, L); temperatures and before as told at
    STOCK and ORDER; closed: windows without changes; idle: windows without billets.
    """

    horizon: int
    lines: Records
    sections: Records
    grades: Records
    section_changes: Records
    grade_changes: Records
    stock: Records
    orders: Records
    rate: IntArray
    wear: IntArray
    can_roll: BoolArray
    usable: IntArray
    temperatures: IntArray
    line_ok: BoolArray
    before: IntArray
    closed: Windows
    idle: Windows
    tariff: TariffArrays


class LotArrays(NamedTuple):
    """Lots as contents.

    Lot i is of ``section[i]`` and ``grade[i]``; its cuts are ``cut_ptr[i]:cut_ptr[i + 1]``. Cut c
    takes ``billets[c]`` billets of ``stock[c]`` and makes ``pieces[p]`` of ``order[p]`` from each,
    p in ``piece_ptr[c]:piece_ptr[c + 1]``.
    """

    section: IntArray
    grade: IntArray
    cut_ptr: IntArray
    stock: IntArray
    billets: IntArray
    piece_ptr: IntArray
    order: IntArray
    pieces: IntArray


class PlanArrays(NamedTuple):
    """A schedule: line l rolls positions ``line_ptr[l]:line_ptr[l + 1]``; position i rolls lot i.

    ``change_start`` and ``groove_start`` are -FAR where they were left open.
    """

    line_ptr: IntArray
    start: IntArray
    groove_change: BoolArray
    change_start: IntArray
    groove_start: IntArray
    lots: LotArrays
