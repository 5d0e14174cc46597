"""What the mill told of a plan's lots, and the rates that the last campaigns had."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scheduler.arrays import MILLION
from scheduler.mill import MillProblem, Section
from scheduler.mill_arrays import arrays_of, index_of
from scheduler.mill_quantities import merged, usual_rate
from scheduler.schedule import Cut, Lot, Schedule

LAST_LOTS = 5
"""Lots of a section and grade, the latest ones, whose rates are averaged."""
PLAUSIBLE = (0.5, 1.5)
"""Bounds of a rate in parts of the one so far; outside them a report is taken for a mistake."""
PRIOR_LOTS = 2
"""Lots that the rate so far counts as, beside those that were seen."""


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
        cuts = first_billets(lot, billets).cuts
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
    planned = usual_rate(section, kind[1])
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


def first_billets(lot: Lot, billets: int) -> Lot:
    """Return the lot's first ``billets`` billets; the whole lot where it has no more."""
    return replace(lot, cuts=tuple(_first_cuts(lot.cuts, billets))) if billets else lot


def _first_cuts(cuts: tuple[Cut, ...], billets: int) -> Iterator[Cut]:
    for cut in cuts:
        if billets <= 0:
            return
        yield replace(cut, count=min(cut.count, billets))
        billets -= cut.count
