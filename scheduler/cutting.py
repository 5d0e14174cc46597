"""The cutting core: items into stock units of few capacities, with least scrap.

Steel-mill slab design (at most two colours a slab, capacities without limit) and one-dimensional
cutting stock (one capacity, fewest rolls) are cases of it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scheduler.evaluation import Evaluation, Violation, evaluate

IntArray = NDArray[np.int64]

LARGEST_SIZE = 10**9
MOST_PIECES = 10**6
"""A plan lists every piece."""


@dataclass(frozen=True, eq=False)
class CuttingProblem:
    """Items to cut from stock units.

    Sizes and capacities share one unit of length or mass. Everything is checked and copied into
    read-only int64 arrays; ValueError names the place, the value and the allowed range.

    Attributes
    ----------
    item_size, item_demand, item_family : (m,) size of a piece, pieces wanted, family (colour).
    capacity : (s,) size of each kind of stock unit; ``stock_count`` (s,) limits them, -1 is none.
    family_limit : most families in one unit; None is no limit.
    objective : ``"loss"`` (capacity used less items) or ``"units"`` (fewest units).
    """

    name: str
    item_size: IntArray
    item_demand: IntArray
    item_family: IntArray
    capacity: IntArray
    stock_count: IntArray
    family_limit: int | None = None
    objective: Literal["loss", "units"] = "loss"

    def __post_init__(self) -> None:
        """Check all fields and freeze the arrays."""
        for field in (
            "item_size",
            "item_demand",
            "item_family",
            "capacity",
            "stock_count",
        ):
            object.__setattr__(self, field, frozen_integers(self.name, field, getattr(self, field)))
        _check_lengths(self)
        _check_ranges(self)
        _check_fit(self)

    @property
    def n_items(self) -> int:
        """Number of item types."""
        return len(self.item_size)

    @property
    def total_size(self) -> int:
        """Size of all pieces wanted, in the problem's unit."""
        return int(self.item_size @ self.item_demand)


@dataclass(frozen=True, slots=True)
class StockUnit:
    """One stock unit of ``capacity`` and the items cut from it, repeated once per piece."""

    capacity: int
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CutPlan:
    """A full cut plan: every stock unit used, with its items."""

    stock_units: tuple[StockUnit, ...]


def frozen_integers(name: str, field: str, values: object) -> IntArray:
    """Return ``values`` as a read-only one-dimensional int64 copy, or raise ValueError."""
    array = np.array(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise ValueError(f"{name}: {field} must be a list of whole numbers")
    array = array.astype(np.int64)
    array.flags.writeable = False
    return array


def _check_lengths(problem: CuttingProblem) -> None:
    m, s = len(problem.item_size), len(problem.capacity)
    for field, wanted in (("item_demand", m), ("item_family", m), ("stock_count", s)):
        if (found := len(getattr(problem, field))) != wanted:
            raise ValueError(f"{problem.name}: {field} has {found} entries, {wanted} are needed")
    if s == 0:
        raise ValueError(f"{problem.name}: capacity is empty, give at least one kind of stock unit")
    if len(np.unique(problem.capacity)) != s:
        raise ValueError(f"{problem.name}: capacity names a kind of stock unit twice")


def _check_ranges(problem: CuttingProblem) -> None:
    ranges = (
        ("item_size", 1, LARGEST_SIZE),
        ("item_demand", 0, LARGEST_SIZE),
        ("capacity", 1, LARGEST_SIZE),
        ("stock_count", -1, LARGEST_SIZE),
    )
    for field, low, high in ranges:
        values = getattr(problem, field)
        for index in np.flatnonzero((values < low) | (values > high)):
            raise ValueError(
                f"{problem.name}: {field}[{index}] is {values[index]}, it must lie in {low}..{high}"
            )
    if (pieces := int(problem.item_demand.sum())) > MOST_PIECES:
        raise ValueError(
            f"{problem.name}: item_demand asks for {pieces} pieces in total, "
            f"at most {MOST_PIECES} can be planned; plan a part of them"
        )
    if problem.family_limit is not None and problem.family_limit < 1:
        raise ValueError(
            f"{problem.name}: family_limit is {problem.family_limit}, "
            "it must be at least 1 (or none)"
        )
    if problem.objective not in ("loss", "units"):
        raise ValueError(
            f"{problem.name}: objective is {problem.objective!r}, it must be 'loss' or 'units'"
        )


def _check_fit(problem: CuttingProblem) -> None:
    usable = problem.capacity[problem.stock_count != 0]
    largest = int(usable.max()) if usable.size else 0
    for item in np.flatnonzero((problem.item_size > largest) & (problem.item_demand > 0)):
        raise ValueError(
            f"{problem.name}: item {item} has size {problem.item_size[item]}, "
            f"more than the largest stock unit ({largest}); "
            "split the item or add a larger stock unit"
        )
    if not (problem.stock_count < 0).any():
        supply = int(problem.capacity @ problem.stock_count)
        if supply < problem.total_size:
            raise ValueError(
                f"{problem.name}: the items need {problem.total_size} in total, "
                f"the limited stock holds {supply}; raise stock_count"
            )


@evaluate.register
def evaluate_cutting(problem: CuttingProblem, solution: CutPlan) -> Evaluation:
    """Score a cut plan: its loss or units, and every violation.

    loss = sum over units of (capacity - size of its items); an overfull unit has no loss, its
    excess is an ``over_capacity`` violation. ``terms``: ``loss``, ``units``, and ``capacity_used``.
    Violations: ``unknown_item``, ``unknown_capacity``, ``over_capacity``, ``family_limit``,
    ``stock_exceeded``, ``demand_short``, ``demand_over``.
    """
    loads = [_load(problem, unit) for unit in solution.stock_units]
    loss = sum(
        max(0, unit.capacity - load) for unit, load in zip(solution.stock_units, loads, strict=True)
    )
    units = len(solution.stock_units)
    terms = {
        "loss": loss,
        "units": units,
        "capacity_used": sum(unit.capacity for unit in solution.stock_units),
    }
    violations = (
        *_unit_violations(problem, solution, loads),
        *_stock_violations(problem, solution),
        *_demand_violations(problem, solution),
    )
    return Evaluation(float(terms[problem.objective]), terms, violations)


def _known(problem: CuttingProblem, unit: StockUnit) -> list[int]:
    return [item for item in unit.items if 0 <= item < problem.n_items]


def _load(problem: CuttingProblem, unit: StockUnit) -> int:
    return sum(int(problem.item_size[item]) for item in _known(problem, unit))


def _unit_violations(
    problem: CuttingProblem, plan: CutPlan, loads: list[int]
) -> Iterator[Violation]:
    capacities = {int(capacity) for capacity in problem.capacity}
    for index, (unit, load) in enumerate(zip(plan.stock_units, loads, strict=True)):
        where = f"stock unit {index}"
        known = _known(problem, unit)
        if unknown := len(unit.items) - len(known):
            yield Violation("unknown_item", where, unknown, "pieces")
        if unit.capacity not in capacities:
            yield Violation(
                "unknown_capacity",
                where,
                1,
                "units",
                f"no stock of capacity {unit.capacity}",
            )
        if load > unit.capacity:
            yield Violation("over_capacity", where, load - unit.capacity, "size")
        families = {int(problem.item_family[item]) for item in known}
        if problem.family_limit is not None and len(families) > problem.family_limit:
            yield Violation(
                "family_limit",
                where,
                len(families) - problem.family_limit,
                "families",
                f"families {sorted(families)}, at most {problem.family_limit} allowed",
            )


def _stock_violations(problem: CuttingProblem, plan: CutPlan) -> Iterator[Violation]:
    used = Counter(unit.capacity for unit in plan.stock_units)
    for capacity, limit in zip(
        problem.capacity.tolist(), problem.stock_count.tolist(), strict=True
    ):
        if 0 <= limit < used[capacity]:
            yield Violation(
                "stock_exceeded",
                f"capacity {capacity}",
                used[capacity] - limit,
                "units",
            )


def _demand_violations(problem: CuttingProblem, plan: CutPlan) -> Iterator[Violation]:
    cut = Counter(item for unit in plan.stock_units for item in unit.items)
    for item, demand in enumerate(problem.item_demand.tolist()):
        if cut[item] < demand:
            yield Violation("demand_short", f"item {item}", demand - cut[item], "pieces")
        elif cut[item] > demand:
            yield Violation("demand_over", f"item {item}", cut[item] - demand, "pieces")
