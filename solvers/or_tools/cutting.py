"""OR-Tools on cutting problems: column generation, diving, and an exact integer master.

1. The pattern LP by column generation gives a bound, rounded up to what units can cost.
2. Randomised dives over its patterns give plans; the first that meets the bound is optimal.
3. Otherwise a master over all patterns that a cheaper plan could use (those of small reduced cost)
   finds a cheaper plan or proves that there is none. Its node limit grows until one of the two.
4. Where stock is limited, or such patterns are too many, one CP-SAT model has the last word.
"""

from dataclasses import replace
from itertools import count
from time import perf_counter
from typing import Any

from scheduler.cutting import CutPlan, CuttingProblem
from scheduler.evaluation import Evaluation, evaluate
from solvers.cutting_form import CuttingForm, cutting_form
from solvers.or_tools.exact_cutting import ExactCutting
from solvers.pattern_pricing import tables_fit
from solvers.progress import OnProgress, Progress, ignore_progress
from solvers.solver import Result
from solvers.stopping import Stop, seconds_left

DIVES = 12
FIRST_NODES = 200
LONGEST_STEP = 10.0


def takes_cutting(problem: Any) -> bool:
    """Whether ``problem`` is a cutting problem whose knapsack tables fit into memory."""
    return isinstance(problem, CuttingProblem) and tables_fit(cutting_form(problem))


def solve_cutting(
    problem: CuttingProblem,
    *,
    stop: Stop,
    seed: int = 0,
    threads: int = 1,
    warm_start: Any | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Result:
    """Solve ``problem`` to optimality, or as far as ``stop`` lets it come."""
    run = Run(problem, perf_counter(), on_progress)
    if warm_start is not None:
        run.offer(warm_start)
    form = cutting_form(problem)
    if len(form.size) == 0:
        run.offer(CutPlan(()))
        return run.result(seed, "optimal", 0.0)
    exact = ExactCutting(form, seconds_left(stop, run.progress))
    run.offer(form.plan(exact.greedy(form.demand)))
    nodes, whole = FIRST_NODES, False
    for iteration in count(1):
        run.report(iteration - 1, exact.bound)
        if run.cost is not None and run.cost <= exact.bound:
            return run.result(seed, "optimal", exact.bound)
        if reason := stop(run.progress):
            return run.result(seed, reason, exact.bound)
        if iteration <= DIVES:
            target = aim(run.cost, form, exact.bound, iteration)
            run.offer(form.plan(exact.dive(seed * 1000 + iteration, target)))
            continue
        limit = min(LONGEST_STEP, seconds_left(stop, run.progress))
        cost = None if run.cost is None else round(run.cost)
        if cost is None or whole:
            cuts, finished = exact.close_whole(cost, limit, seed)
            if finished and cuts is None and cost is None:
                return run.result(seed, "infeasible", exact.bound)
        else:
            cuts, finished = exact.close(cost, nodes, limit)
            # Generated columns alone prove nothing: the whole model has to.
            whole = finished and cuts is None
        if cuts is not None:
            run.offer(form.plan(cuts))
        if not finished:
            nodes *= 4
    raise AssertionError("count() does not end")


def aim(cost: float | None, form: CuttingForm, bound: int, iteration: int) -> int:
    """Return the cost that a dive aims at: the bound, or half-way up to the best plan."""
    if cost is None or iteration % 3:
        return bound
    return int((bound + cost) / 2) // form.cost_step * form.cost_step


class Run:
    """The best plan so far, and what is told about it."""

    def __init__(self, problem: CuttingProblem, started: float, on_progress: OnProgress) -> None:
        self.problem, self.started, self.on_progress = problem, started, on_progress
        self.plan: CutPlan | None = None
        self.evaluation: Evaluation | None = None
        self.progress = Progress()
        self.reported = started
        self.trace: list[tuple[float, int, float]] = []

    @property
    def cost(self) -> float | None:
        """Cost of the best feasible plan."""
        return None if self.evaluation is None else self.evaluation.cost

    def offer(self, plan: CutPlan) -> None:
        """Keep ``plan`` if it is feasible and the cheapest so far."""
        evaluation = evaluate(self.problem, plan)
        if not evaluation.feasible or (self.cost is not None and evaluation.cost >= self.cost):
            return
        self.plan, self.evaluation = plan, evaluation
        elapsed, iteration = perf_counter() - self.started, self.progress.iterations
        self.trace.append((elapsed, iteration, evaluation.cost))
        self.progress = replace(
            self.progress, cost=evaluation.cost, best_iteration=iteration, best_at=elapsed,
            solution=plan,
        )  # fmt: skip

    def report(self, iterations: int, bound: float) -> None:
        """Update the progress, and tell it at most twice a second."""
        now = perf_counter()
        self.progress = replace(
            self.progress, elapsed=now - self.started, iterations=iterations, lower_bound=bound
        )
        if now - self.reported >= 0.5:
            self.reported = now
            self.on_progress(self.progress)

    def result(self, seed: int, reason: str, bound: float) -> Result:
        """Return the checked result."""
        elapsed = perf_counter() - self.started
        self.on_progress(replace(self.progress, elapsed=elapsed, lower_bound=bound))
        return Result(
            solver="cp_sat",
            solution=self.plan,
            evaluation=self.evaluation,
            seed=seed,
            iterations=self.progress.iterations,
            elapsed=elapsed,
            stop_reason=reason,
            lower_bound=bound,
            trace=tuple(self.trace),
        )
