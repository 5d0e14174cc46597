"""Turn a Schedule into the arrays of its plan."""

from collections.abc import Sequence

from scheduler.arrays import FAR, LotArrays, PlanArrays
from scheduler.mill import MillProblem
from scheduler.mill_arrays import Index, bools, index_of, ints, or_far, pointers
from scheduler.schedule import Lot, Schedule


class UnusableScheduleError(ValueError):
    """A schedule that names what there is not, has nothing in a lot, or is too large to add up."""


def look_up(index: Index, kind: str, name: str, where: str) -> int:
    """Return the index of ``name``; raise UnusableScheduleError naming the place."""
    if name not in index:
        raise UnusableScheduleError(f"{where}: unknown {kind} {name[:64]!r}")
    return index[name]


def plan_arrays(problem: MillProblem, schedule: Schedule) -> PlanArrays:
    """Return the arrays of a schedule; raise UnusableScheduleError where it names the unknown."""
    line_index = index_of(problem.lines)
    per_line: list[tuple[Lot, ...]] = [() for _ in problem.lines]
    seen: set[str] = set()
    for plan in schedule.lines:
        line = look_up(line_index, "line", plan.line, "schedule")
        if plan.line in seen:
            raise UnusableScheduleError(f"schedule: line {plan.line!r} is listed twice")
        seen.add(plan.line)
        per_line[line] = plan.lots
    lots = [lot for line_lots in per_line for lot in line_lots]
    return PlanArrays(
        line_ptr=pointers(len(line_lots) for line_lots in per_line),
        start=ints(lot.start for lot in lots),
        groove_change=bools([lot.groove_change for lot in lots]),
        change_start=ints(or_far(lot.changeover_start, -FAR) for lot in lots),
        groove_start=ints(or_far(lot.groove_change_start, -FAR) for lot in lots),
        lots=lot_arrays(problem, lots),
    )


def lot_arrays(problem: MillProblem, lots: Sequence[Lot]) -> LotArrays:
    """Return the contents of lots as arrays; raise UnusableScheduleError for unknown ids."""
    sections, grades = index_of(problem.sections), index_of(problem.grades)
    stock, orders = index_of(problem.stock), index_of(problem.orders)
    for number, lot in enumerate(lots, 1):
        where = f"lot {number} ({lot.section[:64]}, {lot.grade[:64]})"
        if not lot.cuts:
            raise UnusableScheduleError(f"{where}: has no cuts")
        for cut in lot.cuts:
            if cut.count < 1 or any(pieces < 1 for _, pieces in cut.pieces):
                raise UnusableScheduleError(f"{where}: a count of billets or pieces is below 1")
    cuts = [cut for lot in lots for cut in lot.cuts]
    pieces = [piece for cut in cuts for piece in cut.pieces]
    return LotArrays(
        section=ints(look_up(sections, "section", lot.section, "lot") for lot in lots),
        grade=ints(look_up(grades, "grade", lot.grade, "lot") for lot in lots),
        cut_ptr=pointers(len(lot.cuts) for lot in lots),
        stock=ints(look_up(stock, "stock row", cut.stock, "cut") for cut in cuts),
        billets=ints(cut.count for cut in cuts),
        piece_ptr=pointers(len(cut.pieces) for cut in cuts),
        order=ints(look_up(orders, "order", name, "cut") for name, _ in pieces),
        pieces=ints(number for _, number in pieces),
    )
