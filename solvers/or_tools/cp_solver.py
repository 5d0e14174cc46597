"""A CP-SAT solver as every use of it here begins, and how it works beside who watches it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from ortools.sat.python import cp_model

POLL = 0.02
"""Seconds between two looks at a solver that works beside."""


def cp_solver(seed: int, workers: int = 1) -> cp_model.CpSolver:
    """Return a solver with a seed and a number of threads, deaf to Ctrl-C.

    Its own handler of SIGINT aborts the process when another thread than the solving one gets it.
    """
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.num_workers = workers
    solver.parameters.catch_sigint_signal = False
    return solver


@contextmanager
def beside(solver: cp_model.CpSolver, work: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Let ``work``, which calls the solver, run beside; the value waits a little while it does.

    However the block is left, the solver is stopped first: a process that ends under it aborts.
    """
    worker = Thread(target=work)
    worker.start()

    def working() -> bool:
        worker.join(POLL)
        return worker.is_alive()

    try:
        yield working
    finally:
        while working():
            solver.stop_search()
