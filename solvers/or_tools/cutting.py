"""OR-Tools on cutting problems: column generation, diving, and an exact integer master.

1. The pattern LP by column generation gives a bound, rounded up to what units can cost.
2. Randomised dives over its patterns give plans; the first that meets the bound is optimal.
3. Otherwise a master over all patterns that a cheaper plan could use (those of small reduced cost)
   finds a cheaper plan or proves that there is none. Its node limit grows until one of the two.
4. Where stock is limited, or such patterns are too many, one CP-SAT model has the last word.
"""

from itertools import count
from typing import Any

from scheduler.cutting import CutPlan, CuttingProblem
from solvers.cutting_form import CuttingForm, cutting_form
from solvers.or_tools.exact_cutting import ExactCutting
from solvers.or_tools.run import Run
from solvers.pattern_pricing import tables_fit
from solvers.progress import OnProgress, ignore_progress
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
    run = Run(problem, on_progress)
    if warm_start is not None:
        run.offer(warm_start)
    form = cutting_form(problem)
    if len(form.size) == 0:
        run.offer(CutPlan(()))
        run.prove(0.0)
        return run.result(seed, "optimal")
    exact = ExactCutting(form, seconds_left(stop, run.progress))
    run.offer(form.plan(exact.greedy(form.demand)))
    nodes, whole = FIRST_NODES, False
    for iteration in count(1):
        run.prove(exact.bound)
        run.note_time()
        if run.proven:
            return run.result(seed, "optimal")
        if reason := stop(run.progress):
            return run.result(seed, reason)
        run.count()
        if iteration <= DIVES:
            target = aim(run.cost, form, exact.bound, iteration)
            run.offer(form.plan(exact.dive(seed * 1000 + iteration, target)))
            continue
        limit = min(LONGEST_STEP, seconds_left(stop, run.progress))
        cost = None if run.cost is None else round(run.cost)
        if cost is None or whole:
            cuts, finished = exact.close_whole(cost, limit, seed)
            if finished and cuts is None and cost is None:
                return run.result(seed, "infeasible")
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
