"""Why an order is late: what held it back, and what its line did in the meantime."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from scheduler.arrays import FAR
from scheduler.clock import duration, stamp
from scheduler.gantt import LineRow, LotBar
from scheduler.gantt_rows import without
from scheduler.mill import Stock
from scheduler.mill_arrays import index_of
from scheduler.power_room import held_by_cap
from scheduler.timing import CUT, FIRST
from scheduler.violations import Case
from scheduler.walk import LOT_START

Window = tuple[int, int]
FirstDue = Mapping[tuple[str, int], int]
"""Earliest due date (s) of the orders of each lot, by line and number."""

NAMED_LOTS = 3


@dataclass(frozen=True, slots=True)
class Limit:
    """Something before which a billet of an order could not be rolled.

    at: s of the limit. billet: s at which the plan starts the first billet that it holds for.
    cause: a few words. sentence: what to say, with a place for the instant.
    """

    at: int
    billet: int
    cause: str
    sentence: str

    @property
    def reserve(self) -> int:
        """Return how many s earlier the billet could have started."""
        return self.billet - self.at


@dataclass(frozen=True, slots=True)
class Spent:
    """What a line did between an order's earliest start and its lot, in s.

    urgent: lots with an order due no later. deferrable: lots whose orders are all due later.
    capped: idle, but a power cap left no room for what came next; it is not in ``idle``.
    """

    own: int
    urgent: int
    deferrable: int
    changes: int
    idle: int
    capped: int
    closed: int


def tightest_limit(case: Case, order: int, position: int) -> Limit:
    """Return what would have stopped the order's lot first, had it begun earlier."""
    return min(_limits(case, order, position), key=lambda limit: limit.reserve)


def _limits(case: Case, order: int, position: int) -> Iterator[Limit]:
    wanted, plant = case.problem.orders[order], case.problem.lines[case.line_of(position)]
    starts = cut_starts(case, order, position)
    first = min(starts.values())
    lot_start = int(case.timeline.outcome[position, LOT_START])
    yield Limit(max(0, plant.ready), lot_start, "line not ready", f"{plant.id} is ready at {{}}")
    if wanted.release is not None:
        yield Limit(wanted.release, first, "released late", "it is released at {}")
    for cut, start in starts.items():
        row = earliest_steel(case, order, cut)
        if row.available_from is not None:
            sentence = f"its steel {row.id} can be reheated and rolled from {{}} on"
            at = row.available_from + plant.furnace.residence
            yield Limit(at, start, "steel arrives late", sentence)
    names = {o.id: index for index, o in enumerate(case.problem.orders)}
    for name in wanted.predecessors:
        at = int(case.timeline.last[names[name]])
        yield Limit(at, first, "waits for another order", f"{name} is done first, at {{}}")
    if wanted.lock is not None and wanted.lock.start_not_before is not None:
        at = wanted.lock.start_not_before
        yield Limit(at, first, "locked", "it is locked not to start before {}")


def earliest_steel(case: Case, order: int, cut: int) -> Stock:
    """Return the row of a cut's steel, or one there earlier of which the plan leaves enough.

    A plan often gives an order the steel of a late heat because the order rolls late anyway: with
    such a row left over, that heat is no reason. The row must be of the same grade, as heavy at
    least, and fit the order.
    """
    lots, stock, orders = case.timeline.plan.lots, case.mill.stock, case.mill.orders
    own = int(lots.stock[cut])
    if case.problem.stock[own].available_from is None:
        return case.problem.stock[own]
    fits = (stock.grade == orders.grade[order]) & (stock.mass >= stock.mass[own])
    fits &= case.billets_left >= lots.billets[cut]
    if not orders.piece[order]:
        coil = case.mill.usable[:, orders.section[order]]
        fits &= (coil >= orders.coil_min[order]) & (coil <= orders.coil_max[order])
    fits[own] = True
    rows = np.flatnonzero(fits)
    return case.problem.stock[rows[stock.available[rows].argmin()]]


def cut_starts(case: Case, order: int, position: int) -> dict[int, int]:
    """Return the start (s) of the first billet of each cut of a lot that carries the order."""
    own = [cut for cut in case.cuts(position) if any(o == order for o, _ in case.pieces(cut))]
    rows = case.timeline.stretches_of(position)
    return {cut: int(rows[rows[:, CUT] == cut, FIRST].min()) for cut in own}


def time_spent(case: Case, line: LineRow, order: int, window: Window, first_due: FirstDue) -> Spent:
    """Divide ``window`` into what the line did in it."""
    due = case.problem.orders[order].due_date
    name = case.problem.orders[order].id
    own = urgent = deferrable = 0
    for lot in line.lots:
        rolled = sum(overlap(run, window) for run in lot.runs)
        if name in lot.orders:
            own += rolled
        elif first_due[lot.line, lot.number] <= due:
            urgent += rolled
        else:
            deferrable += rolled
    changes = _union(line, ("changeover", "groove_change"), window)
    idle = _union(line, ("idle",), window)
    capped = min(idle, _held(case, line, window))
    whole = max(0, window[1] - window[0])
    rest = whole - own - urgent - deferrable - changes - idle
    return Spent(own, urgent, deferrable, changes, idle - capped, capped, max(0, rest))


def _held(case: Case, line: LineRow, window: Window) -> int:
    first = case.timeline.positions(index_of(case.problem.lines)[line.line]).start
    return sum(
        held_by_cap(case, first + bar.lot - 1, (max(bar.start, window[0]), min(bar.end, window[1])))
        for bar in line.activities
        if bar.kind == "idle"
    )


def overlap(a: Window, b: Window) -> int:
    """Return the s that two windows share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def first_due_dates(case: Case, lots: Iterable[LotBar]) -> FirstDue:
    """Return the earliest due date of every lot's orders."""
    due = {order.id: order.due_date for order in case.problem.orders}
    return {
        (lot.line, lot.number): min((due[name] for name in lot.orders), default=FAR) for lot in lots
    }


def _union(line: LineRow, kinds: tuple[str, ...], window: Window) -> int:
    bars = [(bar.start, bar.end) for bar in line.activities if bar.kind in kinds]
    covered = [(max(a, window[0]), min(b, window[1])) for a, b in bars]
    left = without(window, [(a, b) for a, b in covered if a < b])
    return max(0, window[1] - window[0]) - sum(b - a for a, b in left)


def why_late(
    case: Case, line: LineRow, order: int, position: int, first_due: FirstDue
) -> tuple[str, list[str]]:
    """Return the cause in a few words, and sentences with the figures."""
    wanted, origin = case.problem.orders[order], case.problem.origin
    last = int(case.timeline.last[order])
    limit = tightest_limit(case, order, position)
    number = position - case.timeline.positions(case.line_of(position)).start
    lot = line.lots[number]
    needed = last - limit.billet
    held = max(0, limit.at + needed - wanted.due_date)
    sentences = [
        f"It ends {stamp(origin, last)}, {duration(last - wanted.due_date)} after its due date"
        f" {stamp(origin, wanted.due_date)}."
    ]
    bound = limit.sentence.format(stamp(origin, limit.at))
    if held:
        sentences.append(
            f"In this lot it could not be in time: {bound}, and from there it takes"
            f" {duration(needed)}; that makes {duration(held)} of the delay."
        )
    if held and limit.reserve <= 0:
        return limit.cause, sentences
    window = lot.start - max(0, limit.reserve), lot.start
    spent = time_spent(case, line, order, window, first_due)
    sentences.append(
        f"Its lot {lot.number} on {line.line} could have begun {duration(window[1] - window[0])}"
        f" earlier, at {stamp(origin, window[0])}{'' if held else f' ({bound})'}."
    )
    sentences.append(f"Meanwhile {line.line}: {spent_sentence(spent)}.")
    sentences += ahead(case, line, order, window, first_due)
    return limit.cause if held > limit.reserve else main_cause(spent), sentences


def main_cause(spent: Spent) -> str:
    """Return the largest part of the time spent, in a few words."""
    causes = {
        "line full with orders due earlier": spent.urgent,
        "orders due later go first": spent.deferrable,
        "rolled in several lots": spent.own,
        "changes of the line": spent.changes,
        "line closed": spent.closed,
        "no room below the power cap": spent.capped,
        "the plan waits": spent.idle,
    }
    return max(causes, key=lambda cause: causes[cause])


def spent_sentence(spent: Spent) -> str:
    """Return the parts that are not zero, the longest first."""
    parts = [
        (spent.urgent, "rolling orders due no later"),
        (spent.deferrable, "rolling orders due later"),
        (spent.own, "rolling other lots of this order"),
        (spent.changes, "in changeovers and groove changes"),
        (spent.closed, "closed or in maintenance"),
        (spent.capped, "idle for want of room below the power cap"),
        (spent.idle, "idle"),
    ]
    shown = [f"{duration(t)} {what}" for t, what in sorted(parts, reverse=True) if t > 0]
    return ", ".join(shown) or "nothing else"


def ahead(case: Case, line: LineRow, order: int, window: Window, first_due: FirstDue) -> list[str]:
    """Name the largest lots before the order whose own orders are all due later."""
    wanted, origin = case.problem.orders[order], case.problem.origin
    found = [
        lot
        for lot in line.lots
        if wanted.id not in lot.orders
        and wanted.due_date < first_due[lot.line, lot.number] < FAR
        and overlap((lot.start, lot.end), window)
    ]
    found.sort(key=lambda lot: lot.start - lot.end)
    return [
        f"Before it although due later: lot {lot.number} ({lot.section}, {lot.grade}, "
        f"{duration(lot.end - lot.start)}, first due "
        f"{stamp(origin, first_due[lot.line, lot.number])})."
        for lot in found[:NAMED_LOTS]
    ]
