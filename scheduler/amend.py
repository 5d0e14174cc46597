"""Small changes of a schedule that leave everything else as it is."""

from dataclasses import replace

from scheduler.schedule import Cut, LinePlan, Lot, Schedule


def lots_with(schedule: Schedule, order: str, before: int) -> list[tuple[str, int]]:
    """Return (line, number from 1) of the lots that start before ``before`` (s) and hold pieces."""
    return [
        (plan.line, number)
        for plan in schedule.lines
        for number, lot in enumerate(plan.lots, 1)
        if lot.start < before and any(_holds(cut, order) for cut in lot.cuts)
    ]


def without_order(schedule: Schedule, order: str) -> Schedule:
    """Return the schedule without an order's pieces; billets that held nothing else go as well."""
    lines = (LinePlan(plan.line, _lots(plan.lots, order)) for plan in schedule.lines)
    return Schedule(tuple(lines))


def _lots(lots: tuple[Lot, ...], order: str) -> tuple[Lot, ...]:
    kept = (replace(lot, cuts=_cuts(lot.cuts, order)) for lot in lots)
    return tuple(lot for lot in kept if lot.cuts)


def _cuts(cuts: tuple[Cut, ...], order: str) -> tuple[Cut, ...]:
    kept = (
        replace(cut, pieces=tuple(piece for piece in cut.pieces if piece[0] != order))
        for cut in cuts
    )
    return tuple(cut for cut in kept if cut.pieces)


def _holds(cut: Cut, order: str) -> bool:
    return any(name == order for name, _ in cut.pieces)
