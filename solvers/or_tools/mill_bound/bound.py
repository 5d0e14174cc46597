"""The bound itself: relaxations on finer and finer grids, and what their multipliers prove."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from scheduler.mill import MONEY, MillProblem
from scheduler.mill_arrays import arrays_of
from solvers.bound import PARTS, Bound
from solvers.or_tools.mill_bound.data import Data, data_of
from solvers.or_tools.mill_bound.relaxation import Relaxation
from solvers.or_tools.mill_bound.steel import fewest_seconds
from solvers.or_tools.mill_bound.unavoidable import unavoidable_cost

GRIDS = ((25, 3), (50, 6), (100, 14), (200, 24), (400, 40))
"""Fine and coarse pieces of the horizon, about; each grid takes some times the work of the last."""
WORK = (1, 4, 14, 60, 250)
"""Work of each grid in that of the first, about (measured on generated books)."""
WORTH_BEGINNING = 0.6
"""Share of a grid's work that time must be left for; most of a bound comes from the first cuts."""
LONGEST_STEP = 2
"""Grids that may be left out: a far finer one that is not solved in time would leave nothing."""
MOST_CUTS = 1000
LARGEST = 200_000
"""Variables of the first grid, about."""


@dataclass(frozen=True)
class Proof:
    """A bound in the currency's unit, the cost of the relaxed plan by term, and what is left."""

    value: Fraction
    terms: dict[str, float]
    complete: bool


def mill_bound(
    problem: MillProblem, seconds: float, should_stop: Callable[[], bool] = lambda: False
) -> Bound | None:
    """Return a proven lower bound on the cost of every feasible plan.

    None where no grid could be solved in ``seconds``, or the book is out of reach of any.
    """
    begun = time.perf_counter()
    if out_of_reach(problem):
        return None
    best: Proof | None = None
    grid: int | None = 0
    while grid is not None and not should_stop():
        last, started = grid, time.perf_counter()
        proof = prove(data_of(problem, *GRIDS[grid]), begun + seconds - started, should_stop)
        if proof is None:
            break
        if best is None or proof.value > best.value:
            best = proof
        now = time.perf_counter()
        grid = next_grid(grid, now - started, begun + seconds - now)
    if best is None:
        return None
    unavoidable = unavoidable_cost(data_of(problem, *GRIDS[0]))
    value = money_down(best.value)
    return Bound(
        value=value,
        parts=parts_of(best.terms, value),
        unavoidable=min(money_down(unavoidable), value),
        elapsed=time.perf_counter() - begun,
        complete=best.complete and last == len(GRIDS) - 1,
    )


def next_grid(done: int, spent: float, left: float) -> int | None:
    """Return the finest grid worth beginning with ``left`` s; grid ``done`` took ``spent`` s."""
    work = spent / WORK[done]
    finer = range(done + 1, min(done + LONGEST_STEP + 1, len(GRIDS)))
    return max((i for i in finer if WORTH_BEGINNING * work * WORK[i] <= left), default=None)


def out_of_reach(problem: MillProblem) -> bool:
    """Whether even the first grid is too large, or a billet may be rolled in no second.

    Times are rounded down. Of an unlimited stock of such billets any number fits into a plan; and
    one may be rolled where no piece of time is: at the horizon's end, or as a closure begins.
    """
    mill = arrays_of(problem)
    rows = range(len(mill.stock))
    return too_large(problem) or any(fewest_seconds(mill, k) == 0 for k in rows)


def too_large(problem: MillProblem) -> bool:
    """Whether even the first grid would take minutes and much memory."""
    pieces, products = GRIDS[0][1], len({(o.grade, o.section) for o in problem.orders})
    size = len(problem.orders) * pieces + products**2 + len(problem.stock) * pieces
    return len(problem.lines) * size > LARGEST


def prove(data: Data, seconds: float, should_stop: Callable[[], bool]) -> Proof | None:
    """Return what the relaxation on one grid proves, cutting until time or cuts run out."""
    ends = time.perf_counter() + seconds
    relaxation = Relaxation(data)
    program = relaxation.program
    solution: tuple[list[float], dict[str, float]] | None = None
    complete = False
    while not complete and not should_stop() and program.solve(ends - time.perf_counter()):
        solution = program.multipliers(), program.parts()
        complete = not relaxation.cut(MOST_CUTS)
    if solution is None:
        return None
    return Proof(program.proven(solution[0]), solution[1], complete)


def money_down(value: Fraction) -> float:
    """Return the money rounded down to 1/10 000."""
    return math.floor(value * MONEY) / MONEY


def parts_of(terms: dict[str, float], value: float) -> dict[str, float]:
    """Return the cost of the relaxed plan by part; what rounding took is taken off the largest."""
    parts = {name: sum(terms.get(t, 0.0) for t in members) for name, members in PARTS.items()}
    largest = max(parts, key=lambda name: abs(parts[name]))
    parts[largest] += value - sum(parts.values())
    return {name: round(money, 4) for name, money in parts.items()}
