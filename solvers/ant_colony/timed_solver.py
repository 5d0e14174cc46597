"""How ``aco`` solves timed sequences: for least weighted tardiness, or for a front."""

from time import perf_counter
from typing import Any

from scheduler.sequencing import SequencingProblem
from solvers.ant_colony.colony import search
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.pareto_colony import pareto_colonies
from solvers.ant_colony.sequencing_solver import MakeProver
from solvers.ant_colony.tardiness_colony import tardiness_colonies
from solvers.progress import OnProgress
from solvers.solver import Result
from solvers.stopping import Stop
from solvers.tardiness_bound import tardiness_bound


def solve_tardiness(
    problem: SequencingProblem,
    params: ColonyParams,
    *,
    stop: Stop,
    seed: int,
    threads: int,
    warm_start: Any | None,
    on_progress: OnProgress,
) -> Result:
    """Search for the sequence of least weighted tardiness."""
    started = perf_counter()
    timed = params.timed
    return search(
        problem,
        tardiness_colonies(problem, timed, seed, warm_start),
        stop=stop,
        slice_iterations=timed.slice_iterations,
        exchange_every=timed.exchange_every,
        threads=threads,
        on_progress=on_progress,
        started=started,
        lower_bound=tardiness_bound(problem),
    )


def solve_pareto(
    problem: SequencingProblem,
    params: ColonyParams,
    *,
    stop: Stop,
    seed: int,
    threads: int,
    warm_start: Any | None,
    on_progress: OnProgress,
    prover: MakeProver | None = None,
) -> Result:
    """Search for the front of weighted tardiness and transition cost."""
    started = perf_counter()
    timed = params.timed
    return search(
        problem,
        pareto_colonies(problem, params, seed, warm_start, prover),
        stop=stop,
        slice_iterations=timed.slice_iterations,
        exchange_every=timed.slice_iterations,
        threads=threads,
        on_progress=on_progress,
        started=started,
    )
