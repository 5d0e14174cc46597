"""Two plans compared: what each key figure gained or lost, and which orders moved."""

from dataclasses import dataclass

from scheduler.explain import OrderStory
from scheduler.kpi_rows import beside
from scheduler.kpis import Kpi
from scheduler.report import Report


@dataclass(frozen=True, slots=True)
class Move:
    """An order that ends at another time, elsewhere or in another state in the second plan.

    before, after: its stories (None: the plan's problem has no such order). later: s by which its
    last billet ends later (None: not made in one of them).
    """

    order: str
    before: OrderStory | None
    after: OrderStory | None
    later: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The second plan's figures with the first's as reference, and the orders that moved."""

    kpis: tuple[Kpi, ...]
    moves: tuple[Move, ...]
    unmoved: int


def difference(first: Report, second: Report) -> Difference:
    """Compare two plans of one mill, of the same problem or of revisions of it.

    Orders are listed by how far they moved, those that are made in one plan only before all others.
    """
    origin = int((second.gantt.origin - first.gantt.origin).total_seconds())
    before = {story.order: story for story in first.orders}
    after = {story.order: story for story in second.orders}
    moves = [_move(name, before.get(name), after.get(name), origin) for name in before | after]
    moved = [move for move in moves if _has_moved(move)]
    moved.sort(key=lambda move: (move.later is not None, -abs(move.later or 0), move.order))
    return Difference(beside(second.kpis, first.kpis), tuple(moved), len(moves) - len(moved))


def _move(name: str, before: OrderStory | None, after: OrderStory | None, origin: int) -> Move:
    later = None
    if before is not None and after is not None and None not in (before.last, after.last):
        assert before.last is not None
        assert after.last is not None
        later = after.last + origin - before.last
    return Move(name, before, after, later)


def _has_moved(move: Move) -> bool:
    if move.before is None or move.after is None or move.later != 0:
        return not (
            move.before is not None
            and move.after is not None
            and move.before.last is None
            and move.after.last is None
        )
    lines = [{line for line, _ in story.lots} for story in (move.before, move.after)]
    return lines[0] != lines[1] or move.before.made != move.after.made
