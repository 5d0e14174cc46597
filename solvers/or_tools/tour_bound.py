"""A lower bound on tours: the assignment with subtour elimination and precedence cuts.

The linear program (`tour_lp`) starts with the cheapest arcs and no cuts. Rounds of cutting (Stoer
and Wagner's minimum cuts for subtours, maximum flows for precedence) and pricing of the arcs left
out follow. What counts in the end is not the program's value but its cut multipliers: rounded to
whole numbers they go into the assignment problem (Held and Karp 1970 with cuts), which is solved
exactly in integers, so no floating-point error can push the bound above a tour.
"""

from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place
from solvers.assignment import solve_assignment
from solvers.min_cut import small_cuts
from solvers.or_tools.precedence_cuts import PrecedenceCuts
from solvers.or_tools.tour_lp import TourLp
from solvers.tour_form import LARGEST_SUM, OUT, Duals, TourForm

Nodes = NDArray[np.bool_]
Arcs = NDArray[np.bool_]

FINEST_SCALE = 1024
"""Whole parts of a cost unit in which multipliers are rounded, at most."""
LARGEST_EXACT = 2**52
"""Costs of a tour beyond it leave no room for whole multipliers: only the assignment is solved."""
# Milliseconds, once and per pair of nodes; of paths for each pair of precedence (measured).
WORK_BOUND = (0.3, 2.5e-5)
WORK_SEPARATION = (0.8, 3e-5)
WORK_PATHS = (0.04, 5e-7)
VIOLATION = 1e-3
FIRST_ARCS = 8
MOST_CUTS = 200
"""Cuts added in one round."""


@dataclass(frozen=True)
class TourBound:
    """A proven bound, and what each arc adds to it.

    ``bound`` is in the form's whole units. Every feasible tour costs at least
    (``scaled_bound`` + the ``slack`` (n, n) of its arcs) / ``scale``; that of the assignment
    ``successor`` (n,) is 0. ``row_dual`` and ``col_dual`` (n,) are the nodes' part in it. It holds
    for tours without the arcs ``barred`` (n, n), whose slack says nothing.
    """

    bound: int
    scale: int
    scaled_bound: int
    slack: NDArray[np.int64]
    successor: NDArray[np.int64]
    row_dual: NDArray[np.int64]
    col_dual: NDArray[np.int64]
    barred: NDArray[np.bool_]
    rounds: int
    cuts: int

    @cached_property
    def duals(self) -> Duals:
        """The nodes' multipliers, rounded down so that no arc's cost falls below 0, and slacks."""
        slack = np.where(self.barred, OUT, self.slack)
        return Duals(self.row_dual // self.scale, self.col_dual // self.scale, slack)

    def useful(self, below: int) -> NDArray[np.bool_]:
        """Return (n, n) the arcs that a tour of less than ``below`` whole units may have."""
        return self.slack <= (below - 1) * self.scale - self.scaled_bound


def tour_bound(form: TourForm, seconds: float = 60.0, target: int | None = None) -> TourBound:
    """Return the best bound found in ``seconds``, or the first that reaches ``target`` units."""
    return TourProgram(form).solve(perf_counter() + seconds, target)


class TourProgram:
    """The linear program over the arcs and cuts at hand, and the rounds that add to them."""

    def __init__(self, form: TourForm) -> None:
        self.form = form
        self.size = form.size
        # Reduced costs keep numbers small; the assignment's value is added again at the end.
        self.cost = np.where(form.forbidden, 0, form.reduced_cost)
        span = max(1, int(self.cost.max()) * self.size)
        self.exact = span <= LARGEST_EXACT
        self.scale = max(1, min(FINEST_SCALE, LARGEST_EXACT // span))
        self.price_of_no_arc = float(span)
        """No cut's multiplier exceeds it, so the program always has a solution."""
        self.precedence = PrecedenceCuts(form)
        self.lp = TourLp(self.size, self.price_of_no_arc)
        self.known = np.array(form.forbidden)
        """(n, n) arcs that need no pricing: forbidden or in the program."""
        self.finished = False
        self.work = 0.0
        """Estimate of the work so far, in milliseconds of one core; the clock has no part in it."""
        self.multipliers = np.zeros(0)
        """Duals of the cuts at the last solution; cuts added since have none."""
        self.potentials = (np.zeros(self.size), np.zeros(self.size))
        self.last: TourBound | None = None
        """The bound computed last."""
        for i, j in sorted(self._first_arcs()):
            self.add_arc(i, j)

    def solve(self, deadline: float, target: int | None, most_work: float = np.inf) -> TourBound:
        """Cut and price until nothing is left to do, or one of the limits is reached.

        ``most_work`` limits ``work`` in all, that of earlier calls included.

        A later call goes on from there; ``finished`` tells whether that would be of any use.
        """
        rounds = 0
        best = self.safe_bound(rounds)
        self.finished = not self.exact or self.size <= 2
        while (
            not self.finished
            and self.work < most_work
            and perf_counter() < deadline
            and (target is None or best.bound < target)
        ):
            rounds += 1
            if not self.optimise():
                self.finished = True
                break
            added = self.separate(self.lp.values())
            if not added or rounds % 5 == 0:
                bound = self.safe_bound(rounds)
                best = max(best, bound, key=lambda known: known.scaled_bound)
                self.finished = not self._price() and not added
        return max(best, self.safe_bound(rounds), key=lambda known: known.scaled_bound)

    def optimise(self) -> bool:
        """Solve the program as it is and keep its duals; return whether that went well."""
        solved = self.lp.solve()
        self.work += WORK_BOUND[0] + WORK_BOUND[1] * self.size**2 + self.lp.work
        if solved:
            duals = self.lp.duals()
            self.potentials = (duals[: self.size], duals[self.size : 2 * self.size])
            self.multipliers = np.maximum(0.0, duals[2 * self.size :])
        return solved

    def _first_arcs(self) -> set[tuple[int, int]]:
        """Return each node's cheapest arcs out and in, and the assignment."""
        ranked = np.where(self.form.forbidden, np.iinfo(np.int64).max, self.cost)
        kept = min(FIRST_ARCS, self.size - 1)
        arcs = {(i, int(j)) for i, j in enumerate(self.form.assignment)}
        for i in range(self.size):
            arcs |= {(i, int(j)) for j in np.argpartition(ranked[i], kept - 1)[:kept]}
            arcs |= {(int(j), i) for j in np.argpartition(ranked[:, i], kept - 1)[:kept]}
        return {arc for arc in arcs if not self.form.forbidden[arc]}

    def add_arc(self, i: int, j: int) -> None:
        """Let the program use the arc from ``i`` to ``j``."""
        self.lp.add_arc(i, j, float(self.cost[i, j]))
        self.known[i, j] = True

    def separate(self, flow: NDArray[np.float64]) -> int:
        """Add the most violated cuts; return how many."""
        self.work += WORK_SEPARATION[0] + WORK_SEPARATION[1] * self.size**2
        found: list[tuple[float, Nodes, Nodes]] = []
        for side in _disjoint(small_cuts(flow + flow.T, 2.0 - 2 * VIOLATION), self.form.depot):
            found += [
                (float(flow[np.ix_(tails, heads)].sum()), tails, heads)
                for tails, heads in self.precedence.strengthened(side)
            ]
        if len(found) == 0 or min(found, key=lambda cut: cut[0])[0] > 1 - 10 * VIOLATION:
            paths = WORK_PATHS[0] + WORK_PATHS[1] * self.size**2
            self.work += paths * len(self.precedence.tried)
            found += self.precedence.separate(flow, VIOLATION)
        found = [cut for cut in found if cut[0] < 1 - VIOLATION]
        found.sort(key=lambda cut: cut[0])
        for _, tails, heads in found[:MOST_CUTS]:
            self.lp.add_cut(tails, heads)
        return min(len(found), MOST_CUTS)

    def _price(self) -> int:
        """Add the arcs whose reduced cost is negative; return how many."""
        value = self.cost.astype(np.float64)
        value -= self.potentials[0][:, None] + self.potentials[1][None, :]
        self._take_off(value, self.multipliers)
        value[self.known] = np.inf
        tolerance = 1e-6 * max(1.0, float(np.abs(self.cost).max()))
        wanted = np.argwhere(value < -tolerance)
        wanted = wanted[np.argsort(value[tuple(wanted.T)], kind="stable")][: 4 * self.size]
        for i, j in wanted.tolist():
            self.add_arc(i, j)
        return len(wanted)

    def safe_bound(self, rounds: int = 0, barred: Arcs | None = None) -> TourBound:
        """Solve the assignment exactly with whole multipliers of the cuts.

        ``barred`` (n, n) are arcs left out; without them there may be no tour, and the bound is
        then beyond that of any tour.
        """
        barred = self.form.forbidden if barred is None else barred
        shifted, total = self.lagrangian()
        found = solve_assignment(walled(shifted, barred))
        scaled = int(found.row_dual.sum()) + int(found.col_dual.sum()) + total
        slack = shifted - found.row_dual[:, None] - found.col_dual[None, :]
        self.last = TourBound(
            -(-scaled // self.scale),
            self.scale,
            scaled,
            slack,
            found.successor,
            found.row_dual,
            found.col_dual,
            barred.copy(),
            rounds,
            len(self.lp.cuts),
        )
        return self.last

    def lagrangian(self) -> tuple[NDArray[np.int64], int]:
        """Return (n, n) the scaled costs less the cuts' whole multipliers, and the constant."""
        multipliers = self._whole_multipliers()
        shifted = self.cost * self.scale
        self._take_off(shifted, multipliers)
        return shifted, self.form.assignment_bound * self.scale + int(multipliers.sum())

    def _whole_multipliers(self) -> NDArray[np.int64]:
        """Return the cuts' multipliers in parts of a unit, lowered where sums would overflow.

        They grow without end where no tour is left.
        """
        multipliers = np.rint(self.multipliers * self.scale)
        room, most = LARGEST_SUM / (8 * self.size), multipliers.sum()
        if most > room:
            taken = np.zeros((self.size, self.size))
            self._take_off(taken, multipliers)
            most = max(-float(taken.min()), most / self.size)
        if most > room:
            multipliers = np.floor(multipliers * (room / most))
        return multipliers.astype(np.int64)

    def _take_off(self, cost: NDArray[Any], multipliers: NDArray[Any]) -> None:
        """Take each cut's multiplier off the ``cost`` (n, n) of the arcs that help it."""
        _lower(cost, *self.lp.cut_ends(), multipliers)


def walled(shifted: NDArray[np.int64], barred: Arcs) -> NDArray[np.int64]:
    """Return ``shifted`` with ``barred`` arcs dearer than all that others could save.

    Or as dear as sums allow: a bound is then lower, and as true.
    """
    span = int(shifted.max()) - int(shifted.min()) + 1
    wall = min(int(shifted.max()) + span * len(shifted), LARGEST_SUM // (4 * len(shifted)))
    return np.where(barred, wall, shifted)


@kernel_in_place
def _lower(
    cost: NDArray[np.int64],
    ends: NDArray[np.int64],
    start: NDArray[np.int64],
    multipliers: NDArray[np.int64],
) -> None:
    """Lower the ``cost`` (n, n) of the arcs of each cut by its multiplier.

    The tails of cut k are ``ends[start[2 k] : start[2 k + 1]]``, its heads come next.
    """
    for k in range(len(multipliers)):
        if multipliers[k] != 0:
            for t in range(start[2 * k], start[2 * k + 1]):
                for h in range(start[2 * k + 1], start[2 * k + 2]):
                    cost[ends[t], ends[h]] -= multipliers[k]


def _disjoint(sides: Nodes, depot: int) -> list[Nodes]:
    """Return the sets, or their complements if these are smaller, that do not overlap.

    Small sets first: their cuts are sparse, and cuts of their unions follow from them.
    """
    sides = np.where(sides[:, [depot]], ~sides, sides)
    chosen: list[Nodes] = []
    taken = np.zeros(sides.shape[1], dtype=np.bool_)
    for k in np.argsort(sides.sum(axis=1), kind="stable"):
        if not (sides[k] & taken).any():
            chosen.append(sides[k])
            taken |= sides[k]
    return chosen
