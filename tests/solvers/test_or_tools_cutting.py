"""Exact cutting: brute force on tiny problems, pricing by hand, bounds never above an optimum."""

import itertools

import numpy as np
import pytest

from scheduler.cutting import CuttingProblem
from scheduler.evaluation import evaluate
from solvers.cutting_form import cutting_form
from solvers.or_tools.column_generation import solve_pattern_lp
from solvers.or_tools.compositions import CompositionLp, compositions
from solvers.or_tools.exact_cutting import ExactCutting
from solvers.or_tools.pattern_master import patterns_within, solve_master
from solvers.or_tools.solver import CpSat
from solvers.pattern_enumeration import enumerate_patterns
from solvers.pattern_pricing import (
    fill_tables,
    item_types,
    new_tables,
    read_pattern,
)
from solvers.stopping import MaxRuntime
from tests.naive_cutting import least_cost


def random_problem(seed, objective="loss"):
    rng = np.random.default_rng(seed)
    types = int(rng.integers(2, 6))
    demand = rng.integers(1, 3, types)
    while demand.sum() > 8:
        demand[demand.argmax()] -= 1
    capacity = np.sort(rng.choice(np.arange(10, 24), int(rng.integers(1, 4)), replace=False))
    return CuttingProblem(
        name=f"random {seed}",
        item_size=rng.integers(2, 11, types),
        item_demand=demand,
        item_family=rng.integers(0, 4, types),
        capacity=capacity,
        stock_count=np.full(len(capacity), -1),
        family_limit=int(rng.integers(1, 3)),
        objective=objective,
    )


@pytest.mark.parametrize("objective", ["loss", "units"])
@pytest.mark.parametrize("seed", range(12))
def test_tiny_problems_are_solved_to_the_brute_force_optimum(seed, objective):
    problem = random_problem(seed, objective)
    best = least_cost(problem)
    result = CpSat().solve(problem, stop=MaxRuntime(20))
    assert result.feasible
    assert result.stop_reason == "optimal"
    assert (result.evaluation.cost, result.lower_bound) == (best, best)
    assert solve_pattern_lp(cutting_form(problem)).bound <= best


def patterns_of(form):
    """Yield every pattern that fits the largest unit and the family limit."""
    for cut in itertools.product(*(range(d + 1) for d in form.demand)):
        pattern = np.array(cut)
        families = set(form.family[pattern > 0].tolist())
        if pattern @ form.size <= form.capacity[-1] and len(families) <= form.family_limit:
            yield pattern


@pytest.mark.parametrize("seed", range(8))
def test_pricing_finds_the_most_valuable_pattern_of_every_load(seed):
    form = cutting_form(random_problem(seed))
    worth = np.random.default_rng(seed).random(len(form.size)) * form.size
    types, tables = item_types(form), new_tables(form)
    fill_tables(types, form.demand, worth, tables)
    for load in range(int(form.capacity[-1]) + 1):
        fitting = [p for p in patterns_of(form) if p @ form.size <= load]
        pattern = np.zeros_like(form.size)
        read_pattern(types, tables, load, pattern)
        assert tables.value[-1][load] == pytest.approx(max(p @ worth for p in fitting))
        assert pattern @ worth == pytest.approx(tables.value[-1][load])
        assert any(np.array_equal(pattern, p) for p in fitting)


@pytest.mark.parametrize("seed", range(8))
def test_enumeration_finds_all_maximal_patterns_of_small_reduced_cost(seed):
    form = cutting_form(random_problem(seed))
    worth = np.random.default_rng(seed).random(len(form.size)) * form.size
    unit = {tuple(p): form.cheapest_unit(p @ form.size) for p in patterns_of(form)}
    expected = {
        cut
        for cut, kind in unit.items()
        if form.unit_cost[kind] - np.array(cut) @ worth <= 4.0
        and not any(
            unit.get((*cut[:t], cut[t] + 1, *cut[t + 1 :])) == kind for t in range(len(cut))
        )
    }
    patterns = np.zeros((5000, len(form.size)), dtype=np.int64)
    arguments = (item_types(form), form.capacity, form.unit_cost, worth, 4.0)
    found = enumerate_patterns(*arguments, patterns)
    assert {tuple(p) for p in patterns[:found].tolist()} == expected
    if found > 0:  # one row too few is reported, not overrun
        short = patterns[: found - 1]
        assert enumerate_patterns(*arguments, short) == -1


def test_limited_stock_is_respected_or_found_too_small():
    # Three 6s: two units of 12 would do, but there is one; the third goes into a 7 (loss 1).
    limited = CuttingProblem(
        "limited", np.array([6]), np.array([3]), np.array([0]), np.array([7, 12]), np.array([-1, 1])
    )
    result = CpSat().solve(limited, stop=MaxRuntime(20))
    assert (result.evaluation.cost, result.stop_reason) == (1.0, "optimal")
    impossible = CuttingProblem(
        "impossible", np.array([6]), np.array([4]), np.array([0]), np.array([8]), np.array([3])
    )
    # Any seed that the command line takes will do.
    result = CpSat().solve(impossible, stop=MaxRuntime(20), seed=2**63 - 1)
    assert (result.solution, result.stop_reason) == (None, "infeasible")


def test_dives_and_greedy_cover_the_demand():
    for seed in range(6):
        problem = random_problem(seed)
        form = cutting_form(problem)
        exact = ExactCutting(form)
        for cuts in (exact.greedy(form.demand), exact.dive(seed, exact.bound)):
            assert evaluate(problem, form.plan(cuts)).feasible


def test_early_end_of_column_generation_still_bounds():
    problem = random_problem(3)
    assert solve_pattern_lp(cutting_form(problem), seconds=0.0).bound <= least_cost(problem)


def test_same_seed_same_plan():
    problem = random_problem(5)
    plans = [CpSat().solve(problem, stop=MaxRuntime(20), seed=3).solution for _ in range(2)]
    assert plans[0] == plans[1]


def test_compositions_are_all_numbers_of_units_within_the_cost():
    unit_cost = np.array([3, 5, 8])
    expected = sorted(
        (3 * a + 5 * b + 8 * c, a, b, c)
        for a, b, c in itertools.product(range(8), range(5), range(3))
        if 14 <= 3 * a + 5 * b + 8 * c <= 19
    )
    found = [(int(units @ unit_cost), *units) for units in compositions(unit_cost, 14, 19, 100)]
    assert sorted(found) == expected
    assert [cost for cost, *_ in found] == sorted(cost for cost, *_ in found)
    assert compositions(unit_cost, 14, 19, len(expected) - 1) is None


@pytest.mark.parametrize("seed", range(6))
def test_the_master_alone_proves_the_brute_force_optimum(seed):
    problem = random_problem(seed)
    best = least_cost(problem)
    form = cutting_form(problem)
    exact = ExactCutting(form)
    assert exact.close(best, 10_000, 20.0) == (None, True)
    assert exact.bound == best
    cuts, finished = ExactCutting(form).close(best + form.cost_step, 10_000, 20.0)
    assert finished
    assert cuts is not None
    assert exact.cost(cuts) == best


@pytest.mark.parametrize("seed", range(12))
def test_an_optimal_plan_uses_none_of_the_patterns_ruled_out(seed):
    form = cutting_form(random_problem(seed))
    exact = ExactCutting(form)
    most = least_cost(random_problem(seed)) + form.constant
    pool = patterns_within(form, exact.lp, most)
    assert pool is not None
    program = CompositionLp(form, pool)
    plans = []
    for units in compositions(form.unit_cost, exact.bound + form.constant, most, 1000):
        usable = program.usable(units)
        whole = solve_master(form, pool, most, 10_000, 20.0, units)
        if usable is None:
            assert whole.cuts is None
            continue
        part = solve_master(form, usable, int(units @ form.unit_cost), 10_000, 20.0, units)
        assert (part.cuts is None) == (whole.cuts is None)
        plans += [] if part.cuts is None else [exact.cost(part.cuts)]
    assert min(plans) == most - form.constant
