"""What every OR-Tools search keeps while it runs: the best solution, its proof, and its course."""

from dataclasses import replace
from threading import Lock
from time import perf_counter
from typing import Any

from scheduler.evaluation import Evaluation, evaluate
from solvers.progress import OnProgress, Progress, ignore_progress
from solvers.solver import Result

REPORT_EVERY = 0.5
"""Seconds between two reports of progress."""


class Run:
    """A search under way; its clock starts with it. Two threads may tell it what they know."""

    def __init__(self, problem: Any, on_progress: OnProgress = ignore_progress) -> None:
        self.problem, self.on_progress = problem, on_progress
        self.started = self.reported = perf_counter()
        self.solution: Any | None = None
        self.evaluation: Evaluation | None = None
        self.progress = Progress()
        self._changing = Lock()
        self.trace: list[tuple[float, int, float]] = []

    @property
    def cost(self) -> float | None:
        """Cost of the best feasible solution."""
        return None if self.evaluation is None else self.evaluation.cost

    @property
    def proven(self) -> bool:
        """Whether nothing is better than the best so far."""
        bound = self.progress.lower_bound
        return self.cost is not None and bound is not None and self.cost <= bound

    def offer(self, solution: Any | None) -> bool:
        """Keep ``solution`` if it is feasible and the cheapest so far; return whether it is."""
        if solution is None:
            return False
        evaluation = evaluate(self.problem, solution)
        if not evaluation.feasible or (self.cost is not None and evaluation.cost >= self.cost):
            return False
        self.solution, self.evaluation = solution, evaluation
        elapsed, iteration = perf_counter() - self.started, self.progress.iterations
        self.trace.append((elapsed, iteration, evaluation.cost))
        self._note(
            elapsed=elapsed, cost=evaluation.cost, solution=solution,
            best_iteration=iteration, best_at=elapsed,
        )  # fmt: skip
        return True

    def _note(self, **changes: Any) -> None:
        """Change the progress; no change of another thread is lost."""
        with self._changing:
            self.progress = replace(self.progress, **changes)

    def count(self) -> None:
        """Count an iteration."""
        self._note(iterations=self.progress.iterations + 1)

    def prove(self, bound: float) -> None:
        """Raise the proven bound, at most to the best cost."""
        bound = bound if self.cost is None else min(bound, self.cost)
        if self.progress.lower_bound is None or bound > self.progress.lower_bound:
            self._note(lower_bound=bound)

    def note_time(self) -> None:
        """Bring the elapsed time up to date, and tell the progress at most twice a second."""
        now = perf_counter()
        self._note(elapsed=now - self.started)
        if now - self.reported >= REPORT_EVERY:
            self.reported = now
            self.on_progress(self.progress)

    def result(self, seed: int, reason: str, parameters: dict[str, Any] | None = None) -> Result:
        """Return what was found and proven, and tell the progress a last time."""
        self._note(elapsed=perf_counter() - self.started)
        self.on_progress(self.progress)
        return Result(
            solver="cp_sat",
            solution=self.solution,
            evaluation=self.evaluation,
            seed=seed,
            iterations=self.progress.iterations,
            elapsed=self.progress.elapsed,
            stop_reason=reason,
            parameters=parameters or {},
            lower_bound=self.progress.lower_bound,
            trace=tuple(self.trace),
        )
