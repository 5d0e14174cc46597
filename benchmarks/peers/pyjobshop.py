"""PyJobShop (on CP-SAT): one machine, set-ups, weighted tardiness."""

from collections.abc import Callable
from typing import Any

import numpy as np

from scheduler.sequencing import SequencingProblem


def supports(problem: Any) -> bool:
    """Whether ``problem`` is weighted tardiness with set-ups in whole numbers, and no more."""
    return (
        isinstance(problem, SequencingProblem)
        and problem.objective == "weighted_tardiness"
        and problem.timing is not None
        and problem.timing.release is None
        and problem.timing.deadline is None
        and problem.predecessors is None
        and int(problem.forbidden.sum()) == problem.size
        and np.issubdtype(problem.timing.start_lag.dtype, np.integer)
    )


def load() -> None:
    """Load the library before the clock starts."""
    import pyjobshop  # noqa: F401


def solve(
    problem: Any, seconds: float, threads: int, seed: int, offer: Callable[..., None]
) -> None:
    """Offer the best sequence at the end, and the bound.

    PyJobShop knows no due date before 0: time is moved so that the earliest one is 0. It knows no
    set-up of the first job either: no job starts before its own.
    """
    from pyjobshop import Model

    timing, n = problem.timing, problem.size
    shift = max(0, -int(timing.due_date.min()))
    model = Model()
    machine = model.add_machine()
    tasks = []
    for j in range(n):
        due = int(timing.due_date[j]) + shift
        job = model.add_job(weight=int(timing.weight[j]), due_date=due)
        task = model.add_task(job=job, earliest_start=shift + int(timing.first_start[j]))
        model.add_mode(task, machine, int(timing.duration[j]))
        tasks.append(task)
    for i in range(n):
        for j in range(n):
            if i != j:
                gap = int(timing.start_lag[i, j] - timing.duration[i])
                model.add_setup_time(machine, tasks[i], tasks[j], gap)
    model.set_objective(weight_total_tardiness=1)
    result = model.solve(
        solver="ortools",
        time_limit=seconds,
        display=False,
        num_workers=threads,
        random_seed=seed % 2**31,
    )
    starts = [task.start for task in result.best.tasks]
    offer(tuple(sorted(range(n), key=lambda j: starts[j])) if starts else None, result.lower_bound)
