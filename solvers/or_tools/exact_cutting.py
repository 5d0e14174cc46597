"""The exact side of cutting: a proven bound, diving, and a master that improves or proves.

One object serves both the solver ``cp_sat`` and, injected, the cutting colony.
"""

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from solvers.cutting_form import CuttingForm
from solvers.or_tools.column_generation import Pricing, round_up, solve_pattern_lp
from solvers.or_tools.compositions import CompositionLp, compositions
from solvers.or_tools.cutting_model import CuttingModel
from solvers.or_tools.pattern_master import (
    Cuts,
    Diver,
    Pool,
    patterns_within,
    pool_of,
    solve_master,
)
from solvers.pattern_pricing import fill_tables, read_pattern, tables_fit

IntArray = NDArray[np.int64]

MOST_TO_DIVE = 4_000
MOST_KINDS = 3
MOST_COMPOSITIONS = 1_000


class ExactCutting:
    """The pattern LP of ``form`` and what follows from it.

    ``bound`` is a proven lower bound on the cost of a plan; `close` may raise it.
    """

    def __init__(self, form: CuttingForm, seconds: float = float("inf")) -> None:
        self.form = form
        self.lp = solve_pattern_lp(form, seconds=seconds)
        self.bound = self.lp.bound
        self._pools: dict[int, Pool | None] = {}
        self._divers: dict[int, Diver] = {}
        self._refuted: set[bytes] = set()
        self._pricing = Pricing(form)

    def cost(self, cuts: Cuts) -> int:
        """Return the cost of a plan of ``cuts``."""
        return int(sum(self.form.unit_cost[kind] for kind, _ in cuts)) - self.form.constant

    def dive(self, seed: int, aim: int) -> Cuts:
        """Return a plan by one randomised dive that aims at cost ``aim``."""
        aim = max(aim, self.bound)
        if aim not in self._divers:
            pool = self._pool(aim)
            if pool is None or len(pool.kind) > MOST_TO_DIVE:
                pool = pool_of(self.lp.columns)
            self._divers = {aim: Diver(self.form, pool, self.lp.worth)}
        cuts, left = self._divers[aim].dive(seed, self._waste(aim))
        return cuts + self.greedy(left, cuts)

    def greedy(self, left: IntArray, before: Sequence[tuple[int, IntArray]] = ()) -> Cuts:
        """Return units for the pieces ``left`` (t,), one best pattern after the other.

        Units of ``before`` are taken from limited stock already.
        """
        form, cuts = self.form, []
        worth = np.maximum(self.lp.worth, 1e-3 * form.size * form.unit_cost[-1] / form.capacity[-1])
        stock = np.where(form.stock_count < 0, left.sum() + len(before) + 1, form.stock_count)
        for kind, _ in before:
            stock[kind] -= 1
        left = left.copy()
        while left.any() and stock.any():
            fill_tables(self._pricing.types, left, worth, self._pricing.tables)
            gained = self._pricing.tables.value[-1][form.capacity]
            kind = int(np.argmax(np.where(stock > 0, gained / form.unit_cost, -1.0)))
            pattern = np.zeros_like(left)
            read_pattern(
                self._pricing.types, self._pricing.tables, int(form.capacity[kind]), pattern
            )
            if not pattern.any():
                break
            cuts.append((kind, pattern))
            left -= pattern
            stock[kind] -= 1
        return cuts

    def close_whole(self, cost: int | None, seconds: float, seed: int) -> tuple[Cuts | None, bool]:
        """As `close`, by one model of the whole problem; without a cost for any plan at all."""
        form = self.form
        units = int(form.demand.sum())
        if cost is not None:
            units = min(units, int((cost + form.constant) // form.unit_cost[0]))
        most = None if cost is None else cost + form.constant - form.cost_step
        found = CuttingModel(form, units).solve(most, seconds, seed)
        if found.finished:
            proven = cost if found.cuts is None else self.cost(found.cuts)
            self.bound = max(self.bound, self.bound if proven is None else proven)
        return found.cuts, found.finished

    def close(self, cost: int, nodes: int, seconds: float) -> tuple[Cuts | None, bool]:
        """Look for a plan cheaper than ``cost``; return it and whether the search was complete.

        A complete search without a plan proves that ``cost`` is optimal and raises ``bound``.
        """
        most = cost + self.form.constant - self.form.cost_step
        pool = self._pool(cost - self.form.cost_step)
        if pool is None:
            found = solve_master(self.form, pool_of(self.lp.columns), most, nodes, seconds)
            return found.cuts, found.finished
        few = self._compositions(most)
        if few is not None:
            return self._close_by_composition(cost, pool, few, nodes, seconds)
        found = solve_master(self.form, pool, most, nodes, seconds)
        if found.finished:
            self.bound = max(self.bound, cost if found.cuts is None else self.cost(found.cuts))
        else:
            self.bound = max(self.bound, min(round_up(self.form, found.bound), cost))
        return found.cuts, found.finished

    def _compositions(self, most: int) -> list[IntArray] | None:
        """Return the numbers of units of each kind between the bound and ``most``, if few.

        Kinds of one cost, as where units are counted, would make many numbers of each cost.
        """
        if len(self.form.capacity) > MOST_KINDS or (np.diff(self.form.unit_cost) <= 0).any():
            return None
        least = self.bound + self.form.constant
        return compositions(self.form.unit_cost, least, most, MOST_COMPOSITIONS)

    def _close_by_composition(
        self, cost: int, pool: Pool, few: list[IntArray], nodes: int, seconds: float
    ) -> tuple[Cuts | None, bool]:
        """As `close`, one number of units of each kind after the other, from the cheapest up."""
        ends = perf_counter() + seconds
        program = CompositionLp(self.form, pool)
        for units in few:
            here = int(units @ self.form.unit_cost)
            self.bound = max(self.bound, here - self.form.constant)
            if (key := units.tobytes()) in self._refuted:
                continue
            if (left := ends - perf_counter()) <= 0.0:
                return None, False
            if (usable := program.usable(units)) is not None:
                found = solve_master(self.form, usable, here, nodes, left, units)
                if found.cuts is not None or not found.finished:
                    return found.cuts, found.finished
            self._refuted.add(key)
        self.bound = max(self.bound, cost)
        return None, True

    def _pool(self, cost: int) -> Pool | None:
        if cost not in self._pools:
            self._pools = {cost: patterns_within(self.form, self.lp, cost + self.form.constant)}
        return self._pools[cost]

    def _waste(self, aim: int) -> float:
        """Return the waste of a plan that costs ``aim``, if that is known, else infinity."""
        if self.form.constant:
            return float(aim)
        if len(self.form.capacity) > 1:
            return float("inf")
        return float(aim * self.form.capacity[0] - self.form.size @ self.form.demand)


def exact_cutting(form: CuttingForm, seconds: float) -> ExactCutting | None:
    """Return the exact method for ``form``, or None where its tables do not fit into memory."""
    return ExactCutting(form, seconds) if tables_fit(form) else None
