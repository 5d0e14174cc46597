"""Power caps: what the decoder draws is what the evaluator measures, and no plan breaks a cap."""

from dataclasses import replace

import numpy as np
import pytest

from instances.generator import generate
from scheduler.evaluation import evaluate
from scheduler.issues import InvalidInput
from scheduler.mill import MONEY, Freeze
from scheduler.mill_arrays import arrays_of
from scheduler.mill_evaluation import case_of
from scheduler.timeline import slot_energy
from solvers.ant_colony.mill_start import genes_of
from solvers.mill import peak
from solvers.mill.catalogue import book_of, catalogue_of
from solvers.mill.decoding import decoder_of
from solvers.mill.freeze import frozen_timeline
from solvers.mill.hand_edits import moved
from solvers.mill.rule import rule_plan as rule_of_planner
from solvers.mill.slots import best_slots, with_order
from solvers.planner_rule import PlannerRule
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations
from tests import small_mill

CAPS = {"power_cap", "line_power_cap"}


def rule_plan(problem):
    return PlannerRule().solve(problem, stop=MaxIterations(1)).solution


def joule(problem, plan):
    return case_of(problem, plan).bill.energy


def capped(problem, share):
    """Return the problem with a cap at a share of what the rule's plan without one draws."""
    most = int(joule(problem, rule_plan(problem)).sum(axis=0).max()) // 900
    return replace(problem, tariff=replace(problem.tariff, power_cap=int(share * most)))


def with_line_cap(problem, share):
    """Return the problem with a cap of its first line, at a share of what it draws."""
    most = int(joule(problem, rule_plan(problem))[0].max()) // 900
    first = replace(problem.lines[0], power_cap=int(share * most))
    return replace(problem, lines=(first, *problem.lines[1:]))


@pytest.fixture(scope="module", params=["bar", "rod"])
def free(request):
    return generate(request.param, "day", seed=4, prices="two_peak", lines=2)


@pytest.fixture(scope="module")
def tight(free):
    return capped(free, 0.75)


@pytest.mark.parametrize("cap", [capped, with_line_cap])
@pytest.mark.parametrize("share", [0.95, 0.7])
def test_what_is_drawn_is_what_the_evaluator_measures_and_below_the_cap(free, cap, share):
    problem = cap(free, share)
    catalogue = catalogue_of(book_of(problem), 1000 * MONEY)
    decoder = decoder_of(catalogue)
    genes = genes_of(catalogue, rule_plan(problem))
    rng = np.random.default_rng(2)
    for _ in range(6):
        work = decoder.workspace(len(genes))
        money = decoder.money(genes, work) / MONEY
        plan = decoder.schedule(genes)
        score = evaluate(problem, plan)
        assert score.feasible
        assert work.power.tolist() == joule(problem, plan).tolist()
        assert abs(score.cost - score.terms["peak"].money / MONEY - money) < 0.05
        genes = genes[rng.permutation(len(genes))]


@pytest.mark.parametrize("solver", ["planner_rule", "aco"])
def test_orders_are_made_below_a_cap_of_three_quarters(free, tight, solver):
    loose = SOLVERS[solver].solve(free, stop=MaxIterations(8), threads=1)
    result = SOLVERS[solver].solve(tight, stop=MaxIterations(8), threads=1)
    assert {v.code for v in evaluate(tight, loose.solution).violations} == {"power_cap"}
    assert result.feasible
    assert result.evaluation.terms["shortage"].amount == 0
    assert result.evaluation.cost < 1.02 * loose.evaluation.cost


def test_lots_wait_for_room_beside_frozen_ones(free):
    plan = rule_plan(free)
    problem = capped(replace(free, freeze=Freeze(free.horizon // 6, plan)), 0.8)
    result = SOLVERS["aco"].solve(problem, stop=MaxIterations(4), threads=1)
    assert result.evaluation.terms["shortage"].amount == 0
    held = slot_energy(arrays_of(problem), frozen_timeline(problem, arrays_of(problem)))
    frozen, drawn = (
        joules.sum(axis=0) // 900 for joules in (held, joule(problem, result.solution))
    )
    cap, base = problem.tariff.power_cap, sum(line.base_load for line in problem.lines)
    assert (drawn[frozen + base <= cap] <= cap).all()
    assert (frozen > cap).any()


def test_a_moved_lot_and_one_more_order_keep_a_cap_that_the_plan_keeps(tight):
    wanted = tight.orders[0].id
    others = replace(tight, orders=tight.orders[1:])
    plan = rule_plan(others)
    assert evaluate(others, plan).feasible
    advice = best_slots(tight, plan, wanted)
    assert advice.slots
    assert not CAPS & {v.code for v in advice.slots[0].evaluation.violations}
    line = max(plan.lines, key=lambda one: len(one.lots))
    other = moved(others, plan, (line.line, 2), (line.line, 1))
    assert other != plan
    assert not CAPS & {v.code for v in evaluate(others, other).violations}


def test_an_order_that_a_cap_keeps_out_is_refused_for_it(free):
    problem = replace(free, tariff=replace(free.tariff, power_cap=1000))
    nothing = rule_plan(problem)
    wanted, line = problem.orders[0].id, problem.lines[0].id
    advice = best_slots(problem, nothing, wanted)
    assert not advice.slots
    assert "power cap" in advice.reasons[0]
    with pytest.raises(InvalidInput, match="power cap"):
        with_order(problem, nothing, wanted, line, 1)


def test_an_edit_keeps_a_cap_that_a_plan_keeps_in_another_way_than_the_decoder():
    """Two billets (432 MJ) and base load keep 630 MJ a slot only as the line stops behind them."""
    line = replace(small_mill.LINE, base_load=300_000, power_cap=700_000)
    problem = small_mill.mill(lines=(line,))
    plan = small_mill.plan(small_mill.lot(0, 1), small_mill.lot(900, 2))
    assert not CAPS & {v.code for v in evaluate(problem, plan).violations}
    other = moved(problem, plan, ("L", 1), ("L", 3))
    assert not CAPS & {v.code for v in evaluate(problem, other).violations}


def test_a_plan_above_a_cap_can_be_edited_and_stays_as_it_is_elsewhere(free, tight):
    plan = rule_plan(free)
    line = max(plan.lines, key=lambda one: len(one.lots))
    lot, place = (line.line, 2), (line.line, 1)
    assert moved(tight, plan, lot, place) == moved(free, plan, lot, place)


def dear_peak(problem):
    """Return the problem with a peak of 100 a kW."""
    return replace(problem, tariff=replace(problem.tariff, peak=100 * MONEY))


def test_a_dear_peak_is_lowered_where_that_pays(free, monkeypatch):
    problem = dear_peak(free)
    low = SOLVERS["aco"].solve(problem, stop=MaxIterations(40), threads=1).evaluation
    monkeypatch.setattr(peak, "WORTH", 0)
    high = SOLVERS["aco"].solve(problem, stop=MaxIterations(40), threads=1).evaluation
    assert low.feasible
    assert low.terms["shortage"].amount == 0
    assert low.terms["peak"].amount < 0.9 * high.terms["peak"].amount
    assert low.cost < 0.97 * high.cost


def test_a_dear_peak_leaves_the_plan_to_seed_and_iterations(free):
    stop = MaxIterations(100)
    plans = [
        SOLVERS["aco"].solve(dear_peak(free), stop=stop, seed=3, threads=threads).solution
        for threads in (1, 2)
    ]
    assert plans[0] == plans[1]


def test_a_dear_peak_is_not_lowered_below_what_frozen_lots_draw(free):
    plan = rule_plan(free)
    problem = dear_peak(replace(free, freeze=Freeze(free.horizon // 6, plan)))
    held = slot_energy(arrays_of(problem), frozen_timeline(problem, arrays_of(problem)))
    decoder, genes, _ = rule_of_planner(book_of(problem))
    decoder = peak.decoder_for_peak(decoder, genes)
    money = decoder.money(genes, decoder.workspace(len(genes)))
    lower, _ = peak.below_lower_cap(decoder, genes, money)
    assert peak.cap_of(lower) >= held.sum(axis=0).max() // 900


def test_a_dear_peak_raises_no_cap_that_frozen_lots_break(free):
    plan = rule_plan(free)
    problem = capped(dear_peak(replace(free, freeze=Freeze(free.horizon // 6, plan))), 0.8)
    decoder, genes, _ = rule_of_planner(book_of(problem))
    assert peak.cap_of(peak.decoder_for_peak(decoder, genes)) == problem.tariff.power_cap


def test_a_peak_without_a_price_is_let_be_where_a_plan_costs_less_than_nothing(free):
    stock = tuple(replace(row, cost=0) for row in free.stock)
    tariff = replace(free.tariff, peak=0, gas=0, co2=0)
    weights = replace(free.weights, surplus_resale=10**8, crop_resale=10**8)
    problem = replace(free, stock=stock, tariff=tariff, weights=weights)
    decoder, genes, _ = rule_of_planner(book_of(problem))
    assert evaluate(problem, decoder.schedule(genes)).cost < 0
    assert peak.decoder_for_peak(decoder, genes) is decoder
