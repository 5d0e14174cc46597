"""Which lot of a revision a job order is, and what its confirmations say."""

from types import SimpleNamespace

from api.planning.actuals import matched, told_of
from tests.small_mill import lot, mill
from tests.small_mill import plan as plan_of


def moment(minute):
    return f"2026-01-05T{minute // 60:02}:{minute % 60:02}:00+00:00"


def job_order(schedule, number, billets, *told):
    """Return a row of the store; ``told`` are (state, minute, billets or None)."""
    confirmations = [
        {"state": state, "at": moment(minute), "billets": count} for state, minute, count in told
    ]
    planned = {"section": "A", "grade": "G", "billets": billets, "orders": ["o"]}
    return SimpleNamespace(
        id=f"{schedule}{number}",
        schedule=schedule,
        line="L",
        lot=number,
        state=told[-1][0] if told else "AllowedToStart",
        planned=planned,
        actual={"confirmations": confirmations},
    )


def test_lots_given_up_in_an_earlier_revision_do_not_hide_what_was_rolled_after_them():
    """Lots 1 and 2 of plan a were given up and lot 3 rolled, so that it is lot 1 of plan b."""
    ended = job_order("a", 3, 10, ("Running", 0, None), ("Ended", 20, 10))
    running = job_order("b", 2, 20, ("Running", 20, None))
    gone = [job_order("a", number, 5, ("Aborted", 0, None)) for number in (1, 2)]
    schedule = plan_of(lot(0, 10), lot(1200, 20))
    found = matched("b", schedule, [*gone, ended, running])
    assert {place: row.id for place, row in found.items()} == {("L", 1): "a3", ("L", 2): "b2"}
    later = matched("c", plan_of(*schedule.lines[0].lots, lot(4000, 7)), [*gone, ended, running])
    assert later == found


def test_a_lot_that_ended_without_a_count_is_whole_also_where_one_was_told_at_the_same_instant():
    told = ("Running", 0, None), ("Running", 20, 5), ("Ended", 20, None)
    (one,) = told_of(mill(), "a", plan_of(lot(0, 10)), [job_order("a", 1, 10, *told)]).actuals
    assert (one.reports, one.ended) == (((1200, 10),), True)


def test_of_two_lots_alike_the_one_that_was_rolled_stands_first():
    """Nothing was told of lot 1; the revision has lot 2, which ended, before it."""
    ended = job_order("a", 2, 10, ("Running", 0, None), ("Ended", 20, 10))
    found = matched("b", plan_of(lot(0, 10), lot(1300, 10)), [job_order("a", 1, 10), ended])
    assert {place: row.id for place, row in found.items()} == {("L", 1): "a2", ("L", 2): "a1"}
