"""The mill by CP-SAT: a tiny book as a whole, a larger one window by window of a known plan."""

import math
from dataclasses import replace
from random import Random
from time import perf_counter
from typing import Any

from scheduler.evaluation import Evaluation, evaluate
from scheduler.mill import MONEY, MillProblem
from scheduler.schedule import Schedule
from solvers.or_tools.cp_sat_process import Found, solve_apart
from solvers.or_tools.mill.build import build
from solvers.or_tools.mill.choice import Choice, every_plan
from solvers.or_tools.mill.close_up import closed_up
from solvers.or_tools.mill.model import MillModel
from solvers.or_tools.mill.plan import add_hint, schedule_of
from solvers.or_tools.mill.windows import Windows, scored
from solvers.planner_rule import PlannerRule
from solvers.progress import OnProgress, Progress, ignore_progress
from solvers.solver import Result
from solvers.stopping import MaxIterations, Stop

REPORT_EVERY = 0.5


def takes_mill(problem: Any) -> bool:
    """Whether ``problem`` is a mill's."""
    return isinstance(problem, MillProblem)


def solve_mill(
    problem: MillProblem,
    *,
    stop: Stop,
    seed: int = 0,
    threads: int = 1,
    warm_start: Any | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Result:
    """Search until ``stop`` gives a reason, or there is nothing left to search.

    It begins with ``warm_start``, else with the planner's rule. For a tiny book iterations are the
    improving plans that CP-SAT finds, for others the windows searched. ``parameters`` of the
    result say which it was; ``model_bound`` is proven for gridded plans of single-cut lots only,
    and so is no lower bound of the problem. CP-SAT has one worker, whatever the threads, so that
    the plan does not depend on them.
    """
    run = Run(problem, perf_counter(), on_progress, stop)
    run.offer(warm_start if warm_start is not None else rule_plan(problem))
    choice = every_plan(problem)
    return search_windows(run, seed) if choice is None else search_all(run, choice, seed)


def search_all(run: "Run", choice: Choice, seed: int) -> Result:
    """Search all gridded plans."""
    model = build(run.problem, choice)
    if run.plan is not None:
        add_hint(model, run.plan)
    ending = solve_apart(
        model.cp,
        seed=seed,
        workers=1,
        should_stop=lambda _: run.should_stop(),
        on_solution=lambda found: run.take(model, found),
    )
    reason = {"OPTIMAL": "optimal", "INFEASIBLE": "infeasible"}.get(ending.status)
    bound = None if math.isinf(ending.bound) else ending.bound / MONEY
    known = {"method": "complete", "grid_s": choice.grid, "model_bound": bound}
    return run.result(seed, reason or run.reason or ending.status.lower(), known)


def search_windows(run: "Run", seed: int) -> Result:
    """Search windows of the best plan, one after another, until all are closed."""
    parameters = {"method": "windows"}
    windows = Windows(run.problem, Random(seed))
    while run.plan is not None and not run.should_stop():
        rooms = windows.choose(run.plan)
        if rooms is None:
            return run.result(seed, "done", parameters)
        better = windows.search(run.plan, rooms, run.should_stop)
        if run.reason is None:
            run.progress = replace(run.progress, iterations=run.progress.iterations + 1)
            run.offer(better)
    return run.result(seed, run.reason or "done", parameters)


def rule_plan(problem: MillProblem) -> Schedule | None:
    """Return the planner's rule's plan."""
    plan: Schedule | None = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    return plan


class Run:
    """The best plan so far, and what is told about it."""

    def __init__(
        self, problem: MillProblem, started: float, on_progress: OnProgress, stop: Stop
    ) -> None:
        self.problem, self.started = problem, started
        self.on_progress, self.stop = on_progress, stop
        self.plan: Schedule | None = None
        self.evaluation: Evaluation | None = None
        self.progress = Progress()
        self.reported = started
        self.reason: str | None = None
        self.trace: list[tuple[float, int, float]] = []

    def take(self, model: MillModel, found: Found) -> None:
        """Score a plan of the model, and offer it with its lots closed up."""
        self.progress = replace(self.progress, iterations=self.progress.iterations + 1)
        plan = schedule_of(model, found.value)
        evaluation = scored(self.problem, plan, found.objective)
        self.offer(plan)
        self.offer(closed_up(self.problem, plan, evaluation, 0))

    def offer(self, plan: Schedule | None) -> None:
        """Keep ``plan`` if it is feasible and cheaper than the best so far."""
        if plan is None:
            return
        evaluation = evaluate(self.problem, plan)
        known = self.evaluation
        if not evaluation.feasible or (known is not None and evaluation.cost >= known.cost):
            return
        self.plan, self.evaluation = plan, evaluation
        elapsed = perf_counter() - self.started
        self.trace.append((elapsed, self.progress.iterations, evaluation.cost))
        self.progress = replace(
            self.progress, elapsed=elapsed, cost=evaluation.cost, solution=plan,
            best_iteration=self.progress.iterations, best_at=elapsed,
        )  # fmt: skip

    def should_stop(self) -> bool:
        """Look at the stopping criteria; tell the progress at most twice a second."""
        now = perf_counter()
        self.progress = replace(self.progress, elapsed=now - self.started)
        if now - self.reported >= REPORT_EVERY:
            self.reported = now
            self.on_progress(self.progress)
        self.reason = self.stop(self.progress)
        return self.reason is not None

    def result(self, seed: int, reason: str, parameters: dict[str, Any]) -> Result:
        """Return what was found."""
        self.progress = replace(self.progress, elapsed=perf_counter() - self.started)
        self.on_progress(self.progress)
        return Result(
            solver="cp_sat",
            solution=self.plan,
            evaluation=self.evaluation,
            seed=seed,
            iterations=self.progress.iterations,
            elapsed=self.progress.elapsed,
            stop_reason=reason,
            parameters=parameters,
            trace=tuple(self.trace),
        )
