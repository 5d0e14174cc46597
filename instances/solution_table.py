"""The tables of fields of solutions that are no mill schedules: sequence, front, stock units."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from instances.fields.containers import ListOf
from instances.fields.elements import Element, Field
from instances.fields.kinds import Number, Schema
from instances.fields.place import Place
from instances.fields.units import COUNT
from scheduler.cutting import CutPlan, StockUnit
from scheduler.front import Front, FrontPoint

MOST = 1_000_000
LARGEST = 10**9
LARGEST_MEASURE = Decimal(10) ** 300
JOBS = ListOf(Number(COUNT, -LARGEST, LARGEST, whole=True), MOST)
"""Numbers out of the problem's range are read: it is the evaluator that reports them."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A finite number without a unit of its own, kept as a double."""

    def read(self, value: Any, place: Place) -> Any:
        """Return the nearest double."""
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return place.refuse("not_a_number", value, "a number is expected", self.text())
        if not Decimal(value).is_finite() or abs(Decimal(value)) > LARGEST_MEASURE:
            return place.refuse("not_finite", value, "the number is too large", self.text())
        return float(value)

    def write(self, value: Any, _start: datetime) -> Any:
        """Return the number."""
        return value

    def schema(self) -> Schema:
        """Return any number."""
        return {"type": "number"}

    def text(self) -> str:
        """Say so."""
        return "a finite number"


def _point(tardiness: float, energy: float, sequence: tuple[int, ...]) -> FrontPoint:
    return FrontPoint((tardiness, energy), sequence)


def _point_parts(point: FrontPoint) -> dict[str, Any]:
    tardiness, energy = point.objectives
    return {"tardiness": tardiness, "energy": energy, "sequence": point.solution}


def _sorted_front(points: tuple[FrontPoint, ...]) -> Front:
    """Return all points as they are given: one that is dominated is for the evaluator to report."""
    return Front(tuple(sorted(points, key=lambda point: point.objectives)))


SEQUENCE = Element(
    "sequence",
    "The order of all jobs; a tour without its closing arc, a path with both ends.",
    (Field("sequence", "sequence", JOBS, "jobs, 0-based in the order of the problem file"),),
    lambda sequence: sequence,
    lambda sequence: {"sequence": sequence},
)

POINT = Element(
    "point",
    "One sequence of a Pareto front and its two objectives.",
    (
        Field("TT", "tardiness", Measure(), "total weighted tardiness"),
        Field("TEC", "energy", Measure(), "total transition cost, of energy at the furnace"),
        Field("sequence", "sequence", JOBS, "jobs, 0-based in the order of the problem file"),
    ),
    _point,
    _point_parts,
)

FRONT = Element(
    "front",
    "Sequences of which none is worse than another in both objectives.",
    (Field("front", "points", ListOf(POINT, 10_000), "points of the front"),),
    _sorted_front,
)

STOCK_UNIT = Element(
    "stock_unit",
    "One stock unit and what is cut from it.",
    (
        Field("capacity", "capacity", Number(COUNT, 1, LARGEST, whole=True), "its size"),
        Field("items", "items", JOBS, "item types, 0-based in file order, repeated per piece"),
    ),
    StockUnit,
)

CUT_PLAN = Element(
    "cut_plan",
    "Every stock unit that is used.",
    (Field("stock_units", "stock_units", ListOf(STOCK_UNIT, MOST), "units, in any order"),),
    CutPlan,
)
