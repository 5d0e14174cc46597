"""The energy bound is above no plan's energy cost per tonne, and near what is there to compare."""

from dataclasses import replace

import pytest

from instances.generator import generate
from scheduler.mill import MONEY, MillProblem
from scheduler.mill_evaluation import evaluate_mill
from scheduler.report import report_on
from scheduler.schedule import Cut, Schedule
from scheduler.terms import ENERGY
from solvers.or_tools.mill_bound import energy, heats, masses
from solvers.or_tools.mill_bound.bound import prove
from solvers.or_tools.mill_bound.energy import energy_bound
from solvers.or_tools.mill_bound.relaxation import Relaxation
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations
from tests.small_mill import HOUR, LINE, ORDER, lot, mill, plan
from tests.solvers.or_tools.mill_bound.embedding import Embedding
from tests.solvers.or_tools.mill_bound.test_plans_fit import unusual
from tests.tiny_mill import tiny_mill

SECONDS = 20


def energy_per_tonne(problem: MillProblem, schedule: Schedule) -> float:
    kpis = {kpi.key: kpi.value for kpi in report_on(problem, schedule).kpis}
    return kpis["energy.total.money_per_tonne"]


def counts(problem: MillProblem, schedule: Schedule) -> bool:
    """Whether the bound speaks of the plan: feasible, all orders made, no billet to scrap alone."""
    evaluation = evaluate_mill(problem, schedule)
    cuts = [cut for line in schedule.lines for lot in line.lots for cut in lot.cuts]
    return (
        evaluation.feasible
        and not evaluation.terms["shortage"].amount
        and all(cut.pieces for cut in cuts)
    )


@pytest.mark.parametrize(
    ("kind", "seed", "lines", "solver"),
    [("rod", 4, 1, "aco"), ("bar", 5, 2, "planner_rule")],
)
def test_no_plan_of_a_generated_book_has_less_energy_a_tonne(kind, seed, lines, solver):
    problem = generate(kind, "day", seed=seed, lines=lines, orders=10)
    schedule = SOLVERS[solver].solve(problem, stop=MaxIterations(3)).solution
    assert schedule is not None
    assert counts(problem, schedule)
    found = energy_bound(problem, SECONDS)
    assert found is not None
    assert 0.5 < found.value / energy_per_tonne(problem, schedule) <= 1
    assert set(found.parts) == set(ENERGY)


def test_no_plan_of_tiny_mills_with_odd_prices_has_less():
    compared = 0
    for seed in range(30):
        problem = tiny_mill(seed, 1 + seed % 2, 3)
        if len({type(order.piece) for order in problem.orders}) > 1:
            continue  # the rule cuts books of one kind
        schedule = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1)).solution
        if schedule is None or not schedule.lines or not counts(problem, schedule):
            continue
        found = energy_bound(problem, SECONDS)
        if found is not None:
            assert found.value <= energy_per_tonne(problem, schedule) + 1e-9, problem.name
            compared += 1
    assert compared >= 5


@pytest.mark.parametrize(("kind", "change"), [("bar", lambda book: book), ("rod", unusual)])
def test_a_plan_written_into_the_relaxation_has_no_less_energy_there(kind, change):
    problem = change(generate(kind, "day", seed=4, orders=10))
    schedule = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1)).solution
    data = energy.energy_data(problem, 0, (60, 8))
    assert schedule is not None
    built, truth = Relaxation(data), evaluate_mill(data.problem, schedule).cost
    Embedding(built, schedule).impose()
    assert built.program.solve(SECONDS)
    relaxed = sum(built.program.parts().values())
    assert 0.5 * truth < relaxed <= truth + 0.01


TIGHT = mill(
    lines=(replace(LINE, initial_section="A", initial_grade="G", base_load=1_000_000),),
    orders=(
        replace(ORDER, due_date=-HOUR),
        replace(ORDER, id="p", section="B", due_date=HOUR),
    ),
)
"""Two billets of A, a change of section, two billets of B."""


def tight_energy() -> float:
    second = replace(lot(1100, 2), section="B", cuts=(Cut("K", 2, (("p", 100),)),))
    return energy_per_tonne(TIGHT, plan(lot(0, 2), second))


def tight_bound() -> float:
    found = energy_bound(TIGHT, SECONDS)
    assert found is not None
    return found.value


def test_bound_of_a_simple_book_is_near():
    assert 0.9 * tight_energy() <= tight_bound() <= tight_energy()


def doubled(found):
    return {part: 2 * money for part, money in found.items()}


@pytest.mark.parametrize(("module", "name"), [(heats, "heating"), (masses, "electricity")])
def test_doubling_a_part_would_be_noticed(monkeypatch, module, name):
    true = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *given: doubled(true(*given)))
    assert tight_bound() > tight_energy()


def test_a_first_price_far_off_only_proves_less(monkeypatch):
    data = energy.energy_data(TIGHT, 500 * MONEY, (50, 3))
    proof = prove(data, SECONDS, lambda: False)
    assert proof is not None
    value = energy.per_tonne(data, proof, 500 * MONEY)
    assert value is not None
    assert value <= tight_energy()


def test_no_time_proves_nothing():
    assert energy_bound(TIGHT, 0) is None
