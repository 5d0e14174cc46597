"""Plans moved to what the mill really did, and rates learned from it."""

from dataclasses import replace

import pytest

from instances.generator import generate
from scheduler.actuals import Actual, Rate, observed_rates, with_rates
from scheduler.evaluation import evaluate
from scheduler.mill import Closure
from scheduler.mill_evaluation import case_of
from scheduler.moved_plan import moved_to
from scheduler.walk import LOT_END
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations
from tests.small_mill import LINE, ORDER, SECTION, STOCK, TONNE, lot, mill
from tests.small_mill import plan as plan_of

MINUTE, HOUR = 60, 3600


@pytest.fixture(scope="module")
def case():
    problem = generate("bar", "day", seed=4)
    return problem, SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1)).solution


def ends(problem, schedule):
    return case_of(problem, schedule).timeline.outcome[:, LOT_END].tolist()


def told(problem, plan, number, late=0, **changes):
    """Return what is told of a lot that began and ended ``late`` s after its plan."""
    lot, end = plan.lines[0].lots[number - 1], ends(problem, plan)[number - 1]
    begun = {"start": lot.start + late, "reports": ((end + late, lot.billets),), "ended": True}
    return Actual(problem.lines[0].id, number, **{**begun, **changes})


def test_a_mill_that_keeps_to_the_plan_changes_nothing(case):
    problem, plan = case
    actuals = [told(problem, plan, number) for number in (1, 2)]
    assert moved_to(problem, plan, actuals, plan.lines[0].lots[2].start) == (problem, plan)
    rates = observed_rates(problem, plan, actuals)
    assert all(rate.actual == pytest.approx(rate.planned, rel=2e-3) for rate in rates)


def test_a_lot_that_took_longer_delays_what_follows(case):
    problem, plan = case
    first, end = plan.lines[0].lots[0], ends(problem, plan)[0]
    slow = told(problem, plan, 1, start=first.start, reports=((end + HOUR, first.billets),))
    mill, moved = moved_to(problem, plan, [slow], end + HOUR)
    closure = mill.lines[0].closures[-1]
    assert (closure.start, closure.end) == (end, end + HOUR)
    assert moved.lines[0].lots[1].start >= end + HOUR
    codes = {violation.code for violation in evaluate(mill, moved).violations}
    assert not codes & {"too_early", "outside_calendar"}


def test_a_lot_under_way_is_timed_by_the_billets_that_it_has(case):
    problem, plan = case
    first = plan.lines[0].lots[0]
    end = ends(problem, plan)[0]
    half = (first.start + end) // 2
    slow = Actual(problem.lines[0].id, 1, first.start, ((half + HOUR, first.billets // 2),))
    mill, moved = moved_to(problem, plan, [slow], half + HOUR)
    assert ends(mill, moved)[0] == pytest.approx(end + HOUR, abs=6 * MINUTE)


def test_lots_that_have_not_begun_start_no_earlier_than_the_present(case):
    problem, plan = case
    present = plan.lines[0].lots[2].start + HOUR
    _, moved = moved_to(problem, plan, [told(problem, plan, 1)], present)
    assert moved.lines[0].lots[0] == plan.lines[0].lots[0]
    assert all(lot.start >= present for lot in moved.lines[0].lots[1:])


def test_a_lot_given_up_is_left_out_and_one_cut_short_is_as_long_as_it_became(case):
    problem, plan = case
    lots = plan.lines[0].lots
    short = told(problem, plan, 2, reports=((lots[1].start + HOUR, 3),))
    dropped = Actual(problem.lines[0].id, 1, dropped=True)
    _, moved = moved_to(problem, plan, [dropped, short], lots[1].start + HOUR)
    assert len(moved.lines[0].lots) == len(lots) - 1
    assert moved.lines[0].lots[0].billets == 3


def test_rates_follow_the_last_campaigns_within_reason(case):
    problem, plan = case
    lot, end = plan.lines[0].lots[0], ends(problem, plan)[0]
    closed = sum(c.end - c.start for c in problem.lines[0].closures if lot.start < c.start < end)
    time = end - lot.start - closed
    slower = told(problem, plan, 1, reports=((end + time, lot.billets),), start=lot.start)
    (rate,) = observed_rates(problem, plan, [slower])
    assert rate.actual == pytest.approx(rate.planned / 2, rel=1e-2)
    paused = replace(slower, pauses=((end, end + time),))
    (rate,) = observed_rates(problem, plan, [paused])
    assert rate.actual == pytest.approx(rate.planned, rel=1e-2)
    quicker = replace(rate, actual=rate.planned * 6 // 5)
    section = next(s for s in with_rates(problem, (quicker,)).sections if s.id == rate.section)
    third = rate.planned + (quicker.actual - rate.planned) / 3
    assert dict(section.rate_by_grade)[rate.grade] == pytest.approx(third, abs=1)
    assert with_rates(problem, (replace(rate, actual=rate.planned * 9),)) == problem


def test_a_rate_is_believed_the_more_the_more_lots_say_so():
    def learned(lots, actual=80):
        return Rate("S", "G", 100, actual, lots, 1, actual, actual).learned

    assert [learned(lots) for lots in (1, 2, 5)] == [93, 90, 86]
    assert learned(5, actual=20) == 100


def test_a_second_that_lies_in_closures_and_interruptions_is_taken_off_once():
    closures = (Closure("closed", 0, HOUR), Closure("maintenance", HOUR // 2, 3 * HOUR // 2))
    problem = mill(lines=(replace(LINE, closures=closures),))
    # Ten billets of 100 s after closures of 5400 s, and 600 s of an interruption outside them.
    actual = Actual("L", 1, 0, ((7000, 10),), pauses=((5000, 6000),), ended=True)
    (rate,) = observed_rates(problem, plan_of(lot(0, 10)), [actual])
    assert rate.actual == rate.planned == SECTION.rate


def test_a_delay_begins_at_the_second_at_which_the_billet_would_have_ended():
    problem = mill(sections=(replace(SECTION, rate=7 * TONNE),))
    late = Actual("L", 1, 0, ((4 * HOUR, 4),))
    moved, _ = moved_to(problem, plan_of(lot(0, 5)), [late], 4 * HOUR)
    # Four billets of 1 t at 7 t/h.
    assert moved.lines[0].closures == (Closure("delay", 4 * HOUR // 7, 4 * HOUR),)


def test_a_delay_is_no_closed_time_of_its_lot():
    late = Actual("L", 1, 0, ((2000, 10),), ended=True)
    problem, plan = mill(), plan_of(lot(0, 10))
    moved, same = moved_to(problem, plan, [late], 2000)
    assert [c.kind for c in moved.lines[0].closures] == ["delay"]
    assert observed_rates(moved, same, [late]) == observed_rates(problem, plan, [late])


def test_delays_are_reckoned_anew_with_what_was_told_and_learned_since():
    """Ten billets of 1 t that took 2000 s instead of 1000, and then five more."""
    problem, plan = mill(), plan_of(lot(0, 10), lot(1000, 5))
    first = Actual("L", 1, 0, ((2000, 10),), ended=True)
    once, moved = moved_to(problem, plan, [first], 2000)
    assert moved_to(once, moved, [first], 2000) == (once, moved)
    slower = with_rates(once, observed_rates(once, moved, [first]))
    again, moved = moved_to(slower, moved, [first], 2000)
    # A third of the way from 100 s a billet to 200 by rates: 36 t/h to 30 t/h.
    assert again.lines[0].closures == (Closure("delay", 1200, 2000),)
    assert moved.lines[0].lots[1].start == 2000


def test_what_was_rolled_was_there_and_released():
    """A lot begins half an hour before its heat and its order's release; another has neither."""
    problem = mill(
        stock=(replace(STOCK, available_from=2 * HOUR), replace(STOCK, id="K2")),
        orders=(replace(ORDER, release=2 * HOUR), replace(ORDER, id="B", release=3 * HOUR)),
    )
    began = 3 * HOUR // 2
    early = Actual("L", 1, began, ((began + 200, 2),))
    moved, plan = moved_to(problem, plan_of(lot(2 * HOUR, 10)), [early], began + 200)
    assert plan.lines[0].lots[0].start == began
    assert moved.stock[0].available_from == began - LINE.furnace.residence
    assert moved.stock[1] == problem.stock[1]
    assert [order.release for order in moved.orders] == [began, 3 * HOUR]
    codes = {violation.code for violation in evaluate(moved, plan).violations}
    assert not codes & {"stock_not_available", "released_late"}


def test_the_groove_change_of_a_lot_given_up_is_made_before_the_sections_next():
    lots = lot(0, 4), lot(1000, 3, groove_change=True), lot(2000, 1, section="B"), lot(4000, 3)
    dropped = Actual("L", 2, dropped=True)
    _, moved = moved_to(mill(), plan_of(*lots), [dropped], 400)
    left = moved.lines[0].lots
    assert [(one.section, one.groove_change) for one in left] == [
        ("A", False), ("B", False), ("A", True),
    ]  # fmt: skip


def test_what_was_rolled_before_a_lot_that_is_not_told_of_stands_before_it():
    lots = lot(0, 4), lot(1000, 3, section="B"), lot(3000, 2)
    second = Actual("L", 2, 1000, ((1300, 3),), ended=True)
    third = Actual("L", 3, 200, ((400, 2),), ended=True)
    _, moved = moved_to(mill(), plan_of(*lots), [second, third], 1301)
    left = moved.lines[0].lots
    assert [one.billets for one in left] == [2, 3, 4]
    assert left[0].start == 200
    assert left[-1].start >= 1301


@pytest.mark.parametrize(("since", "rolled"), [(500, 500), (550, 550), (3000, 1000), (20, 100)])
def test_a_lot_that_goes_on_after_an_interruption_ends_later_by_it(since, rolled):
    """Ten billets of 100 s each; none is counted before the lot goes on."""
    problem, plan = mill(), plan_of(lot(0, 10), lot(1000, 5))
    resumed = Actual("L", 1, 0, pauses=((since, since + HOUR),))
    once, moved = moved_to(problem, plan, [resumed], since + HOUR)
    end = ends(once, moved)[0]
    assert end == since + HOUR + 1000 - rolled
    assert moved.lines[0].lots[1].start == end
    codes = {violation.code for violation in evaluate(once, moved).violations}
    assert not codes & {"too_early", "outside_calendar"}
    assert moved_to(once, moved, [resumed], since + HOUR) == (once, moved)
    counted = replace(resumed, reports=((end, 10),), ended=True)
    assert moved_to(problem, plan, [counted], end) == (once, moved)
