"""What is settled before: locks, first and last lots, the frozen plan."""

from collections.abc import Iterator

from scheduler.evaluation import Violation
from scheduler.mill import Lock, LotKind, Order
from scheduler.schedule import Lot
from scheduler.violations.case import Case, broken


def locks(case: Case) -> Iterator[Violation]:
    """Orders away from the line, lot number or start they are locked to."""
    places = case.lots_of_orders
    for o, order in enumerate(case.problem.orders):
        if order.lock is None:
            continue
        if o not in places:
            yield from _unmade_lock(order, order.lock)
        else:
            yield from _made_lock(case, o, order, order.lock, places[o])


def _unmade_lock(order: Order, lock: Lock) -> Iterator[Violation]:
    if lock.position is not None:
        yield broken("lock_position", order.id, 1, "count", "not made")
    if lock.start_exactly is not None:
        yield broken("lock_start", order.id, 1, "s", "not made")


def _made_lock(
    case: Case, o: int, order: Order, lock: Lock, positions: list[int]
) -> Iterator[Violation]:
    lines = [case.problem.lines[case.line_of(i)].id for i in positions]
    if lock.line is not None and (wrong := sum(line != lock.line for line in lines)):
        yield broken("lock_line", order.id, wrong, "count")
    if lock.position is not None:
        numbers = [campaign_number(case, i) for i in positions]
        if wrong := sum(number != lock.position for number in numbers):
            yield broken("lock_position", order.id, wrong, "count")
    first, off = int(case.timeline.first[o]), 0
    if lock.start_not_before is not None:
        off = max(off, lock.start_not_before - first)
    if lock.start_exactly is not None:
        off = max(off, abs(first - lock.start_exactly))
    if off:
        yield broken("lock_start", order.id, off, "s")


def campaign_number(case: Case, position: int) -> int:
    """Return the number, from 1, of the campaign lot that holds ``position`` on its line."""
    campaigns = case.campaigns(case.line_of(position))
    return next(number for number, run in enumerate(campaigns, 1) if position in run)


def fixed_lots(case: Case) -> Iterator[Violation]:
    """First and last lots of another kind than the line's."""
    for line, plant in enumerate(case.problem.lines):
        positions = case.timeline.positions(line)
        if not positions:
            continue
        first = ("first_lot", plant.first_lot, positions[0])
        last = ("last_lot", plant.last_lot, positions[-1])
        for code, kind, i in (first, last):
            if kind is not None and not _is_kind(case, i, kind):
                yield broken(code, plant.id, 1, "count")


def _is_kind(case: Case, position: int, kind: LotKind) -> bool:
    lots = case.timeline.plan.lots
    grade = case.problem.grades[lots.grade[position]].id
    section = case.problem.sections[lots.section[position]].id
    return section == kind.section and kind.grade in (None, grade)


def frozen_changed(case: Case) -> Iterator[Violation]:
    """Frozen lots that are missing, moved or different."""
    freeze = case.problem.freeze
    if freeze is None:
        return
    now = {plan.line: plan.lots for plan in case.schedule.lines}
    for plan in freeze.schedule.lines:
        frozen = [lot for lot in plan.lots if freeze.holds(lot)]
        lots = now.get(plan.line, ())
        kept = sum(_same(a, b) for a, b in zip(frozen, lots, strict=False))
        if kept < len(frozen):
            yield broken("frozen_changed", plan.line, len(frozen) - kept, "lots")


def _same(a: Lot, b: Lot) -> bool:
    first = (a.start, a.section, a.grade, a.groove_change, a.cuts)
    return first == (b.start, b.section, b.grade, b.groove_change, b.cuts)
