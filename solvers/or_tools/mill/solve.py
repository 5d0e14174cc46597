"""The mill by CP-SAT: a tiny book as a whole, a larger one window by window of a known plan."""

import math
from dataclasses import replace
from random import Random
from time import perf_counter
from typing import Any

from ortools.sat.python import cp_model

from scheduler.evaluation import Evaluation, evaluate
from scheduler.mill import MONEY, MillProblem
from scheduler.mill_arrays import arrays_of, index_of, ints
from scheduler.schedule import LinePlan, Schedule
from scheduler.timeline import timeline_of
from scheduler.timing import MASS, first_fit
from scheduler.walk import READY
from solvers.or_tools.cp_sat_process import Found, solve_apart
from solvers.or_tools.mill.choice import Choice, every_plan, rooms_around, window_choice
from solvers.or_tools.mill.constraints import add_constraints
from solvers.or_tools.mill.model import MillModel, new_model
from solvers.or_tools.mill.objective import add_objective
from solvers.or_tools.mill.plan import add_hint, schedule_of
from solvers.planner_rule import PlannerRule
from solvers.progress import OnProgress, Progress, ignore_progress
from solvers.solver import Result
from solvers.stopping import MaxIterations, Stop, seconds_left

REPORT_EVERY = 0.5
WINDOW_LOTS = (2, 3, 4, 5)
"""Lots of a line that a window frees."""
WINDOW_EFFORT = 1.0
"""CP-SAT's deterministic time for a window, about as many seconds."""
WINDOW_PARAMETERS = "num_workers: 1 cp_model_probing_level: 0 symmetry_level: 0"
"""On such small models probing takes longer than the search."""
CLOSE_UP = 12
"""Lots after a window that are tried at an earlier start."""


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
    """Search until ``stop`` gives a reason, or a tiny book is solved to optimality.

    It begins with ``warm_start``, else with the planner's rule. For a tiny book iterations are the
    improving plans that CP-SAT finds, for others the windows searched. ``parameters`` of the
    result say which it was; ``model_bound`` is proven for gridded plans of single-cut lots only,
    and so is no lower bound of the problem.
    """
    run = Run(problem, perf_counter(), on_progress, stop)
    run.offer(warm_start if warm_start is not None else rule_plan(problem))
    choice = every_plan(problem)
    if choice is None:
        return windows(run, seed)
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
    known = {"method": "complete", "grid_s": choice.grid, "model_bound": bound}
    return run.result(seed, reason or run.reason or ending.status.lower(), known)


def build(problem: MillProblem, choice: Choice) -> MillModel:
    """Return the whole model of a choice."""
    grid = ints(range(0, problem.horizon, choice.grid))
    model = new_model(problem, choice.candidates, grid)
    add_constraints(model)
    add_objective(model)
    return model


def rule_plan(problem: MillProblem) -> Schedule | None:
    """Return the planner's rule's plan."""
    plan: Schedule | None = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    return plan


def windows(run: "Run", seed: int) -> Result:
    """Search windows of the best plan, one after another, until it is time to stop."""
    parameters = {"method": "windows", "window_effort": WINDOW_EFFORT}
    if run.plan is None:
        return run.result(seed, "no_plan_to_start_from", parameters)
    random = Random(seed)
    while not run.should_stop(-math.inf):
        run.progress = replace(run.progress, iterations=run.progress.iterations + 1)
        left = seconds_left(run.stop, run.progress)
        plan = searched_window(run.problem, run.plan, random, left)
        if plan is not None:
            run.offer(plan)
    return run.result(seed, run.reason or "", parameters)


def searched_window(
    problem: MillProblem, plan: Schedule, random: Random, seconds: float
) -> Schedule | None:
    """Return the best plan that differs in one random window, closed up; None without one.

    The result depends on ``plan`` and the state of ``random`` alone, unless the seconds run out.
    """
    lots = [
        (index_of(problem.lines)[line.line], number)
        for line in plan.lines
        for number in range(len(line.lots))
    ]
    line, first = random.choice(lots or [(0, 0)])
    size = random.choice(WINDOW_LOTS)
    rooms = rooms_around(problem, plan, line, max(0, first - size // 2), size)
    model = build(problem, window_choice(problem, plan, rooms))
    add_hint(model, plan)
    solver = cp_model.CpSolver()
    solver.parameters.parse_text_format(WINDOW_PARAMETERS)
    solver.parameters.random_seed = random.randrange(2**31)
    solver.parameters.max_deterministic_time = WINDOW_EFFORT
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    if solver.solve(model.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = schedule_of(model, solver.value)
    evaluation = scored(problem, found, solver.objective_value)
    return closed_up(problem, found, evaluation, min(room.begin for room in rooms))


def scored(problem: MillProblem, plan: Schedule, objective: float) -> Evaluation:
    """Return the evaluation of a plan of the model, whose objective must be the same."""
    evaluation = evaluate(problem, plan)
    if round(evaluation.cost * MONEY) != round(objective):
        raise AssertionError(
            f"the model's objective is {objective / MONEY}, the evaluator's {evaluation.cost}"
        )
    return evaluation


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


def closed_up(problem: MillProblem, plan: Schedule, best: Evaluation, after: int) -> Schedule:
    """Return the plan with lots moved off the grid to where their line is ready, if cheaper.

    Tried are the first lots of each line that start from ``after`` (s) on.
    """
    for line, lots in enumerate(plan.lines):
        later = [n for n, lot in enumerate(lots.lots) if lot.start >= after]
        for number in later[:CLOSE_UP]:
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
