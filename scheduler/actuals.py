"""What the mill really did: the plan moved to it, and the rates that the last campaigns had.

Lots that were rolled stay in the plan, at their real starts. Where a lot took longer than its rate
says, a delay closes the line for the difference, so that everything after it is timed from the
truth. Delays are reckoned anew each time, from all that was told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scheduler.arrays import MILLION
from scheduler.mill import Closure, MillProblem, Section
from scheduler.mill_arrays import arrays_of, index_of
from scheduler.mill_quantities import merged
from scheduler.schedule import Cut, LinePlan, Lot, Schedule
from scheduler.timeline import timeline_of
from scheduler.timing import BEFORE, COUNT, MASS, RUN, billet_time, first_fit
from scheduler.walk import READY

LAST_LOTS = 5
"""Lots of a section and grade, the latest ones, whose rates are averaged."""
PLAUSIBLE = (0.5, 1.5)
"""Bounds of a rate in parts of the one so far; outside them a report is taken for a mistake."""
PRIOR_LOTS = 2
"""Lots that the rate so far counts as, beside those that were seen."""
TOLERANCE = 60
"""s of delay that are not worth a closure."""


@dataclass(frozen=True, slots=True)
class Actual:
    """What was told of a lot, ``number`` (from 1) of ``line``.

    start: s (None: not told). reports: (s, billets rolled by then), in time order. pauses: (s, s)
    from and to which it was interrupted. ended: whether no billet follows; dropped: whether it was
    given up before its first billet.
    """

    line: str
    number: int
    start: int | None = None
    reports: tuple[tuple[int, int], ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()
    ended: bool = False
    dropped: bool = False

    @property
    def paused(self) -> int:
        """Seconds that it was interrupted."""
        return sum(until - since for since, until in self.pauses)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it was planned with and as the mill had it, in g/h, from ``lots`` of ``mass`` g.

    slowest, quickest: rates of single lots among them.
    """

    section: str
    grade: str
    planned: int
    actual: int
    lots: int
    mass: int
    slowest: int
    quickest: int

    @property
    def plausible(self) -> bool:
        """Whether it is no mistake of a report."""
        return PLAUSIBLE[0] <= self.actual / self.planned <= PLAUSIBLE[1]

    @property
    def learned(self) -> int:
        """The rate to plan with: between planned and actual, nearer to this the more lots say so.

        The mean of the lots and of ``PRIOR_LOTS`` more at the planned rate, so that one lot moves
        a rate by a third of what it was off.
        """
        if not self.plausible:
            return self.planned
        off = (self.actual - self.planned) * self.lots
        return self.planned + round(off / (self.lots + PRIOR_LOTS))


def observed_rates(
    problem: MillProblem, schedule: Schedule, actuals: list[Actual]
) -> tuple[Rate, ...]:
    """Return the rates of the last lots that ended, by section and grade.

    The time of a lot is from its start to its end less interruptions and closures, each second
    once; its line's rate factor is taken out.
    """
    mill, lines, stock = arrays_of(problem), index_of(problem.lines), index_of(problem.stock)
    lots = {plan.line: plan.lots for plan in schedule.lines}
    seen: dict[tuple[str, str], list[tuple[int, int, float]]] = {}
    for told in actuals:
        if not (told.ended and told.reports and told.start is not None):
            continue
        line, (end, billets) = lines[told.line], told.reports[-1]
        lot = lots[told.line][told.number - 1]
        cuts = _first_billets(lot, billets).cuts
        mass = sum(int(mill.stock.mass[stock[cut.stock]]) * cut.count for cut in cuts)
        seconds = end - told.start - _stopped(problem, line, told.pauses, told.start, end)
        if seconds > 0 and mass > 0:
            factor = problem.lines[line].rate_factor / MILLION
            seen.setdefault((lot.section, lot.grade), []).append((end, mass, seconds * factor))
    return tuple(_rate(problem, kind, rows) for kind, rows in sorted(seen.items()))


def _rate(problem: MillProblem, kind: tuple[str, str], rows: list[tuple[int, int, float]]) -> Rate:
    last = sorted(rows)[-LAST_LOTS:]
    mass = sum(row[1] for row in last)
    section = problem.sections[index_of(problem.sections)[kind[0]]]
    planned = dict(section.rate_by_grade).get(kind[1], section.rate)
    actual = round(3600 * mass / sum(row[2] for row in last))
    single = [round(3600 * row[1] / row[2]) for row in last]
    return Rate(*kind, planned, actual, len(last), mass, min(single), max(single))


def _stopped(
    problem: MillProblem, line: int, pauses: tuple[tuple[int, int], ...], start: int, end: int
) -> int:
    """Return the s of [start, end) that lie in planned closures, in ``pauses`` or in both."""
    closures = [(c.start, c.end) for c in problem.lines[line].closures if c.kind != "delay"]
    windows = merged([*closures, *pauses])
    return sum(max(0, min(end, until) - max(start, since)) for since, until in windows)


def with_rates(problem: MillProblem, rates: tuple[Rate, ...]) -> MillProblem:
    """Return the problem with what was learned of ``rates`` instead of its own."""
    new = {(rate.section, rate.grade): rate.learned for rate in rates if rate.plausible}
    return replace(problem, sections=tuple(_section(one, new) for one in problem.sections))


def _section(section: Section, new: dict[tuple[str, str], int]) -> Section:
    mine = {grade: rate for (name, grade), rate in new.items() if name == section.id}
    rates = {**dict(section.rate_by_grade), **mine}
    return replace(section, rate_by_grade=tuple(rates.items())) if mine else section


def moved_to(
    problem: MillProblem, schedule: Schedule, actuals: list[Actual], present: int
) -> tuple[MillProblem, Schedule]:
    """Return problem and plan as the mill has made them by ``present`` (s).

    Lots start when they really did, or as soon as their line was ready by the plan's reckoning;
    lots that have not begun start no earlier than the present. Lots that were given up are left
    out, those that ended early are as long as they became. Delays of an earlier move are replaced.
    """
    problem = _without_delays(problem)
    told = {(one.line, one.number): one for one in actuals}
    for line, plan in enumerate(schedule.lines):
        number = index_of(problem.lines)[plan.line]
        done: tuple[Lot, ...] = ()
        for place, lot in enumerate(plan.lots, 1):
            one = told.get((plan.line, place), Actual(plan.line, place))
            if one.dropped:
                continue
            if one.ended and one.reports:
                lot = _first_billets(lot, one.reports[-1][1])
            earliest = max(lot.start, present) if one.start is None else one.start
            done, problem = _appended(problem, number, done, lot, earliest, one.reports)
        lines = (*schedule.lines[:line], LinePlan(plan.line, done), *schedule.lines[line + 1 :])
        schedule = Schedule(lines)
    return problem, schedule


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
    reports: tuple[tuple[int, int], ...],
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
    for at, billets in reports:
        end = _end_of_billet(problem, name, lots, billets, rate)
        if at > end + TOLERANCE:
            problem = _closing(problem, line, Closure("delay", end, at))
    return lots, problem


def _end_of_billet(
    problem: MillProblem, line: str, lots: tuple[Lot, ...], billets: int, rate: int
) -> int:
    """Return when the last lot's billet number ``billets`` ends (its start for 0)."""
    timeline = timeline_of(problem, Schedule((LinePlan(line, lots),)))
    end = lots[-1].start
    for row in timeline.stretches_of(len(lots) - 1).tolist():
        if billets <= 0:
            break
        taken = min(billets, row[COUNT])
        end = int(billet_time(row[RUN], row[BEFORE] + taken * row[MASS], rate))
        billets -= taken
    return end


def _closing(problem: MillProblem, line: int, closure: Closure) -> MillProblem:
    changed = replace(problem.lines[line], closures=(*problem.lines[line].closures, closure))
    lines = (*problem.lines[:line], changed, *problem.lines[line + 1 :])
    return replace(problem, lines=lines)


def _first_billets(lot: Lot, billets: int) -> Lot:
    """Return the lot's first ``billets`` billets; the whole lot where it has no more."""
    return replace(lot, cuts=tuple(_first_cuts(lot.cuts, billets))) if billets else lot


def _first_cuts(cuts: tuple[Cut, ...], billets: int) -> Iterator[Cut]:
    for cut in cuts:
        if billets <= 0:
            return
        yield replace(cut, count=min(cut.count, billets))
        billets -= cut.count
