"""Replays of plans, slots for one more order, lots moved by hand, orders locked."""

from dataclasses import replace

import numpy as np
import pytest

from instances.generator import generate
from scheduler.evaluation import evaluate
from scheduler.issues import InvalidInput
from scheduler.mill import Closure, Freeze
from scheduler.schedule import Schedule
from solvers.mill.hand_edits import locked, moved, unlocked
from solvers.mill.replay import replay_of
from solvers.mill.slots import best_slots, earlier_places, with_order
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations

HOUR = 3600


@pytest.fixture(scope="module", params=["bar", "rod"])
def case(request):
    problem = generate(request.param, "day", seed=4)
    return problem, SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1)).solution


def starts(schedule):
    return [lot.start for plan in schedule.lines for lot in plan.lots]


def wanted(problem, **changes):
    """Return the problem with one more order."""
    new = replace(problem.orders[0], id="NEW", **changes)
    return replace(problem, orders=(*problem.orders, new))


def test_a_replay_is_the_plan_itself(case):
    problem, plan = case
    replay = replay_of(problem, plan)
    assert replay.schedule(replay.genes) == plan


def test_a_wait_that_was_planned_stays(case):
    problem, plan = case
    lots = plan.lines[0].lots
    later = tuple(replace(lot, start=lot.start + 2 * HOUR * (n > 2)) for n, lot in enumerate(lots))
    waiting = Schedule((replace(plan.lines[0], lots=later), *plan.lines[1:]))
    replay = replay_of(problem, waiting)
    assert replay.schedule(replay.genes) == waiting
    assert replay.genes[3, 2] == later[3].start
    assert (replay.genes[:, 2] > 0).mean() < 0.5


def test_frozen_lots_are_not_in_the_genes_and_do_not_move(case):
    problem, plan = case
    until = plan.lines[0].lots[2].start + 1
    frozen = replace(problem, freeze=Freeze(until, plan))
    replay = replay_of(frozen, plan)
    assert replay.frozen[0] == 3
    assert replay.schedule(replay.genes) == plan
    with pytest.raises(InvalidInput, match="frozen"):
        moved(frozen, plan, (problem.lines[0].id, 2), (problem.lines[0].id, 5))


def test_slots_are_scored_by_the_evaluator_and_stand_in_order(case):
    problem, plan = case
    more = wanted(problem)
    advice = best_slots(more, plan, "NEW", most=4)
    assert 1 <= len(advice.slots) <= 4
    assert advice.places == sum(len(line.lots) for line in plan.lines) + len(problem.lines)
    costs = [slot.added_cost for slot in advice.slots]
    assert costs == sorted(costs)
    for slot in advice.slots:
        score = evaluate(more, slot.schedule)
        assert score.feasible
        assert slot.added_cost == pytest.approx(score.cost - evaluate(problem, plan).cost)
        assert slot.broken == ()
        line = next(one for one in slot.schedule.lines if one.line == slot.line)
        assert line.lots[slot.number - 1].start == slot.start
        assert all(delay.after > delay.before for delay in slot.delays)


def test_what_a_lot_breaks_already_is_not_broken_by_a_new_lot_before_it(case):
    problem, plan = case
    lots = plan.lines[0].lots
    cut = lots[-1].cuts[0]
    ((order, pieces), *others) = cut.pieces
    cut = replace(cut, pieces=((order, pieces + 40), *others))
    full = replace(lots[-1], cuts=(cut, *lots[-1].cuts[1:]))
    bad = Schedule((replace(plan.lines[0], lots=(*lots[:-1], full)), *plan.lines[1:]))
    more = wanted(problem)
    assert not evaluate(more, bad).feasible
    slots = best_slots(more, bad, "NEW", most=4).slots
    assert any(slot.number <= len(lots) for slot in slots)
    assert all(slot.broken == () for slot in slots)


def test_the_best_slot_is_the_best_of_all_places(case):
    problem, plan = case
    more, line = wanted(problem), problem.lines[0].id
    best = best_slots(more, plan, "NEW", most=1).slots[0]
    costs = []
    for number in range(1, len(plan.lines[0].lots) + 2):
        try:
            costs.append(evaluate(more, with_order(more, plan, "NEW", line, number)).cost)
        except InvalidInput:
            continue
    assert best.evaluation.cost <= min(costs) + 1e-6


def test_nothing_stands_before_the_instant_that_is_asked_for(case):
    problem, plan = case
    middle = starts(plan)[len(starts(plan)) // 2]
    advice = best_slots(wanted(problem), plan, "NEW", not_before=middle)
    assert advice.slots
    assert all(slot.start >= middle for slot in advice.slots)


def test_a_late_order_is_told_where_it_would_be_less_late(case):
    problem, plan = case
    due = {order.id: order.due_date for order in problem.orders}
    last = plan.lines[0].lots[-1].cuts[-1].pieces[-1][0]
    orders = tuple(
        replace(one, due_date=6 * HOUR) if one.id == last else one for one in problem.orders
    )
    hurried = replace(problem, orders=orders)
    assert due[last] > 6 * HOUR
    before = evaluate(hurried, plan)
    slots = earlier_places(hurried, plan, last)
    assert slots
    for slot in slots:
        after = evaluate(hurried, slot.schedule)
        assert after.feasible
        assert after.cost - before.cost == pytest.approx(slot.added_cost)
        assert after.terms["tardiness"] != before.terms["tardiness"]
    relaxed = tuple(replace(one, due_date=problem.horizon) for one in problem.orders)
    assert earlier_places(replace(problem, orders=relaxed), plan, last) == ()


def test_an_order_without_steel_gets_a_reason(case):
    problem, _ = case
    grade = problem.orders[0].grade
    stock = tuple(replace(row, count=0) if row.grade == grade else row for row in problem.stock)
    empty = Schedule(())
    advice = best_slots(wanted(replace(problem, stock=stock)), empty, "NEW")
    assert advice.slots == ()
    assert advice.reasons


def test_a_lot_moves_and_everything_else_keeps_its_order(case):
    problem, plan = case
    line, lots = problem.lines[0].id, plan.lines[0].lots
    again = moved(problem, plan, (line, 2), (line, 5))
    names = [[cut.pieces for cut in lot.cuts] for lot in again.lines[0].lots]
    expected = [[cut.pieces for cut in lot.cuts] for lot in lots]
    expected.insert(3, expected.pop(1))
    if len(names) == len(expected):  # no groove change parted a lot
        assert names == expected
    score = evaluate(problem, again)
    assert not {v.code for v in score.violations} & {"too_early", "wear_exceeded"}
    assert np.all(np.diff([lot.start for lot in again.lines[0].lots]) > 0)


def test_a_groove_change_that_wear_asked_for_does_not_move_with_its_lot():
    problem = generate("bar", "day", seed=4)
    plan = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1)).solution
    assert isinstance(plan, Schedule)
    line, lots = problem.lines[0].id, plan.lines[0].lots
    changes = sum(lot.groove_change for lot in lots)
    worn = replay_of(problem, plan).worn
    assert worn
    for number in (gene + 1 for gene in worn):
        section = lots[number - 1].section
        first = next(n for n, lot in enumerate(lots, 1) if lot.section == section)
        again = moved(problem, plan, (line, number), (line, first)).lines[0].lots
        assert sum(lot.groove_change for lot in again) <= changes
        assert not again[first - 1].groove_change or lots[first - 1].groove_change


def test_a_lot_that_moves_nowhere_changes_nothing(case):
    problem, plan = case
    line = problem.lines[0].id
    assert moved(problem, plan, (line, 3), (line, 3)) == plan
    assert moved(problem, plan, (line, 3), (line, 4)) == plan


@pytest.mark.parametrize(("lot", "to"), [(99, 1), (1, 999), (0, 1)])
def test_no_such_lot_or_place_is_refused(case, lot, to):
    problem, plan = case
    line = problem.lines[0].id
    with pytest.raises(InvalidInput):
        moved(problem, plan, (line, lot), (line, to))


def test_a_lot_that_finds_no_time_is_refused_by_name(case):
    problem, plan = case
    shut = Closure("closed", plan.lines[0].lots[1].start, problem.horizon)
    closed = replace(
        problem, lines=(replace(problem.lines[0], closures=(shut,)), *problem.lines[1:])
    )
    with pytest.raises(InvalidInput, match="can then not be rolled"):
        moved(closed, plan, (problem.lines[0].id, 2), (problem.lines[0].id, 1))


@pytest.mark.parametrize("keep", ["line", "start"])
def test_locked_orders_keep_the_plan_feasible_and_can_be_let_go(case, keep):
    problem, plan = case
    line = problem.lines[0].id
    kept = locked(problem, plan, (line, 3), keep)
    names = [order.id for order in kept.orders if order.lock]
    assert names
    assert evaluate(kept, plan).feasible
    for name in names:
        kept = unlocked(kept, name)
    assert kept == problem


def test_a_lock_holds_against_a_move(case):
    problem, plan = case
    line = problem.lines[0].id
    kept = locked(problem, plan, (line, 4), "start")
    with pytest.raises(InvalidInput, match="lock"):
        moved(kept, plan, (line, 4), (line, 1))
