"""Exact methods on small problems that need all of them, run before a solver's clock starts.

A sample of a real problem is mostly proven at once. Without these a hard problem would compile the
kernels of branching, of cuts and of patterns amid its search.
"""

import math
from functools import singledispatch
from typing import Any

import numpy as np

from scheduler.cutting import CuttingProblem
from scheduler.sequencing import SequencingProblem
from solvers.cutting_form import cutting_form
from solvers.tour_form import tour_form

JOBS = 8
PIECES = np.array([[44, 2, 0], [31, 3, 1], [27, 3, 2], [23, 2, 0], [12, 4, 1]])
"""Size, demand and family of each item."""


def hard_distances(size: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return (n, n) distances of ``size`` points, a little different there and back.

    Of `JOBS` points the tour bound needs cuts and branches.
    """
    random = np.random.default_rng(3)
    points = random.integers(0, 100, (JOBS, 2))
    there = np.abs(points[:, None] - points).sum(axis=2)
    return (there + random.integers(0, 5, there.shape))[:size, :size]


@singledispatch
def warm_exact(problem: Any) -> None:
    """Run the exact methods that a solver of ``problem`` may come to need."""


@warm_exact.register
def _tours(problem: SequencingProblem) -> None:
    if problem.objective == "weighted_tardiness":
        return
    from solvers.or_tools.tour_prover import TourProver

    distance = hard_distances(JOBS)
    free = np.zeros(JOBS, dtype=np.int64)
    points = SequencingProblem(
        name="points",
        transition_cost=distance,
        forbidden=np.eye(JOBS, dtype=np.bool_),
        first_cost=free,
        last_cost=free,
    )
    TourProver(tour_form(points)).advance(1 + int(distance.sum()), math.inf, math.inf)


@warm_exact.register
def _patterns(problem: CuttingProblem) -> None:
    from solvers.or_tools.exact_cutting import ExactCutting

    size, demand, family = PIECES.T
    capacity = np.array([70, 100])
    pieces = CuttingProblem("pieces", size, demand, family, capacity, np.array([-1, -1]), 2)
    exact = ExactCutting(cutting_form(pieces))
    cost = exact.cost(exact.dive(0, exact.bound))
    exact.close(cost + 1, 100, math.inf)
