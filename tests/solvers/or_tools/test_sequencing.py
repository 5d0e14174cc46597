"""CP-SAT on sequences: equal to brute force, and its bound to what it proved."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from scheduler.evaluation import evaluate
from scheduler.sequencing import SequencingProblem, Timing
from solvers.or_tools.solver import CpSat
from solvers.stopping import MaxIterations, MaxRuntime
from tests.naive_sequencing import best_cost, random_problem
from tests.solvers.test_tour_form import KINDS


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("size", [1, 2, 6])
def test_the_optimum_is_found_and_proven(kind, size):
    if size == 1:
        kind = {k: v for k, v in kind.items() if k not in ("ends", "pairs")}
    problem = random_problem(size + 20, size, **kind)
    best = best_cost(problem)
    result = CpSat().solve(problem, stop=MaxRuntime(60.0))
    if best is None:
        assert (result.stop_reason, result.solution) == ("infeasible", None)
        return
    assert result.stop_reason == "optimal"
    assert result.evaluation.cost == pytest.approx(best, rel=1e-12)
    assert result.lower_bound == result.evaluation.cost


def timed(seed, size=5, **changes):
    rng = np.random.default_rng(seed)
    lag = rng.integers(1, 20, (size, size))
    fields = {
        "start_lag": lag,
        "first_start": rng.integers(0, 9, size),
        "duration": rng.integers(1, 9, size),
        "due_date": rng.integers(-5, 40, size),
        "weight": rng.integers(0, 6, size),
        "release": rng.integers(0, 30, size),
    }
    plain = random_problem(seed, size)
    return SequencingProblem(
        "timed", plain.transition_cost, plain.forbidden, plain.first_cost, plain.last_cost,
        timing=Timing(**(fields | changes)), objective="weighted_tardiness",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_tardiness_equals_brute_force(seed):
    problem = timed(seed)
    result = CpSat().solve(problem, stop=MaxRuntime(60.0))
    assert (result.evaluation.cost, result.stop_reason) == (best_cost(problem), "optimal")


def test_deadlines_are_kept():
    problem = timed(1)
    orders = [(evaluate(problem, o), o) for o in permutations(range(5))]
    spans = sorted(s.terms["makespan"] for s, _ in orders)
    strict = timed(1, deadline=np.full(5, spans[len(spans) // 10]))
    result = CpSat().solve(strict, stop=MaxRuntime(60.0))
    assert result.feasible
    assert result.evaluation.cost == best_cost(strict)


def test_a_warm_start_is_never_lost_and_one_solution_can_be_enough():
    problem = random_problem(5, 30, pairs=10)
    start = CpSat().solve(problem, stop=MaxIterations(1)).solution
    assert evaluate(problem, start).feasible
    again = CpSat().solve(problem, stop=MaxRuntime(2.0), warm_start=start)
    assert again.evaluation.cost <= evaluate(problem, start).cost
    assert again.gap is not None
    assert 0 <= again.gap <= 1


def test_a_tour_is_known_where_time_is_too_short_for_a_model():
    problem = random_problem(3, 30, closed=True)
    result = CpSat().solve(problem, stop=MaxRuntime(0.0))
    assert result.feasible
    assert result.stop_reason == "time"
    assert result.lower_bound is not None
    assert 0 < result.lower_bound < result.evaluation.cost


def test_a_first_tour_that_meets_the_bound_needs_no_model():
    problem = random_problem(3, 30, closed=True)
    equal = replace(problem, transition_cost=np.full((30, 30), 7))
    result = CpSat().solve(equal, stop=MaxRuntime(60.0))
    assert result.stop_reason == "optimal"
    assert result.lower_bound == result.evaluation.cost == 1000 + 30 * 7


def few_jobs(size, **changes):
    """A problem whose transitions cost nothing."""
    nothing = np.zeros(size, dtype=np.int64)
    matrix = np.zeros((size, size), dtype=np.int64)
    problem = SequencingProblem("few", matrix, matrix.astype(np.bool_), nothing, nothing)
    return replace(problem, **changes)


def test_a_tour_without_any_allowed_arc_is_infeasible():
    problem = few_jobs(3, forbidden=np.ones((3, 3), dtype=np.bool_), closed=True)
    result = CpSat().solve(problem, stop=MaxRuntime(10.0))
    assert (result.stop_reason, result.solution) == ("infeasible", None)


def two_jobs(**fields):
    timing = Timing(**{name: np.array(value, dtype=np.int64) for name, value in fields.items()})
    return few_jobs(2, timing=timing, objective="weighted_tardiness")


def test_a_job_may_start_long_before_the_one_before_it():
    problem = two_jobs(
        start_lag=[[0, -10], [-3, 0]], first_start=[0, 0], duration=[1, 3], due_date=[1, -10],
        weight=[1, 1],
    )  # fmt: skip
    result = CpSat().solve(problem, stop=MaxRuntime(10.0))
    # Job 1 starts at -10 and ends at -7, 3 late; the other way round it ends at 3, 13 late.
    assert (result.stop_reason, result.evaluation.cost, result.lower_bound) == ("optimal", 3.0, 3.0)


def test_sums_beyond_64_bits_are_not_taken():
    fields = {"first_start": [0, 0], "duration": [5, 5], "due_date": [0, 0]}
    lag = [[0, 2**38], [2**38, 0]]
    assert CpSat().supports(two_jobs(start_lag=lag, weight=[1, 1], **fields))
    assert not CpSat().supports(two_jobs(start_lag=lag, weight=[2**38, 1], **fields))


def test_halves_that_no_transition_joins_are_infeasible_whatever_the_digits_of_the_costs():
    half = np.repeat([True, False], 6)
    cost = np.random.default_rng(3).integers(0, 300, (12, 12)) / 10
    problem = few_jobs(12, transition_cost=cost, forbidden=half[:, None] != half, closed=True)
    result = CpSat().solve(problem, stop=MaxRuntime(10.0))
    assert (result.stop_reason, result.solution) == ("infeasible", None)
