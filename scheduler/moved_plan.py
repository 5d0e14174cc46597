"""The plan moved to what the mill really did.

Lots that were rolled stay in the plan, at their real starts. Where a lot took longer than its rate
says, a delay closes the line for the difference, so that everything after it is timed from the
truth. Delays are reckoned anew each time, from all that was told. The steel and orders of a lot
that has begun count as available and released in time for it, if they were not yet.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace

from scheduler.actuals import Actual, first_billets
from scheduler.arrays import FAR
from scheduler.mill import Closure, MillProblem
from scheduler.mill_arrays import arrays_of, index_of
from scheduler.schedule import LinePlan, Lot, Schedule
from scheduler.timeline import entries, timeline_of
from scheduler.timing import BEFORE, COUNT, CUT, FIRST, MASS, RUN, billet_time, first_fit
from scheduler.walk import READY

TOLERANCE = 60
"""s of delay that are not worth a closure."""

Known = tuple[Lot, Actual]
"""A lot and what was told of it."""

Stop = tuple[int, int, int | None]
"""An instant (s), since when the lot stood still, and its billets rolled by then, if counted."""

Earliest = dict[int, int]
"""The earliest s told, by index."""


def moved_to(
    problem: MillProblem, schedule: Schedule, actuals: list[Actual], present: int
) -> tuple[MillProblem, Schedule]:
    """Return problem and plan as the mill has made them by ``present`` (s).

    Lots start when they really did, or as soon as their line was ready by the plan's reckoning;
    lots that have not begun start no earlier than the present, behind all that have. Lots that were
    given up are left out, with their groove changes made before the section's next lot; those that
    ended early are as long as they became. Delays of an earlier move are replaced.
    """
    problem = _without_delays(problem)
    told = {(one.line, one.number): one for one in actuals}
    begun: list[tuple[int, int]] = []
    for row, plan in enumerate(schedule.lines):
        line = index_of(problem.lines)[plan.line]
        done: tuple[Lot, ...] = ()
        for lot, one in _in_real_order(_without_dropped(plan, told)):
            if one.ended and one.reports:
                lot = first_billets(lot, one.reports[-1][1])
            earliest = max(lot.start, present) if one.start is None else one.start
            done, problem = _appended(problem, line, done, lot, earliest, one)
            if one.start is not None:
                begun.append((line, len(done) - 1))
        lines = (*schedule.lines[:row], LinePlan(plan.line, done), *schedule.lines[row + 1 :])
        schedule = Schedule(lines)
    return _with_what_was_there(problem, schedule, begun), schedule


def _without_dropped(plan: LinePlan, told: Mapping[tuple[str, int], Actual]) -> list[Known]:
    """Return what was told of each lot of a line that is still to be rolled or was."""
    left: list[Known] = []
    owed: set[str] = set()
    for place, lot in enumerate(plan.lots, 1):
        one = told.get((plan.line, place), Actual(plan.line, place))
        if one.dropped:
            owed |= {lot.section} if lot.groove_change else set()
            continue
        if lot.section in owed:
            owed.remove(lot.section)
            lot = replace(lot, groove_change=True)
        left.append((lot, one))
    return left


def _in_real_order(lots: list[Known]) -> list[Known]:
    """Return begun lots first, as they began, and then the others."""
    begun = [known for known in lots if known[1].start is not None]
    begun.sort(key=lambda known: known[1].start or 0)
    return begun + [known for known in lots if known[1].start is None]


def _with_what_was_there(
    problem: MillProblem, schedule: Schedule, begun: list[tuple[int, int]]
) -> MillProblem:
    """Return the problem in which no lot of ``begun`` (line, place) is before its steel or release.

    The whole lot counts: it is frozen, so that nothing else could follow from waiting steel.
    """
    entered: Earliest = {}
    started: Earliest = {}
    timeline = timeline_of(problem, schedule)
    lots, entry = timeline.plan.lots, entries(arrays_of(problem), timeline)
    for line, place in begun:
        position = timeline.positions(line)[place]
        for row in range(*timeline.stretch_ptr[position : position + 2]):
            cut, first = timeline.stretches[row, [CUT, FIRST]].tolist()
            _note(entered, int(lots.stock[cut]), int(entry[row]))
            for order in lots.order[lots.piece_ptr[cut] : lots.piece_ptr[cut + 1]].tolist():
                _note(started, order, first)
    stock = (
        replace(row, available_from=min(row.available_from, entered.get(number, FAR)))
        if row.available_from is not None
        else row
        for number, row in enumerate(problem.stock)
    )
    orders = (
        replace(order, release=min(order.release, started.get(number, FAR)))
        if order.release is not None
        else order
        for number, order in enumerate(problem.orders)
    )
    return replace(problem, stock=tuple(stock), orders=tuple(orders))


def _note(earliest: Earliest, index: int, at: int) -> None:
    earliest[index] = min(at, earliest.get(index, at))


def _without_delays(problem: MillProblem) -> MillProblem:
    lines = (
        replace(line, closures=tuple(c for c in line.closures if c.kind != "delay"))
        for line in problem.lines
    )
    return replace(problem, lines=tuple(lines))


def _appended(
    problem: MillProblem,
    line: int,
    done: tuple[Lot, ...],
    lot: Lot,
    earliest: int,
    told: Actual,
) -> tuple[tuple[Lot, ...], MillProblem]:
    """Return the line's lots with one more, and the problem with closures for its delays."""
    lot = replace(lot, start=earliest, changeover_start=None, groove_change_start=None)
    name = problem.lines[line].id
    timeline = timeline_of(problem, Schedule((LinePlan(name, (*done, lot)),)))
    ready = int(timeline.outcome[-1, READY])
    mill = arrays_of(problem)
    mass = int(mill.stock.mass[index_of(problem.stock)[lot.cuts[0].stock]])
    section = index_of(problem.sections)[lot.section]
    rate = int(mill.rate[line, section, index_of(problem.grades)[lot.grade]])
    start = int(first_fit(mill.idle, line, max(ready, earliest), 3600 * mass // rate))
    lots = (*done, replace(lot, start=start))
    return lots, _with_delays(problem, line, lots, told, rate)


def _with_delays(
    problem: MillProblem, line: int, lots: tuple[Lot, ...], told: Actual, rate: int
) -> MillProblem:
    """Return the problem with closures for what the line's last lot took longer than its rate."""
    stops, name = _stops(told), problem.lines[line].id
    ends = _billet_ends(problem, name, lots, rate) if stops else []
    for at, since, billets in stops:
        if billets is None:
            end, until = _interrupted(ends, since, at)
        else:
            end, until = ends[min(billets, len(ends) - 1)], at
        if until > end + TOLERANCE:
            problem = _closing(problem, line, Closure("delay", end, until))
            ends = _billet_ends(problem, name, lots, rate)
    return problem


def _stops(told: Actual) -> list[Stop]:
    """Return what delays a lot, in time order: interruptions, and billets rolled by an instant."""
    pauses: list[Stop] = [(until, since, None) for since, until in told.pauses]
    reports: list[Stop] = [(at, at, billets) for at, billets in told.reports]
    return sorted(pauses + reports, key=lambda stop: stop[0])


def _interrupted(ends: list[int], since: int, until: int) -> tuple[int, int]:
    """Return from when to when a delay closes the line for an interruption of its last lot.

    It begins with the billet under way, less what was rolled of that. The lot goes on afterwards,
    so that this is its last billet at the latest. Its first one starts where it was told to.
    """
    last = max(1, len(ends) - 2)
    under_way = max(1, min(last, bisect_right(ends, since) - 1))
    end, following = ends[under_way], ends[min(under_way + 1, len(ends) - 1)]
    return end, until - max(0, min(since, following) - end)


def _billet_ends(problem: MillProblem, line: str, lots: tuple[Lot, ...], rate: int) -> list[int]:
    """Return when the last lot starts, and then when each of its billets ends."""
    timeline = timeline_of(problem, Schedule((LinePlan(line, lots),)))
    ends = [lots[-1].start]
    for row in timeline.stretches_of(len(lots) - 1).tolist():
        masses = (row[BEFORE] + number * row[MASS] for number in range(1, row[COUNT] + 1))
        ends += [int(billet_time(row[RUN], mass, rate)) for mass in masses]
    return ends


def _closing(problem: MillProblem, line: int, closure: Closure) -> MillProblem:
    changed = replace(problem.lines[line], closures=(*problem.lines[line].closures, closure))
    lines = (*problem.lines[:line], changed, *problem.lines[line + 1 :])
    return replace(problem, lines=lines)
