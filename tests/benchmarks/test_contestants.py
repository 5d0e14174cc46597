"""Contestants by name: a solver, a solver with a profile, and what is neither."""

import pytest

from benchmarks.contestants import Task, contestant
from benchmarks.families import Instance
from instances.generator import generate
from instances.text import BadInstance
from scheduler.evaluation import evaluate
from scheduler.goals import GOALS
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations


def test_a_profile_is_run_under_its_own_name_and_scored_at_the_book_s_prices():
    book = generate("bar", "day", seed=1, orders=4)
    chosen = contestant("planner_rule:low_energy")
    assert chosen.supports(book)
    assert not chosen.supports("no mill")
    instance = Instance("book", lambda: book, lambda _: None)
    run, plan = chosen.run(Task("bar_day", instance, book, None, 0, 1, 1.0))
    assert run.solver == "planner_rule:low_energy"
    assert run.value == evaluate(book, plan).objective


def test_a_profile_that_needs_a_plan_is_no_worse_than_the_rule_s():
    book = generate("bar", "day", seed=1, orders=4)
    instance = Instance("book", lambda: book, lambda _: None)
    _, plan = contestant("aco:no_worse").run(Task("bar_day", instance, book, None, 0, 1, 0.5))
    rule = PlannerRule().solve(book, stop=MaxIterations(1)).solution
    assert plan is not None
    for goal in GOALS.values():
        assert goal.amount(evaluate(book, plan)) <= goal.amount(evaluate(book, rule))


@pytest.mark.parametrize("name", ["nobody", "aco:nothing", "nobody:money"])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(BadInstance, match=f"'{name}' is unknown; known are aco, "):
        contestant(name)
