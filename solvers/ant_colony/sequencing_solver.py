"""Untimed sequences for the solver ``aco``: how it runs their colonies."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from scheduler.sequencing import SequencingProblem
from solvers.ant_colony.colony import search
from solvers.ant_colony.hand_off import HandOff, Prover
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.sequencing_colony import sequencing_colonies
from solvers.ant_colony.small import best_permutation
from solvers.progress import OnProgress
from solvers.solver import Result
from solvers.stopping import Stop
from solvers.tour_form import TourForm

MakeProver = Callable[[TourForm], Prover]
"""Starts an exact method on a tour."""


def solve_sequencing(
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
    """Search for the sequence of least transition cost."""
    started = perf_counter()
    if problem.size <= 3:
        return best_permutation(problem, started)
    colonies, form = sequencing_colonies(problem, params, seed, warm_start)
    hand_off = HandOff(form, None if prover is None else prover(form), params)
    return search(
        problem,
        colonies,
        stop=stop,
        slice_iterations=params.slice_iterations,
        exchange_every=params.exchange_every,
        threads=threads,
        on_progress=on_progress,
        started=started,
        lower_bound=hand_off.lower_bound,
        beside=hand_off,
    )
