"""What is frozen stays, and is not made again."""

from dataclasses import replace

import pytest

from instances.generator import generate
from scheduler.evaluation import evaluate
from scheduler.mill import Freeze
from scheduler.mill_evaluation import case_of
from scheduler.walk import LOT_END
from solvers.ant_colony.mill_start import genes_of
from solvers.mill.catalogue import book_of, catalogue_of
from solvers.mill.decoding import decoder_of
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations

SOLVED = ["planner_rule", "aco"]


@pytest.fixture(scope="module", params=["bar", "rod"])
def planned(request):
    problem = generate(request.param, "day", seed=1, prices="two_peak")
    result = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1))
    assert result.feasible
    return problem, result.solution


def frozen(problem, plan, share):
    """Return the problem with the plan's lots frozen that start in the first ``share`` of it."""
    case = case_of(problem, plan)
    until = int(share * int(case.timeline.outcome[-1, LOT_END]))
    return replace(problem, freeze=Freeze(until, plan)), until


@pytest.mark.parametrize("solver", SOLVED)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_only_what_the_frozen_lots_leave_is_made(planned, solver, share):
    problem, plan = planned
    mill, until = frozen(problem, plan, share)
    result = SOLVERS[solver].solve(mill, stop=MaxIterations(6), warm_start=plan)
    assert result.feasible
    assert result.solution is not None
    for line in plan.lines:
        kept = [lot for lot in line.lots if lot.start < until]
        after = next(found for found in result.solution.lines if found.line == line.line)
        assert list(after.lots[: len(kept)]) == kept
    before, now = evaluate(problem, plan), evaluate(problem, result.solution)
    assert now.terms["surplus"].amount <= before.terms["surplus"].amount + 20_000_000
    assert now.terms["shortage"].amount == before.terms["shortage"].amount == 0
    assert now.cost < 1.02 * before.cost
    made = case_of(mill, result.solution).timeline.made
    for order, amount in zip(mill.orders, made.tolist(), strict=True):
        assert amount >= order.lower, order.id


@pytest.mark.parametrize("solver", SOLVED)
def test_a_plan_that_is_frozen_whole_comes_back(planned, solver):
    problem, plan = planned
    mill, _ = frozen(problem, plan, 1.0)
    result = SOLVERS[solver].solve(mill, stop=MaxIterations(3), warm_start=plan)
    assert result.solution == plan


def test_decoded_money_moves_with_the_evaluators(planned):
    problem, plan = planned
    mill, _ = frozen(problem, plan, 0.4)
    catalogue = catalogue_of(book_of(mill), 0)
    decoder, genes = decoder_of(catalogue), genes_of(catalogue, plan)
    gaps = set()
    for shift in range(3):
        turned = genes[[*range(shift, len(genes)), *range(shift)]]
        money = decoder.money(turned, decoder.workspace(len(genes)))
        terms = evaluate(mill, decoder.schedule(turned)).terms
        known = sum(term.money for name, term in terms.items() if name != "peak")
        gaps.add(round((known - money) / 10_000))
    assert len(gaps) == 1
