"""The mill by CP-SAT: a tiny book as a whole, a larger one window by window of a known plan."""

import math
from random import Random
from typing import Any

from scheduler.mill import MONEY, MillProblem
from scheduler.schedule import Schedule
from solvers.or_tools.cp_sat_process import Found, solve_apart
from solvers.or_tools.mill.build import build
from solvers.or_tools.mill.choice import Choice, every_plan
from solvers.or_tools.mill.close_up import closed_up
from solvers.or_tools.mill.model import MillModel
from solvers.or_tools.mill.plan import add_hint, schedule_of
from solvers.or_tools.mill.windows import Windows, scored
from solvers.or_tools.run import Run
from solvers.planner_rule import PlannerRule
from solvers.progress import OnProgress, ignore_progress
from solvers.solver import Result
from solvers.stopping import MaxIterations, Stop


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

    It begins with the better one of ``warm_start`` and the planner's rule. For a tiny book
    iterations are the improving plans that CP-SAT finds, for others the windows searched.
    ``parameters`` of the result say which it was; ``model_bound`` is proven for gridded plans of
    single-cut lots only, and so is no lower bound of the problem. CP-SAT has one worker, whatever
    the threads, so that the plan does not depend on them.
    """
    run = MillRun(problem, on_progress, stop)
    for plan in (warm_start, rule_plan(problem)):
        run.offer(plan)
    choice = every_plan(problem)
    return search_windows(run, seed) if choice is None else search_all(run, choice, seed)


def search_all(run: "MillRun", choice: Choice, seed: int) -> Result:
    """Search all gridded plans."""
    model = build(run.problem, choice)
    if run.solution is not None:
        add_hint(model, run.solution)
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


def search_windows(run: "MillRun", seed: int) -> Result:
    """Search windows of the best plan, one after another, until all are closed."""
    parameters = {"method": "windows"}
    windows = Windows(run.problem, Random(seed))
    while run.solution is not None and not run.should_stop():
        rooms = windows.choose(run.solution)
        if rooms is None:
            return run.result(seed, "done", parameters)
        better = windows.search(run.solution, rooms, run.should_stop)
        if run.reason is None:
            run.count()
            run.offer(better)
    return run.result(seed, run.reason or "done", parameters)


def rule_plan(problem: MillProblem) -> Schedule | None:
    """Return the planner's rule's plan."""
    plan: Schedule | None = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    return plan


class MillRun(Run):
    """A search for a mill's plan, and why it stops."""

    def __init__(self, problem: MillProblem, on_progress: OnProgress, stop: Stop) -> None:
        super().__init__(problem, on_progress)
        self.stop = stop
        self.reason: str | None = None

    def take(self, model: MillModel, found: Found) -> None:
        """Score a plan of the model, and offer it with its lots closed up."""
        self.count()
        plan = schedule_of(model, found.value)
        evaluation = scored(self.problem, plan, found.objective)
        self.offer(plan)
        self.offer(closed_up(self.problem, plan, evaluation, 0))

    def should_stop(self) -> bool:
        """Look at the stopping criteria; tell the progress at most twice a second."""
        self.note_time()
        self.reason = self.stop(self.progress)
        return self.reason is not None
