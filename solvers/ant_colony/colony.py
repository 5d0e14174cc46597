"""The main loop of every ant colony: colonies side by side, stopping, exchange, progress.

What an ant does is the business of a `Colony`; this module only lets colonies run in slices, one
thread each where there are enough, and compares what they found. Colonies share nothing while they
run and exchange at fixed iteration counts, so the result depends on the seed and the number of
iterations, never on the number of threads or the clock.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, Protocol

from scheduler.evaluation import Evaluation, evaluate
from solvers.progress import OnProgress, Progress
from solvers.solver import Result
from solvers.stopping import Stop, iterations_left, seconds_left

REPORT_EVERY = 0.5
"""Seconds between two reports of progress."""


class Colony(Protocol):
    """One colony of ants, with its own tours, trails and random stream."""

    ants: int
    """Ants of one iteration."""

    def run(self, iterations: int) -> None:
        """Run that many iterations; releases the GIL."""
        ...

    def best(self) -> tuple[float, Any]:
        """Return the best cost so far, in the colony's own measure, and its solution.

        The solution is one that `scheduler.evaluation.evaluate` takes.
        """
        ...

    def adopt(self, other: "Any") -> None:
        """Go on from the best of ``other``, a better colony of the same kind."""
        ...


class Beside(Protocol):
    """A method that works beside the colonies."""

    def step(self, colonies: Any, iterations: int, seconds_left: float, pool: Executor) -> None:
        """Take part after a slice, ``iterations`` having been done in all.

        What it gives ``pool`` to do comes before the colonies' next slice where threads are few.
        """
        ...

    def end(self, colonies: Any) -> None:
        """Wait for what still runs, and pass on what it found."""
        ...


@dataclass
class Found:
    """The best solution so far, and when it was found."""

    problem: Any
    measure: float = float("inf")
    solution: Any | None = None
    evaluation: Evaluation | None = None
    trace: list[tuple[float, int, float]] = field(default_factory=list)

    def offer(self, measure: float, solution: Any, progress: Progress) -> Progress:
        """Keep ``solution`` if its ``measure`` is better; return the progress it makes."""
        if measure >= self.measure:
            return progress
        self.measure = measure
        return self.keep(solution, progress)

    def keep(self, solution: Any, progress: Progress) -> Progress:
        """Keep ``solution`` if the evaluator finds it better; return the progress it makes."""
        evaluation = evaluate(self.problem, solution)
        if self.evaluation is not None and _rank(evaluation) >= _rank(self.evaluation):
            return progress
        self.solution, self.evaluation = solution, evaluation
        if not evaluation.feasible:
            return progress
        self.trace.append((progress.elapsed, progress.iterations, evaluation.cost))
        return replace(
            progress,
            cost=evaluation.cost,
            best_iteration=progress.iterations,
            best_at=progress.elapsed,
            solution=solution,
        )


def _rank(evaluation: Evaluation) -> tuple[bool, float]:
    return not evaluation.feasible, evaluation.cost


def search(
    problem: Any,
    colonies: Sequence[Colony],
    *,
    stop: Stop,
    slice_iterations: int,
    exchange_every: int,
    threads: int,
    on_progress: OnProgress,
    started: float,
    known: Any | None = None,
    lower_bound: float | Callable[[], float | None] | None = None,
    beside: Beside | None = None,
) -> Result:
    """Run ``colonies`` until ``stop`` says so; ``started`` is when the search's clock began.

    ``known`` is a solution to begin with: the result is no worse. Stops by itself, with reason
    ``"optimal"``, when the best cost reaches ``lower_bound``, which may be a callable where it
    grows during the search. ``beside`` takes part after every slice, and at the end.
    """
    bound = lower_bound if callable(lower_bound) else lambda: lower_bound
    found = Found(problem)
    progress = Progress(elapsed=perf_counter() - started, lower_bound=bound())
    if known is not None:
        progress = found.keep(known, progress)
        on_progress(progress)
    reported = started
    workers = len(colonies) + (beside is not None)
    with ThreadPoolExecutor(max(1, min(threads, workers))) as pool:
        while True:
            progress = replace(progress, elapsed=perf_counter() - started, lower_bound=bound())
            progress = found.offer(*min((c.best() for c in colonies), key=_cost), progress)
            if perf_counter() - reported >= REPORT_EVERY:
                reported = perf_counter()
                on_progress(progress)
            if reason := _reason(stop, progress):
                break
            count = min(slice_iterations, iterations_left(stop, progress))
            list(pool.map(lambda colony: colony.run(count), colonies))  # noqa: B023
            progress = replace(
                progress,
                iterations=progress.iterations + count,
                ants=progress.ants + count * sum(colony.ants for colony in colonies),
            )
            if progress.iterations % exchange_every == 0:
                exchange(colonies)
            if beside is not None:
                elapsed = perf_counter() - started
                left = seconds_left(stop, replace(progress, elapsed=elapsed))
                beside.step(colonies, progress.iterations, left, pool)
    if beside is not None:
        beside.end(colonies)
        progress = found.offer(*min((c.best() for c in colonies), key=_cost), progress)
        progress = replace(progress, elapsed=perf_counter() - started, lower_bound=bound())
        reason = "optimal" if _reached(progress) else reason
    on_progress(progress)
    return Result(
        solver="aco",
        solution=found.solution,
        evaluation=found.evaluation,
        seed=0,
        iterations=progress.iterations,
        elapsed=progress.elapsed,
        stop_reason=reason,
        ants=progress.ants,
        lower_bound=progress.lower_bound,
        trace=tuple(found.trace),
    )


def exchange(colonies: Sequence[Colony]) -> None:
    """Let the worst colony go on from the best; with one colony nothing happens."""
    ranked = sorted(colonies, key=lambda colony: colony.best()[0])
    if ranked[-1].best()[0] > ranked[0].best()[0]:
        ranked[-1].adopt(ranked[0])


def _cost(best: tuple[float, Any]) -> float:
    return best[0]


def _reason(stop: Stop, progress: Progress) -> str | None:
    return "optimal" if _reached(progress) else stop(progress)


def _reached(progress: Progress) -> bool:
    """Whether the best cost is proven."""
    cost, bound = progress.cost, progress.lower_bound
    return cost is not None and bound is not None and cost <= bound
