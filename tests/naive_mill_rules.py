"""docs/problem.md, section 6: every violation, (code, where, magnitude)."""

from collections import Counter
from collections.abc import Iterator

from scheduler.mill import Coil, FixedLength, Line, MillProblem, Order
from scheduler.schedule import LinePlan, Schedule
from tests.naive_mill_costs import is_coil, made_quantities, pieces_mass, slot_powers
from tests.naive_mill_time import Rolled, RolledLot, all_windows, by_id, usable_mass

Violation = tuple[str, str, int]


def all_violations(problem: MillProblem, schedule: Schedule, rolled: Rolled) -> list[Violation]:
    """Those with a magnitude above 0, in no particular order."""
    found: list[Violation] = []
    for line, lots in rolled.lots.items():
        for index, lot in enumerate(lots):
            where = f"{line} lot {index}"
            found += [(c, where, m) for c, m in lot_violations(problem, lot)]
        found += [
            (c, line, m) for c, m in line_violations(problem, rolled, by_id(problem.lines, line))
        ]
    for order in problem.orders:
        found += [(c, order.id, m) for c, m in order_violations(problem, order, rolled)]
    found += stock_violations(problem, rolled)
    found += power_violations(problem, rolled)
    found += frozen_violations(problem, schedule)
    return [violation for violation in found if violation[2] > 0]


def lot_violations(problem: MillProblem, lot: RolledLot) -> Iterator[tuple[str, int]]:
    line, first = lot.line, lot.billets[0]
    orders = {o for cut in lot.lot.cuts for o, _ in cut.pieces}
    yield "mismatch", sum(mismatches(problem, lot, cut) for cut in lot.lot.cuts)
    yield "forbidden_transition", lot.forbidden
    yield "too_early", lot.ready - lot.lot.start
    yield (
        "outside_calendar",
        sum(max(0, min(first.end, v) - max(first.start, u)) for u, v in all_windows(line)),
    )
    yield "beyond_horizon", max(0, lot.end - problem.horizon) + max(0, -lot.lot.start)
    yield (
        "line_not_eligible",
        (bool(line.sections) and lot.lot.section not in line.sections)
        + sum(not may_go(by_id(problem.orders, o), line) for o in orders),
    )
    for cut in lot.lot.cuts:
        usable = usable_mass(problem, cut.stock, lot.lot.section)
        yield "over_capacity", pieces_mass(problem, cut) - usable
        for o, _ in cut.pieces:
            yield "coil_weight", coil_excess(by_id(problem.orders, o), usable)
    for o in orders:
        piece = by_id(problem.orders, o).piece
        if line.cooling_bed is not None and isinstance(piece, FixedLength):
            yield "piece_too_long", piece.length - line.cooling_bed
    yield "stock_not_available", max(late_stock(problem, lot, b) for b in lot.billets)
    life = by_id(problem.sections, lot.lot.section).groove_life
    yield "wear_exceeded", max(b.wear for b in lot.billets) - life


def may_go(order: Order, line: Line) -> bool:
    return not order.lines or line.id in order.lines


def mismatches(problem: MillProblem, lot: RolledLot, cut) -> int:
    count = int(by_id(problem.stock, cut.stock).grade != lot.lot.grade)
    for o, _ in cut.pieces:
        order = by_id(problem.orders, o)
        count += (order.grade, order.section) != (lot.lot.grade, lot.lot.section)
    coils = sum(n for o, n in cut.pieces if is_coil(problem, o))
    return count + (coils > 0 and sum(n for _, n in cut.pieces) != 1)


def coil_excess(order: Order, coil: int) -> int:
    piece = order.piece
    if not isinstance(piece, Coil):
        return 0
    return max(0, piece.minimum - coil, coil - piece.maximum)


def late_stock(problem: MillProblem, lot: RolledLot, billet) -> int:
    available = by_id(problem.stock, billet.cut.stock).available_from
    entry = billet.start - lot.line.furnace.residence
    return 0 if available is None else max(0, available - entry)


# --- orders ---------------------------------------------------------------------------------


def order_violations(
    problem: MillProblem, order: Order, rolled: Rolled
) -> Iterator[tuple[str, int]]:
    billets = rolled.billets_of(order.id)
    if not billets:
        yield from unmade_order_violations(order)
        return
    first, last = rolled.first(order.id), rolled.last(order.id)
    assert first is not None
    assert last is not None
    if order.release is not None:
        yield "released_late", order.release - first
    if order.deadline is not None:
        yield "missed_deadline", last - order.deadline
    for lots in rolled.lots.values():
        for lot in lots:
            worn = [b.wear for which, b in billets if which is lot]
            life = by_id(problem.sections, order.section).groove_life
            if worn:
                yield "order_wear_exceeded", max(worn) - life * order.max_groove_wear // 1_000_000
    if not order.may_split_lines:
        yield "split_lines", len({lot.line.id for lot, _ in billets}) - 1
    for predecessor in order.predecessors:
        before = rolled.last(predecessor)
        yield "precedence", 1 if before is None else before - first
    yield from lock_violations(order, rolled, first)


def unmade_order_violations(order: Order) -> Iterator[tuple[str, int]]:
    if order.lock and order.lock.start_exactly is not None:
        yield "lock_start", 1
    if order.lock and order.lock.position is not None:
        yield "lock_position", 1


def lock_violations(order: Order, rolled: Rolled, first: int) -> Iterator[tuple[str, int]]:
    if order.lock is None:
        return
    lock = order.lock
    numbered = [
        (lot, number)
        for lots in rolled.lots.values()
        for number, campaign in enumerate(campaign_lots(lots), start=1)
        for lot in campaign
        if any(order.id in dict(cut.pieces) for cut in lot.lot.cuts)
    ]
    if lock.line is not None:
        yield "lock_line", sum(lot.line.id != lock.line for lot, _ in numbered)
    if lock.position is not None:
        yield "lock_position", sum(number != lock.position for _, number in numbered)
    late = 0 if lock.start_not_before is None else max(0, lock.start_not_before - first)
    exact = 0 if lock.start_exactly is None else abs(first - lock.start_exactly)
    yield "lock_start", max(late, exact)


# --- lines ----------------------------------------------------------------------------------


def runs(lots: list[RolledLot], key) -> list[list[RolledLot]]:
    """Maximal runs of consecutive lots of one key."""
    result: list[list[RolledLot]] = []
    for lot in lots:
        if result and key(result[-1][-1]) == key(lot):
            result[-1].append(lot)
        else:
            result.append([lot])
    return result


def campaign_lots(lots: list[RolledLot]) -> list[list[RolledLot]]:
    return runs(lots, lambda lot: (lot.lot.section, lot.lot.grade))


def charged(problem: MillProblem, lots: list[RolledLot]) -> int:
    return sum(by_id(problem.stock, b.cut.stock).mass for lot in lots for b in lot.billets)


def line_violations(problem: MillProblem, rolled: Rolled, line: Line) -> Iterator[tuple[str, int]]:
    rules, lots = problem.campaign, rolled.lots[line.id]
    for campaign in campaign_lots(lots):
        mass = charged(problem, campaign)
        if rules.lot_min is not None:
            yield "lot_too_small", rules.lot_min - mass
        if rules.lot_max is not None:
            yield "lot_too_large", mass - rules.lot_max
    for attribute, elements, limits in (
        ("section", problem.sections, dict(rules.section_family_max)),
        ("grade", problem.grades, dict(rules.grade_family_max)),
    ):

        def family(lot: RolledLot, attribute=attribute, elements=elements) -> str:
            return by_id(elements, getattr(lot.lot, attribute)).family

        for run in runs(lots, family):
            if family(run[0]) in limits:
                yield "family_too_long", charged(problem, run) - limits[family(run[0])]
    for code, kind, place in (("first_lot", line.first_lot, 0), ("last_lot", line.last_lot, -1)):
        if lots and kind:
            lot = lots[place].lot
            wrong = lot.section != kind.section or kind.grade not in (None, lot.grade)
            yield code, int(wrong)
    if line.power_cap is not None:
        powers = slot_powers(problem, rolled, [line])
        yield "line_power_cap", max(powers.values(), default=0) - line.power_cap


def stock_violations(problem: MillProblem, rolled: Rolled) -> list[Violation]:
    used = Counter(b.cut.stock for lot in rolled.all() for b in lot.billets)
    return [
        ("stock_exceeded", row.id, used[row.id] - row.count)
        for row in problem.stock
        if row.count >= 0
    ]


def power_violations(problem: MillProblem, rolled: Rolled) -> list[Violation]:
    if problem.tariff.power_cap is None:
        return []
    powers = slot_powers(problem, rolled, problem.lines)
    return [("power_cap", "all lines", max(powers.values(), default=0) - problem.tariff.power_cap)]


def frozen_violations(problem: MillProblem, schedule: Schedule) -> list[Violation]:
    if problem.freeze is None:
        return []
    plans = {plan.line: plan for plan in schedule.lines}
    found = []
    for old in problem.freeze.schedule.lines:
        frozen = [lot for lot in old.lots if lot.start < problem.freeze.until]
        new = plans.get(old.line, LinePlan(old.line, ())).lots
        changed = 0
        for index, lot in enumerate(frozen):
            if index >= len(new) or content(new[index]) != content(lot):
                changed += 1
        found.append(("frozen_changed", old.line, changed))
    return found


def content(lot) -> tuple:
    return lot.start, lot.section, lot.grade, lot.groove_change, lot.cuts


__all__ = ["all_violations", "made_quantities"]
