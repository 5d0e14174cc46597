"""Lots that the mill's solvers must make although they are not like a generated book's."""

from dataclasses import replace

import pytest

from scheduler.evaluation import evaluate
from scheduler.mill import CampaignRules, FixedLength, Freeze
from scheduler.mill_evaluation import case_of
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations
from tests.small_mill import HOUR, ORDER, SECTION, STOCK, TONNE, lot, mill, plan

SOLVED = pytest.mark.parametrize("solver", ["planner_rule", "aco"])


def solved(problem, solver):
    """Return the evaluation of a short search's plan, and the pieces made of each order."""
    result = SOLVERS[solver].solve(problem, stop=MaxIterations(3))
    assert result.feasible
    assert result.solution is not None
    return result.evaluation, case_of(problem, result.solution).timeline.made.tolist()


@SOLVED
def test_an_order_that_need_not_be_made(solver):
    problem = mill(orders=(replace(ORDER, target=0, lower=0, upper=1),))
    _, made = solved(problem, solver)
    assert made[0] in (0, 1)


@SOLVED
def test_a_stock_of_billets_lighter_than_their_crop(solver):
    bits = replace(STOCK, id="bits", mass=9_000)
    _, made = solved(mill(stock=(bits, replace(STOCK, count=10))), solver)
    assert 190 <= made[0] <= 210


@SOLVED
def test_a_piece_that_only_the_scarcer_format_holds(solver):
    short = replace(STOCK, id="short", mass=TONNE // 2)
    long = replace(ORDER, piece=FixedLength(700_000), target=3, lower=3, upper=3)
    _, made = solved(mill(stock=(short, replace(STOCK, count=5)), orders=(long,)), solver)
    assert made == [3]


def test_the_rule_makes_a_lot_of_very_many_orders():
    """Each billet is cut in its own way: three hundred orders of 61 pieces of other lengths."""
    orders = tuple(
        replace(ORDER, id=f"o{i}", piece=FixedLength(9_800 + 37 * i), target=61, lower=60, upper=63)
        for i in range(300)
    )
    _, made = solved(mill(orders=orders, horizon=24 * HOUR), "planner_rule")
    assert sum(pieces >= 60 for pieces in made) == 300


@SOLVED
def test_an_order_that_wears_out_thirty_grooves(solver):
    section = replace(SECTION, groove_life=2 * TONNE, groove_change_time=60)
    order = replace(ORDER, target=6000, lower=5900, upper=6100)
    evaluation, made = solved(mill(sections=(section,), orders=(order,)), solver)
    assert made[0] >= 5900
    assert evaluation.terms["shortage"].amount == 0


@SOLVED
def test_families_in_a_row_count_from_the_frozen_lots(solver):
    """4 t of A and 4 t of B are frozen, both round; 3 t of C, round, too, are one too many."""
    sections = (SECTION, replace(SECTION, id="B"), replace(SECTION, id="C"))
    orders = tuple(replace(ORDER, id=s, section=s, target=400, lower=400, upper=400) for s in "AB")
    more = replace(ORDER, id="C", section="C", target=300, lower=300, upper=300)
    problem = mill(
        sections=sections,
        orders=(*orders, more),
        campaign=CampaignRules(section_family_max=(("round", 10 * TONNE),)),
    )
    first = lot(0, 4)
    first = replace(first, cuts=(replace(first.cuts[0], pieces=(("A", 100),)),))
    second = replace(first, start=2 * HOUR, section="B")
    second = replace(second, cuts=(replace(second.cuts[0], pieces=(("B", 100),)),))
    frozen = replace(problem, freeze=Freeze(3 * HOUR, plan(first, second)))
    assert evaluate(frozen, plan(first, second)).violations == ()
    result = SOLVERS[solver].solve(frozen, stop=MaxIterations(3))
    assert result.solution is not None
    assert not [v for v in result.evaluation.violations if v.code == "family_too_long"]
    assert case_of(frozen, result.solution).timeline.made.tolist() == [400, 400, 0]
