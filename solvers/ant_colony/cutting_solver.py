"""Cutting problems for the solver ``aco``: how it runs their colonies."""

from time import perf_counter
from typing import Any

from scheduler.cutting import CutPlan, CuttingProblem
from scheduler.evaluation import evaluate
from solvers.ant_colony.colony import search
from solvers.ant_colony.cutting_colony import Exact, cutting_colonies
from solvers.ant_colony.params import ColonyParams
from solvers.cutting_form import cutting_form
from solvers.progress import OnProgress, Progress
from solvers.solver import Result
from solvers.stopping import Stop, seconds_left

MANY = 1000
"""Pieces above which an iteration takes so long that the clock is looked at after each."""


def solve_cutting(
    problem: CuttingProblem,
    params: ColonyParams,
    *,
    stop: Stop,
    seed: int,
    threads: int,
    warm_start: Any | None,
    on_progress: OnProgress,
    exact: Exact | None = None,
) -> Result:
    """Search for the cut plan of least loss, or fewest units.

    ``exact`` is the exact method whose steps one colony takes in between, if there is one.
    """
    started = perf_counter()
    form = cutting_form(problem)
    pieces = int(form.demand.sum())
    if pieces == 0:
        return nothing_to_cut(problem)

    def clock() -> float:
        return seconds_left(stop, Progress(elapsed=perf_counter() - started))

    colonies = cutting_colonies(form, params.cutting, seed, warm_start, exact, clock)
    return search(
        problem,
        colonies,
        stop=stop,
        slice_iterations=params.cutting.slice_iterations if pieces <= MANY else 1,
        exchange_every=params.cutting.exchange_every,
        threads=threads,
        on_progress=on_progress,
        started=started,
        lower_bound=lambda: colonies[0].bound,
    )


def nothing_to_cut(problem: CuttingProblem) -> Result:
    """Return the empty plan."""
    plan = CutPlan(())
    return Result("aco", plan, evaluate(problem, plan), 0, 0, 0.0, "optimal", lower_bound=0.0)
