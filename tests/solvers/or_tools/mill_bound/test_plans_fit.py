"""Every feasible plan is a solution of the relaxation, and costs no less there than in truth."""

from dataclasses import replace
from itertools import islice

import pytest

from instances.generator import generate
from scheduler.mill import Closure, Series
from scheduler.mill_evaluation import evaluate_mill
from solvers.or_tools.mill_bound import grooves, heats
from solvers.or_tools.mill_bound.data import Data, data_of
from solvers.or_tools.mill_bound.grooves import Grooves
from solvers.or_tools.mill_bound.lots import Lots
from solvers.or_tools.mill_bound.relaxation import Relaxation
from solvers.or_tools.mill_bound.windows import add_window
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations
from tests.brute_force_mill import all_plans
from tests.solvers.or_tools.mill_bound.embedding import Embedding
from tests.tiny_mill import GRID, tiny_mill


def cost_in_relaxation(problem, schedule, fine=60, coarse=8):
    """Return the relaxation's least cost with all that the plan decides fixed; None if none."""
    built = Relaxation(data_of(problem, fine, coarse))
    for group in built.lots.groups:
        for p in group.members:
            for o in built.data.products[p].orders:
                for a in range(0, coarse, 2):
                    last = min(a + 1 + o % 3, len(built.data.grid.coarse) - 1)
                    if a <= last:
                        add_window(built.program, group, built.shares, o, a, last)
    Embedding(built, schedule).impose()
    if not built.program.solve(30):
        return None
    return sum(built.program.parts().values())


def unusual(problem):
    """Return a book with a cold start, prices below zero, carbon intensity, and a late start."""
    prices = Series(-500, 1700, tuple((-1) ** n * 300_000 + 9_000 * n for n in range(90)))
    tariff = replace(
        problem.tariff,
        electricity=prices,
        carbon_intensity=Series(0, 1800, tuple(range(1000, 400_000, 4000))),
    )
    lines = tuple(
        replace(
            line,
            ready=1000,
            initial_grade=None,
            closures=(Closure("closed", 20_000, 35_000), Closure("maintenance", 50_000, 54_321)),
            furnace=replace(line.furnace, shut_down_after=3600, residence=700),
        )
        for line in problem.lines
    )
    return replace(problem, tariff=tariff, lines=lines)


@pytest.mark.parametrize(
    ("kind", "seed", "lines", "change", "solver"),
    [
        ("bar", 3, 1, None, "planner_rule"),
        ("bar", 4, 2, None, "aco"),
        ("rod", 5, 1, unusual, "aco"),
        ("bar", 6, 2, unusual, "planner_rule"),
    ],
)
def test_plans_of_generated_books_fit(kind, seed, lines, change, solver):
    problem = generate(kind, "day", seed=seed, lines=lines, orders=10)
    if change is not None:
        problem = change(problem)
    result = SOLVERS[solver].solve(problem, stop=MaxIterations(2))
    assert result.feasible
    relaxed = cost_in_relaxation(problem, result.solution)
    assert relaxed is not None
    assert relaxed <= result.evaluation.cost + 0.01
    assert relaxed > 0.9 * result.evaluation.cost


def test_plans_of_tiny_books_fit():
    tried = 0
    for seed in range(20, 60, 2):
        problem = tiny_mill(seed, 1 + seed % 4 // 2, 2)
        scored = ((s, evaluate_mill(problem, s)) for s in islice(all_plans(problem, GRID), 1, 60))
        feasible = [(schedule, score) for schedule, score in scored if score.feasible]
        for schedule, score in feasible[-1:]:
            relaxed = cost_in_relaxation(problem, schedule, 8, 4)
            assert relaxed is not None, problem.name
            assert relaxed <= score.cost + 0.01, problem.name
            tried += 1
    assert tried >= 5


@pytest.mark.parametrize(
    ("owner", "name", "wrong"),
    [
        (Data, "seconds", lambda true: tuple(2 * part for part in true)),
        (Data, "fill", lambda true: true * 95 // 100),
        (Lots, "_money", lambda true: None if true is None else 5 * true),
        (Grooves, "lives", lambda true: [(v, 5 * part) for v, part in true]),
        (grooves, "slow_entries", lambda true: [(group, 50 * hours) for group, hours in true]),
        (heats, "heating", lambda true: {part: 2 * money for part, money in true.items()}),
    ],
)
def test_a_row_or_price_that_is_too_tight_is_noticed(monkeypatch, owner, name, wrong):
    problem = generate("bar", "day", seed=3, orders=10)
    result = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1))
    true = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *given: wrong(true(*given)))
    relaxed = cost_in_relaxation(problem, result.solution)
    assert relaxed is None or relaxed > result.evaluation.cost
