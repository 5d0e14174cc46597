"""Solvers for the tests of the service: quick, slow, crashing, looping, greedy for memory."""

import os
import signal
import time
from dataclasses import replace

from scheduler.evaluation import evaluate
from scheduler.schedule import Schedule
from solvers.progress import Progress
from solvers.solver import Result

EMPTY = Schedule(())


class Stub:
    """A quick solver that plans nothing, which is feasible and expensive."""

    name = "stub"

    def supports(self, problem):
        return True

    def solve(self, problem, *, stop, seed=0, threads=1, warm_start=None, on_progress=None):
        progress = Progress(solution=EMPTY, cost=evaluate(problem, EMPTY).cost)
        while (reason := stop(progress)) is None:
            progress = self.step(progress)
            if on_progress is not None:
                on_progress(progress)
        return Result(
            solver=self.name,
            solution=EMPTY,
            evaluation=evaluate(problem, EMPTY),
            seed=seed,
            iterations=progress.iterations,
            elapsed=progress.elapsed,
            stop_reason=reason,
        )

    def step(self, progress):
        return replace(progress, iterations=progress.iterations + 1, elapsed=1e9)


class Slow(Stub):
    """Searches in steps of a twentieth of a second until it is told to stop."""

    name = "slow"

    def step(self, progress):
        time.sleep(0.05)
        return replace(
            progress, iterations=progress.iterations + 1, elapsed=progress.elapsed + 0.05
        )


class Crash(Stub):
    """Kills its own process."""

    name = "crash"

    def step(self, progress):
        os.kill(os.getpid(), signal.SIGKILL)


class Loop(Stub):
    """Never ends and never asks whether it should."""

    name = "loop"

    def step(self, progress):
        while True:
            time.sleep(0.01)


class Stubborn(Stub):
    """Tells of a plan and never ends."""

    name = "stubborn"

    def solve(self, problem, *, stop, seed=0, threads=1, warm_start=None, on_progress=None):
        on_progress(Progress(solution=EMPTY, cost=evaluate(problem, EMPTY).cost))
        while True:
            time.sleep(0.01)


class Greedy(Stub):
    """Takes memory without end."""

    name = "greedy"

    def step(self, progress):
        taken = []
        while True:
            taken.append(bytearray(b"x" * (16 << 20)))
            time.sleep(0.01)


class Holding(Stub):
    """Holds the interpreter for five seconds, as a compiler may: no other thread runs meanwhile."""

    name = "holding"

    def step(self, progress):
        begin = time.perf_counter()
        sum(range(10**6))
        size = 10**6 * 5 / (time.perf_counter() - begin)
        sum(range(int(size)))
        return super().step(progress)


class Wrong(Stub):
    """Raises an exception."""

    name = "wrong"

    def step(self, progress):
        raise ZeroDivisionError("wrong on purpose")


STUBS = {
    solver.name: solver
    for solver in (Stub(), Slow(), Crash(), Loop(), Stubborn(), Greedy(), Holding(), Wrong())
}


def register():
    from solvers.registry import SOLVERS

    SOLVERS.update(STUBS)
