"""Reasons with their figures, on a mill small enough to compute them by hand."""

from dataclasses import replace

import pytest

from scheduler.mill import MONEY, Closure, Coil, FixedLength
from scheduler.report import report_on
from scheduler.schedule import Cut
from tests.small_mill import COIL_ORDER, HOUR, LINE, ORDER, STOCK, lot, mill, plan

URGENT = replace(ORDER, id="urgent", due_date=HOUR)
LATER = replace(ORDER, id="later", due_date=10 * HOUR)


def cut_for(order: str, billets: int = 2) -> tuple[Cut, ...]:
    return (Cut("K", billets, ((order, 100),)),)


def story(problem, schedule, order):
    stories = report_on(problem, schedule).orders
    return next(story for story in stories if story.order == order)


def test_in_time():
    told = story(mill(), plan(lot(0, 2)), "o")
    assert (told.status, told.cause, told.late, told.cost) == ("in time", "", 0, 0)
    assert told.reasons == (
        "200 pieces are made from Mon 5 Jan 00:00 to Mon 5 Jan 00:03; 190 pieces to 210 pieces"
        " wanted.",
    )
    assert told.lots == (("L", 1),)


def test_late_behind_an_order_that_is_due_later():
    problem = mill(orders=(LATER, URGENT))
    schedule = plan(lot(0, 2, cuts=cut_for("later")), lot(7200, 2, cuts=cut_for("urgent")))
    told = story(problem, schedule, "urgent")
    assert told.status == "late"
    # Ends at 7400 s, due at 3600 s: 3800 s = 63.3 min; 40 an hour and weight 1: 42.2222.
    assert told.late == 3800
    assert told.cost == 3800 * 40 * MONEY // 3600
    # Before its lot the line rolled 200 s and stood idle for 7000 s.
    assert told.cause == "the plan waits"
    text = " ".join(told.reasons)
    assert "1 h 3 min after its due date Mon 5 Jan 01:00" in text
    assert "1 h 57 min idle, 3 min rolling orders due later" in text
    assert "Before it although due later: lot 1 (A, G, 3 min, first due Mon 5 Jan 10:00)." in text
    assert "This costs 42 EUR." in text


def test_late_because_a_power_cap_leaves_no_room():
    """A billet is 216 MJ, a slot may have 647 MJ; with two of them there is no room for a third."""
    capped = replace(mill().tariff, power_cap=719_000)
    problem = mill(orders=(LATER, replace(URGENT, due_date=800)), tariff=capped)
    schedule = plan(lot(0, 2, cuts=cut_for("later")), lot(900, 2, cuts=cut_for("urgent")))
    told = story(problem, schedule, "urgent")
    assert told.cause == "no room below the power cap"
    assert "12 min idle for want of room below the power cap" in " ".join(told.reasons)
    later = plan(lot(0, 2, cuts=cut_for("later")), lot(2700, 2, cuts=cut_for("urgent")))
    assert "30 min idle, 12 min idle for want of" in " ".join(
        story(problem, later, "urgent").reasons
    )
    waits = {row.label for row in report_on(problem, schedule).gantt.lines[0].activities}
    assert waits == {"12 min, waits for power"}


def test_late_because_it_is_released_after_its_due_date_can_be_kept():
    problem = mill(orders=(replace(URGENT, release=3500),))
    told = story(problem, plan(lot(3500, 2, cuts=cut_for("urgent"))), "urgent")
    assert told.cause == "released late"
    said = "it is released at Mon 5 Jan 00:58, and from there it takes 3 min"
    assert said in " ".join(told.reasons)


def test_late_because_its_steel_arrives_late():
    hot = replace(STOCK, available_from=3550)
    problem = mill(orders=(URGENT,), stock=(hot, replace(STOCK, id="KH", grade="H")))
    told = story(problem, plan(lot(3550, 2, cuts=cut_for("urgent"))), "urgent")
    assert told.cause == "steel arrives late"


def test_steel_that_comes_late_is_no_reason_where_other_steel_is_left():
    hot = replace(STOCK, id="hot", available_from=3550, count=2)
    cuts = (Cut("hot", 2, (("urgent", 100),)),)
    stock = (hot, replace(STOCK, count=2), replace(STOCK, id="KH", grade="H"))
    told = story(mill(orders=(URGENT,), stock=stock), plan(lot(3550, 2, cuts=cuts)), "urgent")
    assert told.cause == "the plan waits"
    assert "(L is ready at Mon 5 Jan 00:00)" in " ".join(told.reasons)
    few = (hot, replace(STOCK, count=1), replace(STOCK, id="KH", grade="H"))
    told = story(mill(orders=(URGENT,), stock=few), plan(lot(3550, 2, cuts=cuts)), "urgent")
    assert told.cause == "steel arrives late"


def test_a_limit_is_the_cause_only_where_it_makes_most_of_the_delay():
    problem = mill(orders=(replace(URGENT, release=3500),))
    # From 3500 s it takes 200 s: 100 s late. It begins 4000 s after that.
    told = story(problem, plan(lot(7500, 2, cuts=cut_for("urgent"))), "urgent")
    assert told.cause == "the plan waits"
    text = " ".join(told.reasons)
    assert "it takes 3 min; that makes 2 min of the delay" in text
    assert "could have begun 1 h 7 min earlier, at Mon 5 Jan 00:58." in text


def test_late_because_the_line_is_closed():
    problem = mill(orders=(URGENT,), lines=(replace(LINE, closures=(Closure("closed", 0, 7000),)),))
    told = story(problem, plan(lot(7000, 2, cuts=cut_for("urgent"))), "urgent")
    assert told.cause == "line closed"
    assert "1 h 57 min closed or in maintenance" in " ".join(told.reasons)


def test_not_made_although_it_would_pay():
    told = story(mill(), plan(), "o")
    assert (told.status, told.cause) == ("not made", "place left unused")
    text = " ".join(told.reasons)
    # Missing 190 x 9.8 kg = 1.862 t at 2400 = 4468.80
    assert "Nothing of the 200 pieces is made." in text
    assert "Steel that fits is left: K (no limit)." in text
    assert "At the end of L it would end Mon 5 Jan 00:03 and change the plan's cost by −" in text
    assert "This costs 4,469 EUR." in text


def test_a_line_ready_before_the_horizon_begins_with_it():
    problem = mill(orders=(URGENT,), lines=(replace(LINE, ready=-2 * HOUR),))
    told = story(problem, plan(lot(7200, 2, cuts=cut_for("urgent"))), "urgent")
    assert "could have begun 2 h earlier, at Mon 5 Jan 00:00" in " ".join(told.reasons)
    missing = story(problem, plan(), "urgent")
    assert missing.cause == "place left unused"
    assert "At the end of L it would end Mon 5 Jan 00:03" in " ".join(missing.reasons)


def test_not_made_because_nothing_is_left():
    other = replace(STOCK, id="KH", grade="H")
    both = (ORDER, replace(ORDER, id="p"))
    used_up = mill(stock=(replace(STOCK, count=2), other), orders=both)
    assert story(used_up, plan(lot(0, 2)), "p").cause == "steel used up"
    heavy = mill(orders=(replace(ORDER, piece=FixedLength(990_000)),))
    told = story(heavy, plan(), "o")
    assert told.cause == "no fitting steel"
    assert "One piece weighs 990 kg, the largest billet of G yields 980 kg." in told.reasons
    coil = replace(COIL_ORDER, piece=Coil(990_000, 999_000))
    told = story(mill(orders=(coil,)), plan(), "c")
    assert told.reasons[1].startswith("Coils must weigh 990 to 999 kg")
    elsewhere = mill(orders=(replace(ORDER, lines=("M",)),), lines=(LINE, replace(LINE, id="M")))
    assert story(elsewhere, plan(), "o").cause == "place left unused"
    nowhere = mill(lines=(replace(LINE, sections=("B",)),))
    assert story(nowhere, plan(), "o").cause == "no line may roll it"
    no_time = mill(orders=(replace(ORDER, deadline=100),))
    told = story(no_time, plan(), "o")
    assert told.cause == "no time left"
    assert "and break: missed_deadline." in " ".join(told.reasons)
    expensive = mill(orders=(replace(ORDER, shortage=0, margin=0),))
    assert story(expensive, plan(), "o").cause == "not worth its cost"


@pytest.mark.parametrize("lines_cap", [False, True])
def test_not_made_because_a_power_cap_leaves_no_room(lines_cap):
    problem = mill(lines=(replace(LINE, power_cap=1000),))
    if not lines_cap:
        problem = mill(tariff=replace(mill().tariff, power_cap=1000))
    told = story(problem, plan(), "o")
    assert told.cause == "no room below the power cap"
    broken = "line_power_cap" if lines_cap else "power_cap"
    assert f"and break: {broken}." in " ".join(told.reasons)


def test_made_short():
    told = story(mill(), plan(lot(0)), "o")
    assert (told.status, told.made, told.missing) == ("short", 100, 90 * 9800)


def test_coils_are_told_in_tonnes():
    problem = mill(orders=(COIL_ORDER,))
    schedule = plan(lot(0, cuts=(Cut("K", 2, (("c", 1),)),)))
    told = story(problem, schedule, "c")
    assert (told.unit, told.made) == ("g", 2 * 980_000)
    assert told.reasons[0].startswith("2.0 t are made")


def test_what_a_change_costs():
    problem = mill(orders=(ORDER, replace(ORDER, id="b", section="B")))
    second = lot(1100, section="B", groove_change=True, cuts=cut_for("b"))
    report = report_on(problem, plan(lot(0, 2), second))
    (change,) = report.changes
    assert (change.line, change.lot, change.start, change.end) == ("L", 2, 200, 1100)
    assert (change.section, change.grade, change.groove) == (True, False, True)
    # 1500 kg of the section and 200 kg of the groove change at 520 - 220 a tonne; 300 + 150.
    assert change.scrap == 1_700_000
    assert change.scrap_cost == 510 * MONEY
    assert change.change_cost == 450 * MONEY
    assert change.label == "section A to B"


def test_steel_of_other_orders_in_the_lot_is_no_reason():
    # The urgent order's cold billets come first; the hot ones of its neighbour follow at 4000 s.
    hot = replace(STOCK, id="hot", available_from=4000)
    problem = mill(orders=(URGENT, LATER), stock=(STOCK, hot, replace(STOCK, id="KH", grade="H")))
    cuts = (*cut_for("urgent"), Cut("hot", 1, (("later", 100),)))
    told = story(problem, plan(lot(3800, 3, cuts=cuts)), "urgent")
    assert told.cause == "the plan waits"
    assert "could have begun 1 h 3 min earlier, at Mon 5 Jan 00:00 (L is ready" in told.reasons[1]
