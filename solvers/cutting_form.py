"""What every cutting solver works on: equal items merged into types, and the way back to a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from scheduler.cutting import CutPlan, CuttingProblem, StockUnit

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CuttingForm:
    """A cutting problem by item types: equal size and family, demand above zero.

    Types are sorted by family, then by falling size. Choosing a stock unit costs ``unit_cost``:
    its capacity, or 1 where units are counted. So the cost of a plan that cuts just the demand is
    the units' cost less ``constant``, and a plan may first cut too much and then leave it out.

    Attributes
    ----------
    size, demand, family : (t,) of a type; families are numbered from 0.
    family_start : (f + 1,) first type of each family.
    capacity, unit_cost, stock_count : (s,) useful kinds by rising capacity; a count is -1 for no
        limit.
    family_limit : most families in a unit.
    constant : total size of the items for the objective ``loss``, else 0.
    members : item numbers of each type, once per piece.
    """

    size: IntArray
    demand: IntArray
    family: IntArray
    family_start: IntArray
    capacity: IntArray
    unit_cost: IntArray
    stock_count: IntArray
    family_limit: int
    constant: int
    members: tuple[tuple[int, ...], ...]

    @property
    def cost_step(self) -> int:
        """Every plan's units cost a multiple of this."""
        return gcd(*self.unit_cost.tolist())

    def cheapest_unit(self, load: int) -> int:
        """Return the first kind of stock unit that holds ``load``."""
        return int(np.searchsorted(self.capacity, load))

    def plan(self, cuts: Iterable[tuple[int, IntArray]]) -> CutPlan:
        """Return the plan of ``cuts``, a (kind of unit, pieces of each type) per stock unit.

        Pieces beyond the demand are left out, units left empty are dropped, and where stock has
        no limits each unit becomes the smallest that holds its pieces.
        """
        waiting = [list(reversed(numbers)) for numbers in self.members]
        free = bool((self.stock_count < 0).all())
        units = []
        for kind, cut in cuts:
            types = [t for t in np.flatnonzero(cut) for _ in range(min(cut[t], len(waiting[t])))]
            if not types:
                continue
            items = tuple(waiting[t].pop() for t in types)
            load = int(self.size[types].sum())
            chosen = self.cheapest_unit(load) if free else kind
            units.append(StockUnit(int(self.capacity[chosen]), items))
        return CutPlan(tuple(units))


def cutting_form(problem: CuttingProblem) -> CuttingForm:
    """Return ``problem`` by item types; where no family limit binds, all are one family."""
    wanted = problem.item_family[problem.item_demand > 0]
    names = np.unique(wanted)
    binding = problem.family_limit is not None and problem.family_limit < len(names)
    pieces: dict[tuple[int, int], list[int]] = {}
    rows = zip(problem.item_family, problem.item_size, problem.item_demand, strict=True)
    for item, (name, size, demand) in enumerate(rows):
        if demand > 0:
            family = int(np.searchsorted(names, name)) if binding else 0
            pieces.setdefault((family, -int(size)), []).extend([item] * int(demand))
    keys = sorted(pieces)
    families = np.array([family for family, _ in keys], dtype=np.int64)
    loss = problem.objective == "loss"
    order = useful_kinds(problem.capacity, problem.stock_count, cheaper_if_smaller=loss)
    capacity = problem.capacity[order]
    return CuttingForm(
        size=np.array([-size for _, size in keys], dtype=np.int64),
        demand=np.array([len(pieces[key]) for key in keys], dtype=np.int64),
        family=families,
        family_start=np.searchsorted(families, np.arange(len(np.unique(families)) + 1)).astype(
            np.int64
        ),
        capacity=capacity,
        unit_cost=capacity.copy() if loss else np.ones_like(capacity),
        stock_count=problem.stock_count[order],
        family_limit=problem.family_limit if binding and problem.family_limit else 1,
        constant=problem.total_size if loss else 0,
        members=tuple(tuple(pieces[key]) for key in keys),
    )


def useful_kinds(capacity: IntArray, stock_count: IntArray, cheaper_if_smaller: bool) -> IntArray:
    """Return the kinds of stock by rising capacity, without those that can be done without.

    Kinds of which there are none; and where all cost the same, those below an unlimited larger one.
    """
    order = np.argsort(capacity)
    order = order[stock_count[order] != 0]
    if cheaper_if_smaller:
        return order
    unlimited = np.flatnonzero(stock_count[order] < 0)
    return order[unlimited[-1] :] if len(unlimited) else order
