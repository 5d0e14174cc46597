"""When lots are rolled and orders made: line, calendar, horizon, steel, release, deadline."""

from collections.abc import Iterator

from scheduler.arrays import FAR
from scheduler.evaluation import Violation
from scheduler.timeline import entries
from scheduler.timing import CUT, FIRST, MASS, RUN, billet_time
from scheduler.violations.case import Case, broken
from scheduler.walk import LOT_END, LOT_START, READY


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


def stock_not_available(case: Case) -> Iterator[Violation]:
    """Billets that enter the furnace before their stock row is available."""
    lots, available = case.timeline.plan.lots, case.mill.stock.available
    entered, ptr = entries(case.mill, case.timeline), case.timeline.stretch_ptr
    lead = available[lots.stock[case.timeline.stretches[: len(entered), CUT]]] - entered
    for _, i, name in case.lots:
        if (early := int(lead[ptr[i] : ptr[i + 1]].max())) > 0:
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


def precedence(case: Case) -> Iterator[Violation]:
    """Orders that start before a predecessor has ended."""
    index = {order.id: o for o, order in enumerate(case.problem.orders)}
    for o, order in case.made():
        for name in order.predecessors:
            last = case.timeline.last[index[name]]
            early = last - case.timeline.first[o] if last > -FAR else 1
            if early > 0:
                yield broken("precedence", order.id, early, "s", name)
