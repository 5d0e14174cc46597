"""The contract of every solver on every kind of problem that it says it supports.

A result is scored by the evaluator, stops for a known reason, repeats from its seed and iterations
on one thread or two, keeps a warm start, tells its progress, and obeys every stopping criterion.
"""

import threading
from dataclasses import replace
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from instances.examples import EXAMPLES
from instances.generator import generate
from scheduler.cutting import CutPlan, CuttingProblem, StockUnit
from scheduler.evaluation import Evaluation, evaluate
from scheduler.issues import InvalidInput
from scheduler.mill import MillProblem
from scheduler.sequencing import SequencingProblem
from solvers.or_tools.solver import CpSat
from solvers.planner_rule import PlannerRule
from solvers.registry import SOLVERS
from solvers.solver import Result
from solvers.stopping import (
    Cancelled,
    FirstOf,
    MaxIterations,
    MaxRuntime,
    NoImprovement,
    Target,
    TargetGap,
)

if TYPE_CHECKING:
    from solvers.progress import Progress

REASONS = {
    "time",
    "iterations",
    "no_improvement",
    "target",
    "gap",
    "cancelled",
    "optimal",
    "infeasible",
    "done",
}
OURS = {
    name: solver
    for name, solver in SOLVERS.items()
    if type(solver).__module__.startswith("solvers.")  # tests of the service add stubs
}
ITERATIONS = 30
LIMIT = MaxRuntime(60)
"""No test waits for it: it bounds a solver that ignores its other criteria."""


def _random_tour():
    cost = np.random.default_rng(1).integers(1, 100, (25, 25))
    nothing = np.zeros(25, dtype=np.int64)
    return SequencingProblem("tour", cost, np.eye(25, dtype=bool), nothing, nothing, closed=True)


MAKERS = {
    **EXAMPLES,
    "tour": _random_tour,
    "bar": lambda: generate("bar", "day", seed=1, orders=4),
    "rod": lambda: generate("rod", "day", seed=1, orders=3),
}


@cache
def problem_of(kind):
    """Return the problem of a kind, made once."""
    return MAKERS[kind]()


CASES = [
    pytest.param(solver, kind, id=f"{name}-{kind}")
    for name, solver in OURS.items()
    for kind in MAKERS
    if solver.supports(problem_of(kind))
]
every_case = pytest.mark.parametrize(("solver", "kind"), CASES)
every_search = pytest.mark.parametrize(
    ("solver", "kind"), [case for case in CASES if case.values[0].name != PlannerRule.name]
)
"""All but the rule, which looks at no warm start."""


def foreign(problem):
    """Return a solution of another problem of the same class."""
    if isinstance(problem, MillProblem):
        return PlannerRule().solve(generate("bar", "day", seed=2), stop=LIMIT).solution
    if isinstance(problem, CuttingProblem):
        return CutPlan((StockUnit(int(problem.capacity[0]), (len(problem.item_size),)),))
    return tuple(range(problem.size - 1))


def iterations(solver, kind):
    """Return how many iterations a test runs: few where each is a CP-SAT search of its own."""
    return 4 if isinstance(solver, CpSat) and kind in {"bar", "rod"} else ITERATIONS


def solve(solver, kind, *criteria, **options):
    """Solve a kind's problem until the first of ``criteria``, some iterations by default."""
    stop = FirstOf((*(criteria or (MaxIterations(iterations(solver, kind)),)), LIMIT))
    return solver.solve(problem_of(kind), stop=stop, **options)


def test_every_kind_of_problem_has_a_solver_and_every_solver_a_kind():
    assert {case.values[1] for case in CASES} == set(MAKERS)
    assert {case.values[0].name for case in CASES} == set(OURS)
    assert all(name == solver.name for name, solver in OURS.items())


@every_case
def test_the_result_is_feasible_and_scored_by_the_evaluator(solver, kind):
    started = perf_counter()
    result = solve(solver, kind)
    wall = perf_counter() - started
    assert result.solution is not None
    assert evaluate(problem_of(kind), result.solution) == result.evaluation
    assert result.feasible
    assert result.solver == solver.name
    assert result.stop_reason in REASONS
    assert result.lower_bound is None or result.lower_bound <= result.evaluation.cost
    assert 0 <= result.elapsed <= wall
    assert result.iterations <= ITERATIONS
    costs = [cost for _, _, cost in result.trace]
    assert costs == sorted(costs, reverse=True)
    assert not costs or costs[-1] == result.evaluation.cost


@every_case
def test_seed_and_iterations_decide_the_result_on_one_thread_or_two(solver, kind):
    one, again, two = (solve(solver, kind, seed=7, threads=threads) for threads in (1, 1, 2))
    assert one.seed == 7
    assert one.solution == again.solution
    assert one.iterations == again.iterations
    assert two.evaluation == one.evaluation
    assert two.solution == one.solution


@every_case
def test_a_run_stopped_by_the_clock_is_replayed_from_its_iterations(solver, kind):
    timed = solve(solver, kind, MaxRuntime(0.2), seed=3)
    if isinstance(solver, CpSat) and timed.stop_reason != "optimal":
        pytest.skip("an exact solver that the clock stopped has no iterations to repeat")
    replayed = solve(solver, kind, MaxIterations(timed.iterations), seed=3)
    assert replayed.evaluation == timed.evaluation
    assert replayed.solution == timed.solution


@every_case
def test_a_target_already_reached_ends_the_search(solver, kind):
    cost = solve(solver, kind).evaluation.cost
    easy = cost + abs(cost)
    result = solve(solver, kind, Target(easy))
    assert result.evaluation.cost <= easy
    assert result.stop_reason in {"target", "optimal", "done"}


@every_case
def test_a_gap_already_proven_ends_the_search(solver, kind):
    cost = solve(solver, kind).evaluation.cost
    result = solve(solver, kind, TargetGap(0.9, cost - 0.5 * abs(cost)))
    assert result.feasible
    assert result.stop_reason in {"gap", "optimal", "done"}


@every_case
def test_no_improvement_ends_the_search(solver, kind):
    result = solve(solver, kind, NoImprovement(min(20, iterations(solver, kind))))
    assert result.stop_reason in {"no_improvement", "optimal", "done"}


@every_case
def test_cancelling_ends_the_search_and_keeps_what_was_found(solver, kind):
    cancelled = threading.Event()
    cancelled.set()
    result = solve(solver, kind, Cancelled(cancelled.is_set))
    assert result.stop_reason in {"cancelled", "optimal", "done"}
    assert result.solution is None or (
        evaluate(problem_of(kind), result.solution) == result.evaluation
    )


@every_search
def test_a_warm_start_is_never_made_worse(solver, kind):
    good = solve(solver, kind, seed=1)
    warm = solve(solver, kind, MaxIterations(1), seed=2, warm_start=good.solution)
    assert warm.evaluation.cost <= good.evaluation.cost


@every_search
def test_a_warm_start_of_another_problem_is_refused(solver, kind):
    with pytest.raises(InvalidInput) as refused:
        solve(solver, kind, MaxIterations(1), warm_start=foreign(problem_of(kind)))
    assert "give a solution of this problem" in refused.value.issues[0].hint


@every_case
def test_progress_goes_forward_and_tells_the_truth(solver, kind):
    seen: list[Progress] = []
    result = solve(solver, kind, MaxRuntime(1.2), on_progress=seen.append)
    assert seen
    assert [p.iterations for p in seen] == sorted(p.iterations for p in seen)
    assert [p.elapsed for p in seen] == sorted(p.elapsed for p in seen)
    costs = [p.cost for p in seen if p.cost is not None]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] >= result.evaluation.cost
    for progress in seen:
        if progress.solution is not None:
            assert evaluate(problem_of(kind), progress.solution).cost == progress.cost
        if progress.lower_bound is not None and progress.cost is not None:
            assert progress.lower_bound <= progress.cost


@pytest.mark.parametrize("name", OURS)
def test_what_is_not_supported_is_refused(name):
    assert not OURS[name].supports("a problem of no kind")
    with pytest.raises(TypeError):
        OURS[name].solve("a problem of no kind", stop=MaxIterations(1))


def _all_forbidden():
    nothing = np.zeros(6, dtype=np.int64)
    cost = np.ones((6, 6), dtype=np.int64)
    return SequencingProblem("stuck", cost, np.ones((6, 6), dtype=bool), nothing, nothing)


@pytest.mark.parametrize("name", [n for n in OURS if OURS[n].supports(_all_forbidden())])
def test_a_problem_without_a_feasible_solution_ends_without_one(name):
    problem = _all_forbidden()
    result = OURS[name].solve(problem, stop=FirstOf((MaxIterations(5), MaxRuntime(5))))
    assert not result.feasible
    if result.solution is not None:
        assert evaluate(problem, result.solution) == result.evaluation


def test_a_cost_of_nothing_has_no_gap_to_a_bound_below_it():
    result = Result("any", None, Evaluation(0.0, {}, ()), 0, 0, 0.0, "done", lower_bound=-1.0)
    assert result.gap is None
    assert replace(result, lower_bound=0.0).gap == 0.0
