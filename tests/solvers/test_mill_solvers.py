"""The mill's own solvers: decoded money is the evaluator's, plans are feasible, runs repeat."""

from dataclasses import replace

import numpy as np
import pytest

from instances.generator import generate
from scheduler.arrays import FAR
from scheduler.evaluation import evaluate
from scheduler.mill import MONEY, Coil, Lock
from solvers.ant_colony import mill_setting, mill_solver
from solvers.ant_colony.mill_colony import MillColony, MillParams
from solvers.ant_colony.mill_setting import HOUR_APART, arcs_of, likely_successors
from solvers.ant_colony.mill_solver import solve_mill
from solvers.ant_colony.mill_start import genes_of
from solvers.ant_colony.params import ColonyParams
from solvers.mill.catalogue import book_of, catalogue_of
from solvers.mill.decoding import decoder_of
from solvers.mill.rule import rule_plan
from solvers.planner_rule import PlannerRule
from solvers.progress import ignore_progress
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations, MaxRuntime
from tests import small_mill

ROUNDING = 0.05
"""Floors are taken per block in the search and per term in the evaluator."""


def rule_schedule(problem):
    return PlannerRule().solve(problem, stop=MaxIterations(1)).solution


@pytest.mark.parametrize("mill", ["bar", "rod"])
@pytest.mark.parametrize("lines", [1, 2])
def test_decoded_money_is_the_evaluators(mill, lines):
    problem = generate(mill, "day", seed=3, prices="two_peak", lines=lines)
    catalogue = catalogue_of(book_of(problem), 1000 * MONEY)
    decoder = decoder_of(catalogue)
    genes = genes_of(catalogue, rule_schedule(problem))
    rng = np.random.default_rng(1)
    for _ in range(6):
        work = decoder.workspace(len(genes))
        money = decoder.money(genes, work) / MONEY
        evaluation = evaluate(problem, decoder.schedule(genes))
        assert evaluation.feasible
        peak = evaluation.terms["peak"].money / MONEY
        assert abs(evaluation.cost - peak - money) < ROUNDING
        genes = genes[rng.permutation(len(genes))]


@pytest.mark.parametrize("mill", ["bar", "rod"])
@pytest.mark.parametrize("seed", range(4))
def test_the_rule_keeps_every_constraint(mill, seed):
    problem = generate(mill, "day", seed=seed, prices="flat")
    result = PlannerRule().solve(problem, stop=MaxIterations(1))
    assert result.feasible
    assert {cut.stock for plan in result.solution.lines for lot in plan.lots for cut in lot.cuts}


def coiled_last(problem):
    """Coil the last order by due date of a product that is cut otherwise."""
    row = max(problem.orders, key=lambda o: (o.grade, o.section, o.due_date))
    tonnes = {"target": 20_000_000, "lower": 19_000_000, "upper": 21_000_000}
    coil = replace(row, piece=Coil(1_500_000, 2_200_000), **tonnes)
    return replace(problem, orders=tuple(coil if o is row else o for o in problem.orders))


@pytest.mark.parametrize("solver", ["planner_rule", "aco"])
def test_pieces_and_coils_of_one_grade_and_section_are_made_in_one_book(solver):
    problem = coiled_last(generate("bar", "day", seed=1))
    kinds = [(o.grade, o.section) for o in problem.orders]
    coiled = next(o for o in problem.orders if isinstance(o.piece, Coil))
    assert kinds.count((coiled.grade, coiled.section)) > 1
    result = SOLVERS[solver].solve(problem, stop=MaxIterations(2))
    assert result.feasible
    assert not evaluate(problem, result.solution).terms["shortage"].amount


def colony_result(problem, threads, iterations=3, warm_start=None, mill_params=None):
    return solve_mill(
        problem,
        ColonyParams(),
        stop=MaxIterations(iterations),
        seed=5,
        threads=threads,
        warm_start=warm_start,
        on_progress=ignore_progress,
        mill_params=mill_params,
    )


@pytest.mark.parametrize("mill", ["bar", "rod"])
def test_the_colony_beats_the_rule_and_repeats(mill):
    problem = generate(mill, "day", seed=2, prices="two_peak")
    one, two = colony_result(problem, 1), colony_result(problem, 2)
    assert one.feasible
    assert one.solution == two.solution
    assert one.evaluation.cost < evaluate(problem, rule_schedule(problem)).cost


def test_a_warm_start_is_never_made_worse():
    problem = generate("bar", "day", seed=1, prices="flat")
    first = colony_result(problem, 2, iterations=4)
    again = colony_result(problem, 2, iterations=1, warm_start=first.solution)
    assert again.evaluation.cost <= first.evaluation.cost


def test_where_the_rule_took_all_the_time_nothing_more_is_set_up(monkeypatch):
    monkeypatch.setattr(mill_solver, "catalogue_of", None)
    problem = generate("bar", "day", seed=1, prices="flat")
    result = SOLVERS["aco"].solve(problem, stop=MaxRuntime(0.0))
    assert (result.solution, result.stop_reason) == (rule_schedule(problem), "time")
    assert result.trace[0][1:] == (0, result.evaluation.cost)


def test_likely_successors_are_the_cheapest_of_all_pairs():
    book = book_of(generate("bar", "week", seed=1))
    arcs = arcs_of(book)
    costs = arcs.change[np.ix_(arcs.product, arcs.product)]
    costs = costs + np.abs(arcs.due[:, None] - arcs.due) * (HOUR_APART * MONEY) // 3600
    np.fill_diagonal(costs, FAR)
    near, cost = likely_successors(arcs, 10)
    assert (near == np.argsort(costs, axis=1, kind="stable")[:, :10]).all()
    assert (cost == np.take_along_axis(costs, near, axis=1)).all()


@pytest.mark.parametrize("exchange", [True, False])
def test_colonies_exchange_unless_that_is_switched_off(monkeypatch, exchange):
    adopted = []
    monkeypatch.setattr(mill_solver, "EXCHANGE_EVERY", 2)
    monkeypatch.setattr(MillColony, "adopt", lambda self, other: adopted.append(other))
    problem = generate("bar", "day", seed=2, prices="two_peak")
    colony_result(problem, 1, iterations=4, mill_params=MillParams(exchange=exchange))
    assert bool(adopted) == exchange


@pytest.mark.parametrize("lock", [Lock(position=1), Lock(start_exactly=3600)])
@pytest.mark.parametrize("solver", ["planner_rule", "aco"])
def test_a_lock_that_wants_its_order_made_comes_before_a_dearer_order(solver, lock):
    billets = replace(small_mill.STOCK, count=2)  # enough for one of the two
    locked = replace(small_mill.ORDER, id="locked", lock=lock)
    dearer = replace(small_mill.ORDER, id="dearer", due_date=0, shortage=9 * locked.shortage)
    problem = small_mill.mill(stock=(billets,), orders=(dearer, locked))
    result = SOLVERS[solver].solve(problem, stop=MaxIterations(20))
    assert result.evaluation.violations == ()


@pytest.mark.parametrize("formats", [1, 2])
def test_the_colony_makes_the_coils_that_there_are_billets_for(formats):
    one = replace(small_mill.STOCK, count=1)
    stock = (one, replace(one, id="K2", cost=one.cost + MONEY))[:formats]
    order = replace(small_mill.COIL_ORDER, target=3 * 980_000, lower=2_900_000, upper=3_000_000)
    problem = small_mill.mill(stock=stock, orders=(order,))
    schedule = SOLVERS["aco"].solve(problem, stop=MaxIterations(20)).solution
    cuts = [cut for plan in schedule.lines for lot in plan.lots for cut in lot.cuts]
    assert sum(cut.count for cut in cuts) == formats


@pytest.mark.parametrize("order", [small_mill.ORDER, small_mill.COIL_ORDER], ids=lambda o: o.id)
@pytest.mark.parametrize("lock", [Lock(position=1), Lock(start_exactly=3600)])
def test_the_colony_makes_part_of_an_order_that_its_lock_wants_made(order, lock):
    # 100 s a billet: two of them do not end in time.
    locked = replace(order, lock=lock, release=3600, deadline=3600 + 150)
    problem = small_mill.mill(orders=(locked,))
    result = SOLVERS["aco"].solve(problem, stop=MaxIterations(20))
    assert result.evaluation.violations == ()


@pytest.mark.parametrize(("mill", "seed"), [("bar", 1), ("bar", 3), ("rod", 1)])
def test_orders_shrink_to_their_lower_bounds_before_one_is_left_out(mill, seed, monkeypatch):
    """With three fifths of its day the rule leaves orders out, for which others make room."""
    problem = generate(mill, "day", seed=seed)
    problem = replace(problem, horizon=problem.horizon * 3 // 5)
    found = colony_result(problem, 1, 20).evaluation
    monkeypatch.setattr(mill_setting, "SCARCE", 1 << 60)
    worthless = colony_result(problem, 1, 20).evaluation
    assert found.feasible
    assert found.cost < 0.95 * worthless.cost
    assert found.terms["shortage"].money < worthless.terms["shortage"].money


def test_an_order_that_must_be_made_has_no_price_for_scarce_hours():
    """Left out it costs a penalty, at whose price an hour would cut all orders to nothing."""
    problem = generate("bar", "day", seed=2)
    locked = tuple(
        replace(order, lock=Lock(position=20)) if number % 3 == 0 else order
        for number, order in enumerate(problem.orders)
    )
    problem = replace(problem, horizon=problem.horizon // 2, orders=locked)
    decoder, genes, _ = rule_plan(book_of(problem))
    dearest = max(order.shortage for order in problem.orders) * 1000  # of 1000 t in an hour
    assert 0 <= mill_setting.hour_price(decoder, genes) < dearest
