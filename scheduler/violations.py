"""The closed list of violations of a mill schedule, one small check each.

``CHECKS`` is the table of contents; codes, units and magnitudes are in docs/problem.md, section 6.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from scheduler.arrays import FAR, IntArray, MillArrays
from scheduler.bill import Bill, pieces_of_cuts
from scheduler.costs import POWER_SLOT
from scheduler.evaluation import Violation
from scheduler.mill import Lock, LotKind, MillProblem, Order
from scheduler.schedule import Lot, Schedule
from scheduler.timeline import Timeline
from scheduler.timing import COUNT, CUT, FIRST, MASS, RUN, billet_time
from scheduler.walk import (
    CHARGED,
    FORBIDDEN,
    LOT_END,
    LOT_START,
    READY,
    WEAR_AFTER,
    WEAR_BEFORE,
)


@dataclass(frozen=True, eq=False)
class Case:
    """A schedule with everything the checks read."""

    problem: MillProblem
    mill: MillArrays
    schedule: Schedule
    timeline: Timeline
    bill: Bill

    @property
    def lots(self) -> Iterator[tuple[int, int, str]]:
        """Every lot as (line, position, name); names count from 1 on each line."""
        for line, plant in enumerate(self.problem.lines):
            for number, i in enumerate(self.timeline.positions(line), 1):
                yield line, i, f"{plant.id}/{number}"

    def cuts(self, position: int) -> range:
        """Return the cuts of the lot at ``position``."""
        pointer = self.timeline.plan.lots.cut_ptr
        return range(int(pointer[position]), int(pointer[position + 1]))

    def pieces(self, cut: int) -> Iterator[tuple[int, int]]:
        """Return (order, pieces a billet) of a cut."""
        lots = self.timeline.plan.lots
        for p in range(int(lots.piece_ptr[cut]), int(lots.piece_ptr[cut + 1])):
            yield int(lots.order[p]), int(lots.pieces[p])

    def orders_of(self, position: int) -> IntArray:
        """Return the order of every piece of the lot at ``position``."""
        lots = self.timeline.plan.lots
        low, high = lots.cut_ptr[position : position + 2]
        return lots.order[lots.piece_ptr[low] : lots.piece_ptr[high]]

    @cached_property
    def billets_left(self) -> IntArray:
        """Return how many billets of each stock row the plan leaves (FAR when unlimited)."""
        lots, limit = self.timeline.plan.lots, self.mill.stock.limit
        used = np.zeros_like(limit)
        np.add.at(used, lots.stock, lots.billets)
        return np.where(limit == FAR, FAR, limit - used)

    def made(self) -> Iterator[tuple[int, Order]]:
        """Return the orders of which something is made."""
        for o, order in enumerate(self.problem.orders):
            if self.timeline.last[o] > -FAR:
                yield o, order

    def lots_of_orders(self) -> dict[int, list[int]]:
        """Return the positions that make each made order."""
        result: dict[int, list[int]] = {}
        for _, i, _ in self.lots:
            for o in set(self.orders_of(i).tolist()):
                result.setdefault(o, []).append(i)
        return result

    def line_of(self, position: int) -> int:
        """Return the line of a position."""
        pointer = self.timeline.plan.line_ptr
        return int(np.searchsorted(pointer, position, side="right")) - 1

    def campaigns(self, line: int) -> list[list[int]]:
        """Return the maximal runs of positions of one grade and section on a line."""
        lots = self.timeline.plan.lots
        positions = self.timeline.positions(line)
        grouped = groupby(positions, key=lambda i: (lots.section[i], lots.grade[i]))
        return [list(run) for _, run in grouped]


def broken(code: str, where: str, magnitude: int, unit: str, detail: str = "") -> Violation:
    """Return a violation with a plain number as magnitude."""
    return Violation(code, where, int(magnitude), unit, detail)


def mismatch(case: Case) -> Iterator[Violation]:
    """Stock or orders in a lot of another grade or section; billets that mix coils."""
    lots, orders, owner = case.timeline.plan.lots, case.mill.orders, case.bill.cut_lot
    _, _, coils = pieces_of_cuts(case.bill)
    cut_of_piece = np.repeat(np.arange(len(lots.stock)), np.diff(lots.piece_ptr))
    lot_of_piece = owner[cut_of_piece]
    total = np.bincount(cut_of_piece, lots.pieces, len(lots.stock))
    wrong = (case.mill.stock.grade[lots.stock] != lots.grade[owner]).astype(np.int64)
    wrong += (coils > 0) & (total != 1)
    strange = orders.grade[lots.order] != lots.grade[lot_of_piece]
    strange |= orders.section[lots.order] != lots.section[lot_of_piece]
    number = np.bincount(owner, wrong, len(lots.grade))
    number += np.bincount(lot_of_piece, strange, len(lots.grade))
    for _, i, name in case.lots:
        if number[i]:
            yield broken("mismatch", name, int(number[i]), "count")


def forbidden_transition(case: Case) -> Iterator[Violation]:
    """Changeovers that may never happen."""
    for _, i, name in case.lots:
        if number := case.timeline.outcome[i, FORBIDDEN]:
            yield broken("forbidden_transition", name, number, "count")


def too_early(case: Case) -> Iterator[Violation]:
    """Lots that start before their line is ready."""
    for _, i, name in case.lots:
        row = case.timeline.outcome[i]
        if row[LOT_START] < row[READY]:
            yield broken("too_early", name, row[READY] - row[LOT_START], "s")


def outside_calendar(case: Case) -> Iterator[Violation]:
    """First billets that overlap a closure."""
    idle = case.mill.idle
    for line, i, name in case.lots:
        stretch = case.timeline.stretches_of(i)[0]
        rate = rate_of(case, line, i)
        start, end = stretch[FIRST], billet_time(stretch[RUN], stretch[MASS], rate)
        overlap = 0
        for w in range(idle.ptr[line], idle.ptr[line + 1]):
            overlap += max(0, min(end, idle.end[w]) - max(start, idle.start[w]))
        if overlap:
            yield broken("outside_calendar", name, overlap, "s")


def rate_of(case: Case, line: int, position: int) -> int:
    """Return the rate (g/h) of the lot at ``position``."""
    lots = case.timeline.plan.lots
    return int(case.mill.rate[line, lots.section[position], lots.grade[position]])


def beyond_horizon(case: Case) -> Iterator[Violation]:
    """Lots that start before the horizon or end after it."""
    for _, i, name in case.lots:
        row = case.timeline.outcome[i]
        outside = max(0, -row[LOT_START]) + max(0, row[LOT_END] - case.mill.horizon)
        if outside:
            yield broken("beyond_horizon", name, outside, "s")


def line_not_eligible(case: Case) -> Iterator[Violation]:
    """Lots whose section the line cannot roll, or with orders that may not go there."""
    lots = case.timeline.plan.lots
    for line, i, name in case.lots:
        number = int(not case.mill.can_roll[line, lots.section[i]])
        orders = {o for cut in case.cuts(i) for o, _ in case.pieces(cut)}
        number += sum(not case.mill.line_ok[o, line] for o in orders)
        if number:
            yield broken("line_not_eligible", name, number, "count")


def over_capacity(case: Case) -> Iterator[Violation]:
    """Billets whose pieces weigh more than what is usable of them."""
    usable, mass, _ = pieces_of_cuts(case.bill)
    for _, i, name in case.lots:
        for cut in case.cuts(i):
            if mass[cut] > usable[cut]:
                yield broken("over_capacity", name, mass[cut] - usable[cut], "g")


def piece_too_long(case: Case) -> Iterator[Violation]:
    """Orders whose piece exceeds the cooling bed of the line."""
    beds, length = case.mill.lines.cooling_bed, case.mill.orders.length
    for line, i, name in case.lots:
        for o in sorted({o for cut in case.cuts(i) for o, _ in case.pieces(cut)}):
            if (over := length[o] - beds[line]) > 0:
                yield broken("piece_too_long", name, over, "mm", case.problem.orders[o].id)


def coil_weight(case: Case) -> Iterator[Violation]:
    """Coils outside their order's window."""
    lots, orders = case.timeline.plan.lots, case.mill.orders
    piece, least, most = orders.piece, orders.coil_min, orders.coil_max
    for _, i, name in case.lots:
        for cut in case.cuts(i):
            coil = case.mill.usable[lots.stock[cut], lots.section[i]]
            for o, _ in case.pieces(cut):
                if piece[o] != 0:
                    continue
                off = max(0, least[o] - coil, coil - most[o])
                if off:
                    yield broken("coil_weight", name, off, "g", case.problem.orders[o].id)


def stock_exceeded(case: Case) -> Iterator[Violation]:
    """Stock rows of which more billets are used than there are."""
    lots = case.timeline.plan.lots
    used = np.zeros(len(case.problem.stock), dtype=np.int64)
    np.add.at(used, lots.stock, lots.billets)
    for k in np.flatnonzero(used > case.mill.stock.limit):
        over = used[k] - case.mill.stock.limit[k]
        yield broken("stock_exceeded", case.problem.stock[k].id, over, "billets")


def stock_not_available(case: Case) -> Iterator[Violation]:
    """Billets that enter the furnace before their stock row is available."""
    lots, available = case.timeline.plan.lots, case.mill.stock.available
    rows = case.timeline.stretches
    lead = available[lots.stock[rows[:, CUT]]] - rows[:, FIRST]
    for line, i, name in case.lots:
        own = lead[case.timeline.stretch_ptr[i] : case.timeline.stretch_ptr[i + 1]]
        early = int(own.max() + case.mill.lines.residence[line])
        if early > 0:
            yield broken("stock_not_available", name, early, "s")


def released_late(case: Case) -> Iterator[Violation]:
    """Orders that start before their release."""
    for o, order in case.made():
        if (early := case.mill.orders.release[o] - case.timeline.first[o]) > 0:
            yield broken("released_late", order.id, early, "s")


def missed_deadline(case: Case) -> Iterator[Violation]:
    """Orders that end after their deadline."""
    for o, order in case.made():
        if (late := case.timeline.last[o] - case.mill.orders.deadline[o]) > 0:
            yield broken("missed_deadline", order.id, late, "s")


def wear_exceeded(case: Case) -> Iterator[Violation]:
    """Grooves worn beyond their life."""
    lots = case.timeline.plan.lots
    for _, i, name in case.lots:
        life = case.mill.sections.groove_life[lots.section[i]]
        if (over := case.timeline.outcome[i, WEAR_AFTER] - life) > 0:
            yield broken("wear_exceeded", name, over, "g")


def order_wear_exceeded(case: Case) -> Iterator[Violation]:
    """Surface-critical orders rolled on a groove worn too far."""
    most = case.mill.orders.max_wear
    for _, i, name in case.lots:
        worst: dict[int, int] = {}
        wear = int(case.timeline.outcome[i, WEAR_BEFORE])
        if wear + case.timeline.outcome[i, CHARGED] <= most[case.orders_of(i)].min(initial=FAR):
            continue
        for row in case.timeline.stretches_of(i):
            wear += int(row[COUNT] * row[MASS])
            for o, _ in case.pieces(int(row[CUT])):
                worst[o] = wear
        for o, wear in sorted(worst.items()):
            if (over := wear - most[o]) > 0:
                order = case.problem.orders[o].id
                yield broken("order_wear_exceeded", order, over, "g", name)


def lot_size(case: Case) -> Iterator[Violation]:
    """Campaign lots outside the bounds on their mass."""
    rules = case.problem.campaign
    for line, plant in enumerate(case.problem.lines):
        for number, run in enumerate(case.campaigns(line), 1):
            mass = int(case.timeline.outcome[run, CHARGED].sum())
            if rules.lot_min is not None and mass < rules.lot_min:
                where = f"{plant.id}/campaign {number}"
                yield broken("lot_too_small", where, rules.lot_min - mass, "g")
            if rules.lot_max is not None and mass > rules.lot_max:
                where = f"{plant.id}/campaign {number}"
                yield broken("lot_too_large", where, mass - rules.lot_max, "g")


def family_too_long(case: Case) -> Iterator[Violation]:
    """Section or grade families rolled in a row beyond their bound."""
    rules, lots = case.problem.campaign, case.timeline.plan.lots
    sections, grades = case.problem.sections, case.problem.grades
    section_families = [sections[s].family for s in lots.section]
    grade_families = [grades[g].family for g in lots.grade]
    kinds = (
        (dict(rules.section_family_max), section_families),
        (dict(rules.grade_family_max), grade_families),
    )
    for line, plant in enumerate(case.problem.lines):
        for limits, families in kinds:
            runs = groupby(case.timeline.positions(line), key=families.__getitem__)
            for family, run in runs:
                mass = int(case.timeline.outcome[list(run), CHARGED].sum())
                if family in limits and mass > limits[family]:
                    over = mass - limits[family]
                    yield broken("family_too_long", f"{plant.id}/{family}", over, "g")


def split_lines(case: Case) -> Iterator[Violation]:
    """Orders on several lines that may not be split."""
    if len(case.problem.lines) == 1:
        return
    for o, positions in sorted(case.lots_of_orders().items()):
        order = case.problem.orders[o]
        lines = len({case.line_of(i) for i in positions})
        if lines > 1 and not order.may_split_lines:
            yield broken("split_lines", order.id, lines - 1, "lines")


def precedence(case: Case) -> Iterator[Violation]:
    """Orders that start before a predecessor has ended."""
    index = {order.id: o for o, order in enumerate(case.problem.orders)}
    for o, order in case.made():
        for name in order.predecessors:
            last = case.timeline.last[index[name]]
            early = last - case.timeline.first[o] if last > -FAR else 1
            if early > 0:
                yield broken("precedence", order.id, early, "s", name)


def locks(case: Case) -> Iterator[Violation]:
    """Orders away from the line, lot number or start they are locked to."""
    places = case.lots_of_orders()
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


def power_caps(case: Case) -> Iterator[Violation]:
    """15-minute mean powers above the mill's cap or a line's."""
    if not case.mill.tariff.watch_power:
        return
    over = worst_power(case.bill.energy.sum(axis=0)) - case.mill.tariff.power_cap
    if over > 0:
        yield broken("power_cap", "mill", over, "W")
    for line, plant in enumerate(case.problem.lines):
        over = worst_power(case.bill.energy[line]) - case.mill.lines.power_cap[line]
        if over > 0:
            yield broken("line_power_cap", plant.id, over, "W")


def worst_power(energy: IntArray) -> int:
    """Return the highest mean power (W) of slots with these J."""
    return int(energy.max() // POWER_SLOT) if len(energy) else 0


def frozen_changed(case: Case) -> Iterator[Violation]:
    """Frozen lots that are missing, moved or different."""
    freeze = case.problem.freeze
    if freeze is None:
        return
    now = {plan.line: plan.lots for plan in case.schedule.lines}
    for plan in freeze.schedule.lines:
        frozen = [lot for lot in plan.lots if lot.start < freeze.until]
        lots = now.get(plan.line, ())
        kept = sum(_same(a, b) for a, b in zip(frozen, lots, strict=False))
        if kept < len(frozen):
            yield broken("frozen_changed", plan.line, len(frozen) - kept, "lots")


def _same(a: Lot, b: Lot) -> bool:
    first = (a.start, a.section, a.grade, a.groove_change, a.cuts)
    return first == (b.start, b.section, b.grade, b.groove_change, b.cuts)


CHECKS: tuple[Callable[[Case], Iterator[Violation]], ...] = (
    mismatch,
    forbidden_transition,
    too_early,
    outside_calendar,
    beyond_horizon,
    line_not_eligible,
    over_capacity,
    piece_too_long,
    coil_weight,
    stock_exceeded,
    stock_not_available,
    released_late,
    missed_deadline,
    wear_exceeded,
    order_wear_exceeded,
    lot_size,
    family_too_long,
    split_lines,
    precedence,
    locks,
    fixed_lots,
    power_caps,
    frozen_changed,
)
