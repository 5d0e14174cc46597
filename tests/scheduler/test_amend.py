"""Taking an order out of a schedule."""

from scheduler.amend import lots_with, without_order
from scheduler.schedule import Cut, LinePlan, Lot, Schedule


def lot(start, *cuts):
    return Lot(start, "s", "g", tuple(Cut("k", 2, tuple(pieces.items())) for pieces in cuts))


PLAN = Schedule(
    (
        LinePlan(
            "L1", (lot(0, {"a": 1}), lot(100, {"a": 2, "b": 1}, {"a": 3}), lot(200, {"b": 1}))
        ),
        LinePlan("L2", (lot(50, {"c": 1}),)),
    )
)


def test_pieces_go_and_what_held_nothing_else_goes_with_them():
    kept = Schedule(
        (
            LinePlan("L1", (lot(100, {"b": 1}), lot(200, {"b": 1}))),
            LinePlan("L2", (lot(50, {"c": 1}),)),
        )
    )
    assert without_order(PLAN, "a") == kept
    assert without_order(PLAN, "none") == PLAN


def test_lots_of_an_order_are_named_until_an_instant():
    assert lots_with(PLAN, "a", 100) == [("L1", 1)]
    assert lots_with(PLAN, "a", 101) == [("L1", 1), ("L1", 2)]
    assert lots_with(PLAN, "b", 100) == []
