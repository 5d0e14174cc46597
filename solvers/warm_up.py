"""Load or compile a solver's kernels before its clock starts.

Numba compiles a kernel at its first call, once per type of its arguments. So a solver is run for a
moment on a sample of the problem: few elements, but the same kinds of arrays and options.
"""

import time
from dataclasses import replace
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.cutting import CuttingProblem
from scheduler.mill import CampaignRules, MillProblem
from scheduler.sequencing import SequencingProblem, Timing
from solvers.solver import Solver
from solvers.stopping import FirstOf, MaxIterations, MaxRuntime
from solvers.warm_exact import JOBS, hard_distances, warm_exact

CHAIN = 2
"""Pairs of jobs under precedence."""
NO_ANTS = 3
"""Jobs of which any order is proven before there are ants."""
ITEMS = 4
ORDERS = 2
ITERATIONS = {"aco": 8}
"""Enough for two ants' cycles of the sample: every kernel has then run. Others need one."""
LONGEST = 600.0
"""Seconds that are enough to compile everything."""


def warm_up(solver: Solver, problem: Any, threads: int = 1) -> float:
    """Run ``solver`` for a moment on a sample of ``problem``; return the seconds it took."""
    begun = time.perf_counter()
    stop = FirstOf((MaxIterations(ITERATIONS.get(solver.name, 1)), MaxRuntime(LONGEST)))
    solver.solve(sample(problem), stop=stop, threads=threads)
    warm_exact(problem)
    return time.perf_counter() - begun


@singledispatch
def sample(problem: Any) -> Any:
    """Return a problem with few elements of ``problem`` and the same types of arrays."""
    return problem


@sample.register
def _few_jobs(problem: SequencingProblem) -> SequencingProblem:
    """Keep the first jobs, with costs, times, ends and precedence of their own.

    No bound proves the best order of these before the first ants have run; of fewer one might, so
    a smaller problem's jobs are there more than once. Up to `NO_ANTS` jobs are left as few.
    """
    size = JOBS if problem.size > NO_ANTS else problem.size
    jobs = np.arange(size) % problem.size
    return replace(
        problem,
        transition_cost=_like(problem.transition_cost, hard_distances(size)),
        forbidden=np.eye(size, dtype=np.bool_),
        first_cost=_like(problem.first_cost, np.zeros(size)),
        last_cost=_like(problem.last_cost, np.zeros(size)),
        predecessors=_some_pairs(problem, size),
        fixed_first=None if problem.fixed_first is None else 0,
        fixed_last=None if problem.fixed_last is None else min(1, size - 1),
        timing=None if problem.timing is None else _kept_times(problem.timing, jobs),
        known_order=None if problem.known_order is None else np.arange(size),
    )


def _like(array: NDArray[Any], values: NDArray[Any]) -> Any:
    """Return ``values`` in the type of ``array``."""
    return values.astype(array.dtype)


def _some_pairs(problem: SequencingProblem, size: int) -> Any:
    """Return a chain of jobs behind the fixed ends, backwards, if any job has predecessors."""
    if problem.predecessors is None:
        return None
    number = min(CHAIN, max(0, size - 3)) if len(problem.predecessors) else 0
    return np.array([(k + 3, k + 2) for k in range(number)], dtype=np.int64).reshape(-1, 2)


def _kept_times(timing: Timing, jobs: Any) -> Timing:
    """Return times of which all jobs are late, in arrays of the same types."""
    size = len(jobs)
    kept: dict[str, Any] = {
        name: None if (values := getattr(timing, name)) is None else values[jobs]
        for name in ("first_start", "duration", "release", "deadline")
    }
    return Timing(
        start_lag=_like(timing.start_lag, 1 + hard_distances(size)),
        due_date=_like(timing.due_date, np.zeros(size)),
        weight=_like(timing.weight, np.ones(size)),
        **kept,
    )


@sample.register
def _few_items(problem: CuttingProblem) -> CuttingProblem:
    return replace(
        problem,
        item_size=problem.item_size[:ITEMS],
        item_demand=np.minimum(problem.item_demand[:ITEMS], 2),
        item_family=problem.item_family[:ITEMS],
    )


@sample.register
def _few_orders(problem: MillProblem) -> MillProblem:
    """Keep orders of each kind of piece, without what ties them to others or to a place.

    The last of each kind cannot be kept, so that the rule has a lot to find a place for.
    """
    kinds = dict.fromkeys(type(order.piece) for order in problem.orders)
    orders = [
        replace(order, predecessors=(), lock=None, deadline=None if k < ORDERS else 1)
        for kind in kinds
        for k, order in enumerate(
            [order for order in problem.orders if isinstance(order.piece, kind)][: ORDERS + 1]
        )
    ]
    free = CampaignRules()
    return replace(problem, orders=tuple(orders), campaign=free, freeze=None)
