"""The mill problem: what a rolling mill must make, with what, and at which prices.

Immutable. All figures are integers in the inside units, so that every solver, the evaluator and an
outside checker agree exactly: seconds from the horizon's start, grams, watts and watt-hours,
millimetres, tenths of a degree Celsius, parts per million, and money in 1/10 000 of the currency's
unit. ``docs/problem.md`` gives the formulas; the file format's units (kg, minutes, kWh, ...) are
converted at the border by ``instances``.

``scheduler.validation.validate`` checks a problem once; ``dataclasses.replace`` makes variants.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from scheduler.schedule import Lot, Schedule

MONEY = 10_000
"""Inside money units in one unit of the currency."""

TONNE = 1_000_000
"""Grams."""

NEVER = -1
"""A count that has no limit."""


ClosureKind = Literal["closed", "maintenance", "delay"]
CLOSURE_KINDS: tuple[ClosureKind, ...] = get_args(ClosureKind)


@dataclass(frozen=True, slots=True)
class Closure:
    """Nothing is rolled from ``start`` to ``end`` (s).

    In ``maintenance`` changeovers and groove changes may run; in ``closed`` nothing does, nor in
    a ``delay``, what the mill took longer than its rates say.
    """

    kind: ClosureKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Furnace:
    """The reheating furnace of a line.

    holding_w: idle gas (W) in every second without rolling between first start and last end.
    residence: s that a billet spends inside before it is rolled.
    efficiency: parts per million of the gas that reach the steel.
    specific_heat: mean J/(kg K) from charge to discharge temperature.
    heating_rate, cooling_rate: 0.1 C per minute at which the set temperature moves.
    shut_down_after: a closure longer than this (s) is not held through; it costs
    ``cold_start_wh`` of gas instead.
    """

    holding_w: int
    residence: int
    efficiency: int
    specific_heat: int
    heating_rate: int
    cooling_rate: int
    shut_down_after: int
    cold_start_wh: int


@dataclass(frozen=True, slots=True)
class LotKind:
    """A section and, where it matters, a grade that a line's first or last lot must have."""

    section: str
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One rolling line with its furnace, calendar and state at the horizon's start.

    sections: ids it can roll (empty: all). rate_factor: ppm of the sections' rates.
    hour_worth: money units an hour, in the default margin of orders and nowhere else.
    ready: s before which nothing starts. initial_wear: (section id, g) rolled on its groove.
    cooling_bed: longest piece in mm (None: no limit). base_load, power_cap: W.
    """

    id: str
    furnace: Furnace
    closures: tuple[Closure, ...] = ()
    sections: tuple[str, ...] = ()
    rate_factor: int = 1_000_000
    hour_worth: int = 0
    ready: int = 0
    initial_section: str | None = None
    initial_grade: str | None = None
    initial_temperature: int | None = None
    initial_wear: tuple[tuple[str, int], ...] = ()
    cooling_bed: int | None = None
    base_load: int = 0
    power_cap: int | None = None
    first_lot: LotKind | None = None
    last_lot: LotKind | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A product size.

    mass_per_metre: g/m. kerf: mm that the saw takes with each piece. rate: g/h, with overrides
    by grade id. rolling_energy: Wh per tonne charged. crop: g a billet (head and tail, ring
    trim). groove_life: g. groove_change_time: s; groove_change_scrap: g.
    """

    id: str
    family: str
    mass_per_metre: int
    rate: int
    rolling_energy: int
    crop: int
    groove_life: int
    groove_change_time: int
    groove_change_scrap: int
    kerf: int = 0
    rate_by_grade: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """A steel grade: discharge temperature (0.1 C), scale loss (ppm of charge), density (kg/m3)."""

    id: str
    family: str
    discharge_temperature: int
    scale: int
    density: int = 7850


@dataclass(frozen=True, slots=True)
class Change:
    """Time and scrap of changing ``source`` to ``target``; ``forbidden`` may never happen.

    source, target: ids of sections (grades) or of their families. time: s. scrap: g.
    """

    source: str
    target: str
    time: int = 0
    scrap: int = 0
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class Changeovers:
    """An asymmetric matrix given by family pairs, with overrides for single pairs of ids."""

    by_family: tuple[Change, ...] = ()
    pairs: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignRules:
    """Bounds on what is rolled in a row, in g; None and absent families are free.

    A lot here is all consecutive billets of one grade and section on a line, whatever groove
    changes and idle times lie between them.
    """

    lot_min: int | None = None
    lot_max: int | None = None
    section_family_max: tuple[tuple[str, int], ...] = ()
    grade_family_max: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Stock:
    """A billet format or heat.

    mass: g a billet. count: billets there are (``NEVER`` = -1: no limit). available_from: s, None
    when it lies there already. charge_temperature: 0.1 C at ``available_from``.
    cooling_time_constant: s of its exponential cooling (None: it stays as it is).
    cost: money units per tonne.
    """

    id: str
    grade: str
    mass: int
    count: int
    cost: int
    available_from: int | None = None
    charge_temperature: int = 200
    cooling_time_constant: int | None = None


@dataclass(frozen=True, slots=True)
class FixedLength:
    """Pieces of ``length`` mm."""

    length: int


@dataclass(frozen=True, slots=True)
class Coil:
    """One coil a billet, its weight between ``minimum`` and ``maximum`` g."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Lock:
    """Where or when an order must be made.

    line: id. position: number of its lot on the line, from 1. start_not_before, start_exactly:
    s of the start of its first billet.
    """

    line: str | None = None
    position: int | None = None
    start_not_before: int | None = None
    start_exactly: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a customer wants.

    target, lower, upper: pieces for a fixed length, g for coils (bounds already rounded inwards).
    release, due_date (soft), deadline (hard): s. weight: thousandths. margin: money units per
    tonne more (or less) than the target inside the bounds, before steel and making.
    shortage: money units per tonne missing below ``lower``. lines: eligible ids (empty: all).
    max_groove_wear: ppm of the groove's life. predecessors: ids rolled to their end before.
    """

    id: str
    grade: str
    section: str
    piece: FixedLength | Coil
    target: int
    lower: int
    upper: int
    due_date: int
    margin: int
    shortage: int
    release: int | None = None
    deadline: int | None = None
    weight: int = 1000
    lines: tuple[str, ...] = ()
    may_split_lines: bool = True
    max_groove_wear: int = 1_000_000
    predecessors: tuple[str, ...] = ()
    lock: Lock | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Values of equal slots of ``slot`` s from ``start`` (s); integers in the user's unit."""

    start: int
    slot: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tariff:
    """Energy prices and emissions.

    electricity: money units per MWh. gas: money units per MWh. carbon_intensity: g CO2 per MWh
    (None: no such term). gas_emissions: g CO2 per MWh. co2: money units per tonne.
    peak: money units per kW of the highest 15-minute mean power. power_cap: W, all lines.
    """

    electricity: Series
    gas: int
    gas_emissions: int = 201_600
    carbon_intensity: Series | None = None
    co2: int = 0
    peak: int = 0
    power_cap: int | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """Money units per unit of the terms that are not prices of the tariff.

    *_resale: per tonne of that scrap. transition_steel: per tonne of transition scrap, whose
    steel is in no stock row. tardiness: per hour late and unit of order weight.
    section_change, grade_change, groove_change: each. stability: per hour that an order's
    completion moves against the frozen plan.
    """

    crop_resale: int = 220 * MONEY
    cut_resale: int = 220 * MONEY
    transition_resale: int = 220 * MONEY
    surplus_resale: int = 260 * MONEY
    transition_steel: int = 520 * MONEY
    tardiness: int = 40 * MONEY
    section_change: int = 300 * MONEY
    grade_change: int = 50 * MONEY
    groove_change: int = 150 * MONEY
    stability: int = 5 * MONEY


@dataclass(frozen=True, slots=True)
class Freeze:
    """What already runs stays: lots of ``schedule`` that start before ``until`` (s)."""

    until: int
    schedule: Schedule

    def holds(self, lot: Lot) -> bool:
        """Whether a lot stays as it is."""
        return lot.start < self.until


@dataclass(frozen=True)
class MillProblem:
    """A mill's order book, plant and prices over one horizon (``horizon`` s from ``start``).

    time_zone: IANA name of the mill's clock, as ``Europe/Berlin``; "" is the offset of ``start``.
    """

    name: str
    start: datetime
    horizon: int
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    grades: tuple[Grade, ...]
    section_changes: Changeovers
    grade_changes: Changeovers
    stock: tuple[Stock, ...]
    orders: tuple[Order, ...]
    tariff: Tariff
    weights: Weights = field(default_factory=Weights)
    campaign: CampaignRules = field(default_factory=CampaignRules)
    ambient_temperature: int = 200
    currency: str = "EUR"
    freeze: Freeze | None = None
    source: str = ""
    time_zone: str = ""

    @property
    def origin(self) -> datetime:
        """Return ``start`` on the mill's clock; local times are told from it."""
        return self.start.astimezone(ZoneInfo(self.time_zone)) if self.time_zone else self.start
