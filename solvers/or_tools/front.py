"""Fronts of tardiness and transition cost by CP-SAT: least tardiness under a budget of links.

The budget is swept by bisection: first without one, then the least transition cost there is, then
the middle of the widest gaps of the front, measured along both objectives. Two budgets are searched
at a time, each by one worker for a fixed amount of CP-SAT's own deterministic work, so that the
front does not depend on the threads. The model's times are rounded to whole ticks, so it is the
evaluator that says what a sequence is worth; nothing is proven about the front.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.evaluation import evaluate
from scheduler.front import Front, FrontPoint, front_of
from scheduler.sequence_evaluation import front_point
from scheduler.sequencing import Sequence, SequencingProblem, Timing
from solvers.or_tools.cp_solver import cp_solver
from solvers.or_tools.run import Run
from solvers.or_tools.sequencing_model import SequencingModel
from solvers.progress import OnProgress, ignore_progress
from solvers.solver import Result
from solvers.stopping import Stop, seconds_left
from solvers.tour_form import tour_form

TICKS = 100_000
"""Whole ticks of the longest possible sequence."""
MOST_TICKS = 2**30
"""Most whole ticks of any time, where due dates are far beyond the longest sequence."""
BATCH = 2
"""Budgets searched side by side."""
WORK = 5.0
"""Most deterministic time (about seconds) that CP-SAT spends on one budget."""
SHARE = 0.2
"""Part of the time left that a batch of budgets may take."""


def takes_front(problem: Any) -> bool:
    """Whether ``problem`` is an open timed sequence that asks for a front."""
    return (
        isinstance(problem, SequencingProblem)
        and problem.objective == "pareto"
        and not problem.closed
    )


def solve_front(
    problem: SequencingProblem,
    *,
    stop: Stop,
    seed: int = 0,
    threads: int = 1,
    warm_start: Any | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Result:
    """Sweep budgets until ``stop`` gives a reason or every gap of the front was tried."""
    run = FrontRun(problem, warm_start, on_progress)
    reason = stop(run.progress)
    while reason is None and (budgets := run.next_budgets()):
        seconds = max(0.05, SHARE * seconds_left(stop, run.progress))
        run.solve(budgets, seconds, seed, threads)
        reason = stop(run.progress)
    return run.result(seed, reason or "done")


class FrontRun(Run):
    """The points found so far, and the budgets still worth a model."""

    def __init__(
        self, problem: SequencingProblem, warm_start: Any | None, on_progress: OnProgress
    ) -> None:
        super().__init__(problem, on_progress)
        self.whole = whole_times(problem)
        self.form = tour_form(self.whole)
        self.points: list[FrontPoint] = []
        self.tried: set[float] = set()
        known = () if problem.known_order is None else (tuple(problem.known_order.tolist()),)
        for jobs in (*known, *_sequences(warm_start)):
            self.add(jobs)

    def add(self, jobs: Sequence) -> None:
        """Keep a sequence if it is feasible and not dominated."""
        if evaluate(self.problem, jobs).feasible:
            points = [*self.points, front_point(self.problem, jobs)]
            self.points = list(front_of(points).points)

    def next_budgets(self) -> list[float]:
        """Return the next transition costs to allow; none when all gaps were tried."""
        if not self.tried:
            return [np.inf, -np.inf]
        values = np.array([point.objectives for point in self.points])
        if len(values) < 2:
            return []
        span = np.maximum(np.ptp(values, axis=0), 1e-9)
        width = np.abs(np.diff(values / span, axis=0)).prod(axis=1)
        gaps = np.argsort(-width, kind="stable").tolist()
        middles = [float(values[gap : gap + 2, 1].mean()) for gap in gaps]
        return [budget for budget in middles if budget not in self.tried][:BATCH]

    def solve(self, budgets: list[float], seconds: float, seed: int, threads: int) -> None:
        """Search each budget for its least tardiness (-inf: for the least links) and keep all."""
        self.tried.update(budgets)
        models = [self._model(budget) for budget in budgets]
        with ThreadPoolExecutor(min(threads, BATCH)) as pool:
            searches = [pool.submit(_search, model, seconds, seed) for model in models]
        for search in searches:
            for jobs in search.result():
                self.add(jobs)
        self.count()
        if self.points:
            self.offer(Front(tuple(self.points)))
        self.note_time()

    def _model(self, budget: float) -> SequencingModel:
        """Return the model of one budget, started from the best point within it."""
        aim = self.whole if budget > -np.inf else replace(self.whole, objective="transition_cost")
        model = SequencingModel(aim, self.form, ~self.form.forbidden, None)
        if np.isfinite(budget):
            limit = int((budget - self.form.constant) / self.form.unit)
            cost = self.form.cost
            model.cp.add(sum(int(cost[arc]) * taken for arc, taken in model.arcs.items()) <= limit)
        within = [point for point in self.points if point.objectives[1] <= budget]
        if within or self.points:
            model.hint(self.form.tour((within or self.points[-1:])[0].solution))
        return model

    def result(self, seed: int, reason: str, parameters: dict[str, Any] | None = None) -> Result:
        """Return the front found, also where no point adds to its volume."""
        if self.points:
            self.solution = Front(tuple(self.points))
            self.evaluation = evaluate(self.problem, self.solution)
        return super().result(seed, reason, parameters)


def _search(model: SequencingModel, seconds: float, seed: int) -> list[Sequence]:
    """Return the sequences that one worker finds, in their order."""
    found: list[Sequence] = []
    solver = cp_solver(seed)
    solver.parameters.max_deterministic_time = WORK
    solver.parameters.max_time_in_seconds = seconds
    solver.solve(model.cp, model.keep(found.append))
    return found


def whole_times(problem: SequencingProblem) -> SequencingProblem:
    """Return ``problem`` with its times in whole ticks and tardiness as objective."""
    timing = problem.timing
    if timing is None:
        raise ValueError(f"{problem.name}: a front of tardiness needs times")
    longest = float(np.abs(timing.start_lag).max(axis=0).sum() + np.abs(timing.first_start).max())
    others = (timing.duration, timing.due_date, timing.release, timing.deadline)
    largest = max(float(np.abs(values).max()) for values in others if values is not None)
    tick = max(longest / TICKS, largest / MOST_TICKS) or 1.0

    def ticks(values: NDArray[Any]) -> NDArray[np.int64]:
        return np.rint(np.asarray(values, dtype=np.float64) / tick).astype(np.int64)

    heaviest = float(timing.weight.max()) or 1.0
    return replace(
        problem,
        objective="weighted_tardiness",
        timing=Timing(
            start_lag=ticks(timing.start_lag),
            first_start=ticks(timing.first_start),
            duration=ticks(timing.duration),
            due_date=ticks(timing.due_date),
            weight=np.rint(1000 * timing.weight / heaviest).astype(np.int64),
            release=None if timing.release is None else ticks(timing.release),
            deadline=None if timing.deadline is None else ticks(timing.deadline),
        ),
    )


def _sequences(warm_start: Any | None) -> list[Sequence]:
    if warm_start is None:
        return []
    if isinstance(warm_start, Front):
        return [tuple(point.solution) for point in warm_start.points]
    return [tuple(warm_start)]
