"""Solve a mill problem by the model: choose its size, hint the known plan, search, score."""

import math
from dataclasses import replace
from time import perf_counter
from typing import Any

from scheduler.evaluation import Evaluation, evaluate
from scheduler.mill import MONEY, MillProblem
from scheduler.mill_arrays import arrays_of, index_of
from scheduler.schedule import LinePlan, Schedule
from scheduler.timeline import timeline_of
from scheduler.timing import MASS, first_fit
from scheduler.walk import READY
from solvers.or_tools.cp_sat_process import Found, solve_apart
from solvers.or_tools.mill.choice import Choice, choose
from solvers.or_tools.mill.constraints import add_constraints
from solvers.or_tools.mill.model import MillModel, new_model
from solvers.or_tools.mill.objective import add_objective
from solvers.or_tools.mill.plan import add_hint, schedule_of
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
    """Search until ``stop`` gives a reason, or the model is solved to optimality.

    Iterations are the improving plans that CP-SAT finds. Where the model is not ``complete`` the
    planner's rule (or ``warm_start``) is part of it, and never lost. ``parameters`` of the result
    say what the model covered, and how far CP-SAT got: ``model_bound`` is proven for gridded
    plans of the candidates only, and so no lower bound of the problem.
    """
    run = Run(problem, perf_counter(), on_progress, stop)
    run.offer(warm_start if warm_start is not None else rule_plan(problem))
    choice = choose(problem, run.plan)
    if choice is None:
        return run.result(seed, "too_large", {"model": "none: the book is too large for CP-SAT"})
    model = build(problem, choice)
    if run.plan is not None:
        add_hint(model, run.plan)
    ending = solve_apart(
        model.cp,
        seed=seed,
        workers=threads,
        should_stop=run.should_stop,
        on_solution=lambda found: run.take(model, found),
    )
    reason = {"OPTIMAL": "optimal", "INFEASIBLE": "infeasible"}.get(ending.status)
    bound = None if math.isinf(ending.bound) else ending.bound / MONEY
    known = {"grid_s": choice.grid, "complete": choice.complete, "model_bound": bound}
    return run.result(seed, reason or run.reason or ending.status.lower(), known)


def build(problem: MillProblem, choice: Choice) -> MillModel:
    """Return the whole model of a choice."""
    model = new_model(problem, choice.candidates, choice.starts(problem.horizon))
    add_constraints(model)
    add_objective(model)
    return model


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
        evaluation = evaluate(self.problem, plan)
        if round(evaluation.cost * MONEY) != round(found.objective):
            raise AssertionError(
                f"model's objective {found.objective / MONEY}, evaluator's {evaluation.cost}"
            )
        self.offer(plan)
        self.offer(closed_up(self.problem, plan, evaluation))

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

    def should_stop(self, bound: float) -> bool:  # noqa: ARG002
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


def closed_up(problem: MillProblem, plan: Schedule, best: Evaluation) -> Schedule:
    """Return the plan with lots moved off the grid to where their line is ready, if cheaper."""
    for line, lots in enumerate(plan.lines):
        for number in range(len(lots.lots)):
            earlier = started_when_ready(problem, plan, line, number)
            evaluation = evaluate(problem, earlier)
            if evaluation.feasible and evaluation.cost < best.cost:
                plan, best = earlier, evaluation
    return plan


def started_when_ready(problem: MillProblem, plan: Schedule, line: int, number: int) -> Schedule:
    """Return the plan with one lot started as soon as its line is ready and open."""
    mill, timeline = arrays_of(problem), timeline_of(problem, plan)
    plant = index_of(problem.lines)[plan.lines[line].line]
    position = timeline.positions(plant)[number]
    stretch = timeline.stretches_of(position)[0]
    lot = plan.lines[line].lots[number]
    rate = mill.rate[
        plant, timeline.plan.lots.section[position], timeline.plan.lots.grade[position]
    ]
    length = 3600 * int(stretch[MASS]) // int(rate)
    ready = int(timeline.outcome[position, READY])
    start = min(lot.start, first_fit(mill.idle, plant, max(0, ready), length))
    lots = list(plan.lines[line].lots)
    lots[number] = replace(lot, start=int(start))
    lines = list(plan.lines)
    lines[line] = LinePlan(lines[line].line, tuple(lots))
    return Schedule(tuple(lines))
