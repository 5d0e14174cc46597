"""Profiles change what a search prefers and nothing that a plan must keep."""

from dataclasses import replace

import pytest

from instances.generator import generate
from scheduler.evaluation import evaluate
from scheduler.mill import MONEY
from scheduler.profiles import DEFAULT, PROFILES, weighed
from scheduler.validation import check
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_keeps_orders_plant_and_rules(profile):
    problem = generate("bar", "day", seed=2, orders=6)
    seen = weighed(problem, profile)
    check(seen)
    assert replace(seen, weights=problem.weights, tariff=problem.tariff) == problem
    assert (seen == problem) == (profile == DEFAULT or bool(PROFILES[profile].goals))


def test_terms_weigh_as_the_profile_says():
    problem = generate("bar", "day", seed=2)
    plan = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1)).solution
    own = evaluate(problem, plan).terms
    late = evaluate(weighed(problem, "in_time"), plan).terms
    assert late["tardiness"].money == pytest.approx(5 * own["tardiness"].money, abs=9 * 100)
    assert late["tardiness"].money > own["tardiness"].money
    changes = evaluate(weighed(problem, "few_changes"), plan).terms["changes"]
    assert changes.money == 3 * own["changes"].money > 0
    assert evaluate(weighed(problem, "little_scrap"), plan).terms["crop"].money == 0
    dear = replace(problem, weights=replace(problem.weights, crop_resale=-50 * MONEY))
    little = evaluate(weighed(dear, "little_scrap"), plan).terms["crop"].money
    assert little == evaluate(dear, plan).terms["crop"].money > 0
