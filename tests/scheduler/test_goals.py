"""Goals are sums of the evaluator's terms, and weighted problems price exactly them higher."""

import pytest

from instances.generator import generate
from scheduler.evaluation import evaluate
from scheduler.goals import GOALS, largest_factor, weighted
from scheduler.mill_checks.cases import cases_of
from scheduler.mill_checks.magnitudes import check_magnitudes
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations

SCRAP = ("crop", "cut", "transition", "surplus")
PRICED = {"lateness": ("tardiness",), "energy": GOALS["energy"].terms, "changes": ("changes",)}


@pytest.fixture(scope="module")
def planned():
    problem = generate("bar", "day", seed=2, prices="two_peak")
    return problem, PlannerRule().solve(problem, stop=MaxIterations(1)).solution


@pytest.mark.parametrize("goal", PRICED)
def test_a_factor_multiplies_the_money_of_its_goal_alone(planned, goal):
    problem, plan = planned
    own = evaluate(problem, plan).terms
    seen = evaluate(weighted(problem, {goal: 7}), plan).terms
    for name in own:
        factor = 7 if name in PRICED[goal] else 1
        assert seen[name].money == pytest.approx(factor * own[name].money, abs=7 * 200), name
        assert seen[name].amount == own[name].amount


def test_scrap_costs_its_steel_less_its_resale_that_many_times(planned):
    problem, plan = planned
    own = evaluate(problem, plan).terms
    seen = evaluate(weighted(problem, {"scrap": 7}), plan).terms
    steel = problem.weights.transition_steel
    for name in SCRAP:
        amount = steel * own[name].amount / 1e6 if name != "transition" else 0
        net = amount + own[name].money
        assert amount + seen[name].money == pytest.approx(7 * net, abs=10), name
    assert own["transition"].money > 0


def test_co2_without_a_price_is_weighted_from_a_default_one(planned):
    problem, plan = planned
    assert evaluate(weighted(problem, {"co2": 3}), plan).terms["co2"].money > 0
    assert weighted(problem, {}) == problem


def test_the_largest_factor_keeps_all_sums_exact(planned):
    problem, _ = planned
    most = largest_factor(problem, tuple(GOALS))
    assert most >= 100
    for factor, fits in ((most, True), (10**6, False)):
        dearer = weighted(problem, dict.fromkeys(GOALS, factor))
        assert (not list(check_magnitudes(dearer, cases_of(dearer)))) == fits
