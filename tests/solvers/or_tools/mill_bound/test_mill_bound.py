"""The mill's bound is above no plan of exhaustive search, CP-SAT, the rule and the colony."""

from dataclasses import replace

import pytest

from instances.generator import generate
from scheduler.mill import MONEY, MillProblem, Series
from scheduler.mill_evaluation import evaluate_mill
from scheduler.schedule import Cut
from solvers.bound import PARTS, part_rows
from solvers.or_tools.mill_bound import heats, masses, mill_bound, orders, span, steel
from solvers.or_tools.mill_bound.data import Data, data_of, fullest
from solvers.or_tools.mill_bound.unavoidable import unavoidable_cost
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations
from tests.brute_force_mill import brute_force
from tests.small_mill import HOUR, LINE, ORDER, SECTION, STOCK, TONNE, lot, mill, plan
from tests.solvers.or_tools.mill.test_exact import optimum
from tests.tiny_mill import GRID, tiny_mill

SECONDS = 20


def bound_of(problem: MillProblem) -> float:
    found = mill_bound(problem, SECONDS)
    assert found is not None
    assert found.complete
    assert sum(found.parts.values()) == pytest.approx(found.value, abs=1e-3)
    return found.value


def unavoidable_of(problem: MillProblem) -> float:
    return float(unavoidable_cost(data_of(problem, 25, 3)))


@pytest.mark.parametrize(
    ("lines", "billets", "seeds"), [(1, 2, range(30, 46)), (2, 2, range(100, 112))]
)
def test_bound_is_not_above_the_best_of_all_gridded_plans(lines, billets, seeds):
    compared = 0
    for seed in seeds:
        problem = tiny_mill(seed, lines, billets)
        try:
            best = brute_force(problem, GRID, 700)
        except RuntimeError:
            continue
        if best.cost is not None:
            assert bound_of(problem) <= best.cost / MONEY, problem.name
            assert unavoidable_of(problem) <= best.cost / MONEY, problem.name
            compared += 1
    assert compared >= 3


@pytest.mark.parametrize("seed", [308, 320, 327, 360])
def test_bound_is_not_above_the_optimum_of_the_exact_model(seed):
    problem = tiny_mill(seed, 1, 3)
    best = optimum(problem)
    assert best is not None
    assert bound_of(problem) <= best / MONEY
    assert unavoidable_of(problem) <= best / MONEY


@pytest.mark.parametrize(
    ("kind", "seed", "lines", "solver"),
    [("bar", 3, 1, "aco"), ("rod", 4, 1, "aco"), ("bar", 5, 2, "planner_rule")],
)
def test_bound_is_not_above_plans_of_generated_books(kind, seed, lines, solver):
    problem = generate(kind, "day", seed=seed, lines=lines)
    result = SOLVERS[solver].solve(problem, stop=MaxIterations(3))
    bounded = result.with_bound(mill_bound(problem, 3.0))
    assert bounded.feasible
    assert bounded.bound is not None
    assert bounded.lower_bound == bounded.bound.value <= result.evaluation.cost
    assert bounded.bound.value > 0.97 * result.evaluation.cost
    assert unavoidable_of(problem) <= result.evaluation.cost
    gap = bounded.bound.avoidable_gap(result.evaluation.cost)
    assert gap is not None
    assert bounded.gap is not None
    assert bounded.gap < gap < 1
    rows = list(part_rows(bounded.bound, result.evaluation.terms))
    assert {row.name for row in rows} <= set(PARTS)
    assert sum(row.cost for row in rows) == pytest.approx(result.evaluation.cost)


@pytest.mark.parametrize(
    ("temperature", "start"), [(8000, HOUR // 2), (-400, 24 * HOUR - 200)], ids=["hot", "frosty"]
)
def test_what_is_unavoidable_is_not_above_a_plan_that_charges_at_the_best_instant(
    temperature, start
):
    """Hot billets enter the furnace before the horizon; those below ambient as late as may be."""
    stock = replace(
        mill().stock[0],
        available_from=-HOUR,
        charge_temperature=temperature,
        cooling_time_constant=100 * 60,
    )
    line = replace(LINE, furnace=replace(LINE.furnace, residence=5400, holding_w=0))
    order = replace(ORDER, lower=200, upper=200)
    problem = mill(lines=(line,), stock=(stock,), orders=(order,))
    evaluation = evaluate_mill(problem, plan(lot(start, 2)))
    assert evaluation.feasible
    assert evaluation.cost - 0.2 <= unavoidable_of(problem) <= evaluation.cost


TIGHT = mill(
    lines=(replace(LINE, initial_section="A", initial_grade="G", base_load=1_000_000),),
    orders=(
        replace(ORDER, due_date=-HOUR),
        replace(ORDER, id="p", section="B", due_date=HOUR),
    ),
)
"""Two billets of A, a change of section, two billets of B: hardly anything can be saved."""


def tight_cost() -> float:
    second = replace(lot(1100, 2), section="B", cuts=(Cut("K", 2, (("p", 100),)),))
    evaluation = evaluate_mill(TIGHT, plan(lot(0, 2), second))
    assert evaluation.feasible
    return evaluation.cost


def test_bound_of_a_simple_book_is_within_one_percent():
    assert 0.99 * tight_cost() <= bound_of(TIGHT) <= tight_cost()


def doubled(found):
    return {part: 2 * money for part, money in found.items()}


@pytest.mark.parametrize(
    ("module", "name"), [(heats, "heating"), (masses, "electricity"), (span, "gas_money")]
)
def test_doubling_an_energy_part_would_be_noticed(monkeypatch, module, name):
    true = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *given: doubled(true(*given)))
    assert bound_of(TIGHT) > tight_cost()


def test_doubling_changes_steel_or_tardiness_would_be_noticed(monkeypatch):
    for cheat in (
        lambda m: m.setattr(Data, "section_money", 2 * section_money()),
        lambda m: m.setattr(orders, "MONEY", MONEY // 2),
        lambda m: m.setattr(steel, "billet_rounding", lambda _: -5),
    ):
        with monkeypatch.context() as patch:
            cheat(patch)
            assert bound_of(TIGHT) > tight_cost()


def section_money():
    return data_of(TIGHT, 50, 6).section_money


def test_fullest_billet_is_that_of_trying_everything():
    for room in range(60):
        tried = {7 * a + 11 * b for a in range(10) for b in range(10)}
        assert fullest(frozenset({7, 11}), room) == max(s for s in tried if s <= room)


def test_no_time_proves_nothing():
    assert mill_bound(TIGHT, 0) is None


def test_nothing_is_proven_of_billets_that_take_no_time():
    """A billet of 1 t at 36 000 t/h is rolled in a tenth of a second, which is none.

    At the horizon's end it may be so at a price that holds for no second of the horizon.
    """
    section = replace(SECTION, rate=36_000 * TONNE)
    quick = mill(sections=(section,), horizon=HOUR, stock=(replace(STOCK, count=2),))
    paid = Series(0, HOUR, (100 * MONEY, -5000 * MONEY))
    quick = replace(quick, tariff=replace(quick.tariff, electricity=paid))
    costs = [evaluate_mill(quick, plan(lot(start, 2))).cost for start in (0, HOUR)]
    assert costs[1] < costs[0] - 600  # 120 kWh at -5.1 a kWh
    assert evaluate_mill(quick, plan(lot(HOUR, 2))).feasible
    assert mill_bound(quick, SECONDS) is None
    assert mill_bound(replace(quick, stock=(STOCK,)), SECONDS) is None
