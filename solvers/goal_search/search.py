"""Rounds of one solver as one search: each sees the problem priced as its choice asks for."""

from dataclasses import dataclass, field, replace
from itertools import count

from scheduler.evaluation import evaluate
from scheduler.goals import weighted
from scheduler.mill import MillProblem
from scheduler.schedule import Schedule
from solvers.goal_search.choices import Choice, Plan
from solvers.progress import OnProgress, Progress
from solvers.solver import Result, Solver
from solvers.stopping import FirstOf, MaxIterations, Stop, iterations_left, seconds_left

SHORTEST_ROUND, LONGEST_ROUND = 20, 80
"""Iterations of a round of the first sweep: as many as orders. They double from sweep to sweep."""
MOST_SEED = 2**63


@dataclass
class Rounds:
    """A search in rounds; what it finds is a function of problem, seed and iterations alone.

    That is why a round is counted in iterations, only its final plan is offered, and the plan of
    one that was stopped before its first iteration is not.
    """

    problem: MillProblem
    solver: Solver
    choice: Choice
    stop: Stop
    seed: int
    threads: int
    tell: OnProgress
    progress: Progress = field(default_factory=Progress)
    trace: tuple[tuple[float, int, float], ...] = ()
    set_up: float = 0.0

    def run(self) -> Result:
        """Search until the stop criterion says so."""
        for number in count():
            result = self._round(number)
            if number == 0 or result.iterations:
                self._take(result.solution)
            self.tell(self.progress)
            if (reason := self._reason()) is not None:
                return self._result(result, reason)
        raise AssertionError("a search in rounds ends by its stop criterion")

    def _round(self, number: int) -> Result:
        seen = weighted(self.problem, self.choice.factors(number))
        before = self.progress

        def shifted(inner: Progress) -> Progress:
            if inner.iterations == 0:
                self.set_up = inner.elapsed
            return replace(
                self.progress,
                elapsed=before.elapsed + inner.elapsed,
                iterations=before.iterations + inner.iterations,
                ants=before.ants + inner.ants,
            )

        first = min(max(SHORTEST_ROUND, len(self.problem.orders)), LONGEST_ROUND)
        length = first << min(40, number // self.choice.sweep())
        length = min(length, iterations_left(self.stop, before))
        result = self.solver.solve(
            seen,
            stop=FirstOf((lambda inner: self.stop(shifted(inner)), MaxIterations(length))),
            seed=(self.seed + number) % MOST_SEED,
            threads=self.threads,
            warm_start=self.choice.start(seen),
            on_progress=lambda inner: self.tell(shifted(inner)),
        )
        self.progress = shifted(
            Progress(elapsed=result.elapsed, iterations=result.iterations, ants=result.ants)
        )
        return result

    def _take(self, schedule: Schedule | None) -> None:
        """Offer a plan, and tell of it if it is the best one now."""
        if schedule is None:
            return
        self.choice.offer(Plan(schedule, evaluate(self.problem, schedule)))
        best = self.choice.best()
        if best is None or not best.evaluation.feasible or best.schedule == self.progress.solution:
            return
        now = self.progress
        cost = best.evaluation.cost
        self.trace = (*self.trace, (now.elapsed, now.iterations, cost))
        self.progress = replace(
            now,
            cost=cost,
            solution=best.schedule,
            best_iteration=now.iterations,
            best_at=now.elapsed,
        )

    def _reason(self) -> str | None:
        """Return why to stop; a round that could not even be set up in time is not begun."""
        if (reason := self.stop(self.progress)) is not None:
            return reason
        return "time" if seconds_left(self.stop, self.progress) < self.set_up else None

    def _result(self, last: Result, reason: str) -> Result:
        best = self.choice.best()
        return Result(
            solver=self.solver.name,
            solution=None if best is None else best.schedule,
            evaluation=None if best is None else best.evaluation,
            seed=self.seed,
            iterations=self.progress.iterations,
            elapsed=self.progress.elapsed,
            stop_reason=reason,
            ants=self.progress.ants,
            parameters=last.parameters,
            trace=self.trace,
            front=self.choice.front(),
        )
