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

    @property
    def measure(self) -> float:
        """The best cost so far, in the colony's own measure."""
        ...

    def best(self) -> tuple[float, Any]:
        """Return the best cost so far, in the colony's own measure, and its solution.

        The solution is one that `scheduler.evaluation.evaluate` takes. To make it may take as long
        as many ants do.
        """
        ...

    def adopt(self, other: "Any") -> None:
        """Go on from the best of ``other``, a better colony of the same kind."""
        ...


class Beside(Protocol):
    """A method that works beside the colonies."""

    def step(self, colonies: Any, iterations: int, seconds_left: float, pool: Executor) -> None:
        """Take part before a slice, ``iterations`` having been done in all.

        What it gives ``pool`` to do comes before the colonies' next slice where threads are few.
        """
        ...

    def end(self) -> None:
        """Wait for what still runs, and keep what it has proven."""
        ...


@dataclass
class Found:
    """The best solution so far, and when it was found."""

    problem: Any
    measure: float = float("inf")
    solution: Any | None = None
    evaluation: Evaluation | None = None
    trace: list[tuple[float, int, float]] = field(default_factory=list)

    def offer(self, colony: Colony, progress: Progress) -> Progress:
        """Keep the best of ``colony`` if its measure is better; return the progress it makes."""
        if colony.measure >= self.measure:
            return progress
        self.measure, solution = colony.best()
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


@dataclass
class Course:
    """A search under way: its colonies, what they found, and how far it is."""

    found: Found
    colonies: Sequence[Colony]
    bound: Callable[[], float | None]
    on_progress: OnProgress
    started: float
    reported: float = 0.0
    progress: Progress = field(default_factory=Progress)

    def __post_init__(self) -> None:
        self.reported = self.started
        self.note_time()

    def note_time(self) -> None:
        """Bring the elapsed time and the bound up to date."""
        elapsed = perf_counter() - self.started
        self.progress = replace(self.progress, elapsed=elapsed, lower_bound=self.bound())

    def begin(self, known: Any) -> None:
        """Begin with the solution ``known``."""
        self.progress = self.found.keep(known, self.progress)
        self.on_progress(self.progress)

    def look(self) -> None:
        """Take over the best of the colonies."""
        self.progress = self.found.offer(min(self.colonies, key=_measure), self.progress)

    def report(self) -> None:
        """Tell of the progress where that is due."""
        if perf_counter() - self.reported >= REPORT_EVERY:
            self.reported = perf_counter()
            self.on_progress(self.progress)

    def run(self, count: int, pool: Executor) -> None:
        """Let every colony run ``count`` iterations."""
        list(pool.map(lambda colony: colony.run(count), self.colonies))
        self.progress = replace(
            self.progress,
            iterations=self.progress.iterations + count,
            ants=self.progress.ants + count * sum(colony.ants for colony in self.colonies),
        )

    def step_beside(self, beside: Beside, stop: Stop, pool: Executor) -> None:
        """Let the method beside the colonies take part."""
        now = self.timed()
        beside.step(self.colonies, now.iterations, seconds_left(stop, now), pool)

    def timed(self) -> Progress:
        """Return the progress with the time that has passed by now."""
        return replace(self.progress, elapsed=perf_counter() - self.started)

    def result(self, reason: str) -> Result:
        """Return what the search found."""
        return Result(
            solver="aco",
            solution=self.found.solution,
            evaluation=self.found.evaluation,
            seed=0,
            iterations=self.progress.iterations,
            elapsed=self.progress.elapsed,
            stop_reason=reason,
            ants=self.progress.ants,
            lower_bound=self.progress.lower_bound,
            trace=tuple(self.found.trace),
        )


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
    grows during the search. ``beside`` takes part between slices; what it passes on after the
    last one is not looked at, as the clock may have cut it short, and a replay would not.
    """
    bound = lower_bound if callable(lower_bound) else lambda: lower_bound
    course = Course(Found(problem), colonies, bound, on_progress, started)
    if known is not None:
        course.begin(known)
    workers = len(colonies) + (beside is not None)
    with ThreadPoolExecutor(max(1, min(threads, workers))) as pool:
        while True:
            course.note_time()
            course.look()
            course.report()
            if reason := _reason(stop, course.progress):
                break
            if beside is not None and course.progress.iterations:
                course.step_beside(beside, stop, pool)
                if reason := stop(course.timed()):
                    break
            course.run(min(slice_iterations, iterations_left(stop, course.progress)), pool)
            if course.progress.iterations % exchange_every == 0:
                exchange(colonies)
    if beside is not None:
        beside.end()
        course.note_time()
        reason = "optimal" if _reached(course.progress) else reason
    on_progress(course.progress)
    return course.result(reason)


def exchange(colonies: Sequence[Colony]) -> None:
    """Let the worst colony go on from the best; with one colony nothing happens."""
    ranked = sorted(colonies, key=_measure)
    if ranked[-1].measure > ranked[0].measure:
        ranked[-1].adopt(ranked[0])


def _measure(colony: Colony) -> float:
    return colony.measure


def _reason(stop: Stop, progress: Progress) -> str | None:
    return "optimal" if _reached(progress) else stop(progress)


def _reached(progress: Progress) -> bool:
    """Whether the best cost is proven."""
    cost, bound = progress.cost, progress.lower_bound
    return cost is not None and bound is not None and cost <= bound
