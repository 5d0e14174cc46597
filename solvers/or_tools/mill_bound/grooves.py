"""Groove changes that wear asks for, and the time that all changes take."""

from fractions import Fraction

from scheduler.arrays import FAR
from scheduler.mill import MONEY
from solvers.or_tools.mill_bound.data import UNIT, Data, inside
from solvers.or_tools.mill_bound.lots import START, Group, Lots
from solvers.or_tools.mill_bound.masses import Masses
from solvers.or_tools.mill_bound.program import Program
from solvers.or_tools.mill_bound.span import Span
from solvers.or_tools.mill_bound.steel import Steel

HOUR = 3600


class Grooves:
    """Variables (l, s): groove changes in all, and hours (l, s, d) that they hold the line up.

    A groove is changed while the line changes over, so that only what a changeover does not
    hide counts: nothing at an entry to the section, and at another entry to a product what is left
    beyond the longest change of grade (all of it where such changes are not counted themselves).
    """

    def __init__(
        self, data: Data, program: Program, steel: Steel, masses: Masses, lots: Lots
    ) -> None:
        self.data, self.program, self.masses, self.lots = data, program, masses, lots
        self.changes: dict[tuple[int, int], int] = {}
        for line in data.lines:
            for s in data.sections_of(line):
                self._wear(line, s)
        for s in sorted({s for _, s in self.changes}):
            self._rounded_up(s, steel)

    def worn(self, line: int, s: int) -> int:
        """Return the g of wear at the start, at most the groove's life."""
        life = int(self.data.mill.sections[s].groove_life)
        return min(life, int(self.data.mill.wear[line, s]))

    def _wear(self, line: int, s: int) -> None:
        """Ask for a change whenever the groove's life, at first less its wear, is over."""
        row, program = self.data.mill.sections[s], self.program
        money = int(row.groove_scrap) * self.data.scrap_price()
        money += self.data.problem.weights.groove_change
        changes = program.variable(10**6, changes=money / MONEY)
        self.changes[line, s] = changes
        fresh = Fraction(int(row.groove_life) - self.worn(line, s), int(row.groove_life))
        last = self.data.grid.coarse[-1]
        program.at_most([*self.lives(line, s, last), (changes, -1)], fresh)

    def lives(self, line: int, s: int, last: int) -> list[tuple[int, Fraction]]:
        """Return the terms of the lives that are rolled up to coarse piece ``last``."""
        life = Fraction(UNIT, int(self.data.mill.sections[s].groove_life))
        return [
            (self.masses.product[line, p, d], life)
            for p in self.data.products_of(line)
            if self.data.products[p].section == s
            for d in range(last + 1)
        ]

    def _rounded_up(self, s: int, steel: Steel) -> None:
        """Round the changes of a section on all lines up (mixed integer rounding, Gomory 1960).

        Without shortage they are at least ``least``; every g missing lowers that.
        """
        data, products = self.data, self.data.products
        lines = [line for line in data.lines if (line, s) in self.changes]
        life = int(data.mill.sections[s].groove_life)
        least = Fraction(sum(self.worn(line, s) for line in lines), life) - len(lines)
        short: list[tuple[int, Fraction]] = []
        for p, product in enumerate(products):
            if product.section == s and steel.best[p] > 0:
                for o in product.orders:
                    row = data.mill.orders[o]
                    least += int(row.lower * row.unit) / steel.best[p] / life
                    short.append((steel.short[o], UNIT / steel.best[p] / life))
        part = least - (least.numerator // least.denominator)
        if least > 0 and part > 0:
            changes = [(self.changes[line, s], Fraction(1)) for line in lines]
            whole = -(-least.numerator // least.denominator)
            self.program.at_least([*changes, *((v, a / part) for v, a in short)], whole)

    def held_up(self, line: int, s: int, last: int | None) -> int:
        """Return hours that groove changes hold a line up, until coarse piece ``last`` is over.

        In all where ``last`` is None; there may be one hidden before the first lot then.
        """
        data, program = self.data, self.program
        row = data.mill.sections[s]
        hours = program.variable(10**6)
        change = Fraction(int(row.groove_time), HOUR)
        seen = 0 if last is not None else longest_grade_change(data, line)
        hidden = min(change, Fraction(seen, HOUR))
        until = data.grid.coarse if last is None else range(last + 1)
        section = next(g for g in self.lots.of(line, "section") if s == self._section(g))
        products = [g for g in self.lots.of(line, "product") if s == self._section(g)]
        terms = [(section.entry[d], change - hidden) for d in until]
        terms += [(g.entry[d], hidden) for g in products for d in until]
        terms += [(section.state[0], change)]
        if last is None:
            program.at_least([(hours, 1), (self.changes[line, s], -change), *terms], 0)
        else:
            fresh = 1 - Fraction(self.worn(line, s), int(row.groove_life))
            rolled = [(v, -a * change) for v, a in self.lives(line, s, last)]
            program.at_least([(hours, 1), *rolled, *terms], -fresh * change)
        return hours

    def _section(self, group: Group) -> int:
        return self.data.products[group.members[0]].section


def longest_grade_change(data: Data, line: int) -> int:
    """Return the most seconds that a changeover inside a section may take."""
    times = data.mill.grade_changes.time
    grades = data.mill.grades.temperature
    furnace = data.mill.lines[line]
    span = 60 * int(grades.max() - grades.min())
    ramp = max(-(-span // int(furnace.heating_rate)), -(-span // int(furnace.cooling_rate)))
    return max(int(times.max()), ramp)


def add_time(
    data: Data, program: Program, masses: Masses, span: Span, lots: Lots, grooves: Grooves
) -> None:
    """Let rolling and all changes fit into the time there is, up to any coarse edge and in all."""
    for line in data.lines:
        if data.products_of(line):
            _until_edges(data, program, masses, lots, grooves, line)
            _in_all(data, program, masses, span, lots, grooves, line)


def _until_edges(
    data: Data, program: Program, masses: Masses, lots: Lots, grooves: Grooves, line: int
) -> None:
    """In a closure there is time for one change at most, and that only in maintenance."""
    slow = slow_entries(data, lots, line)
    longest = longest_change(data, line)
    seconds = max(0, -int(data.mill.lines[line].ready))
    terms: list[tuple[int, Fraction]] = []
    for d in data.grid.coarse:
        seconds += data.open_seconds(line, d)
        shut = [b for b in data.grid.inside(d) if not data.is_open[line][b]]
        seconds += sum(min(data.grid.fine[b].length, longest) for b in shut)
        terms += [masses.product_hours(line, p, d) for p in data.products_of(line)]
        terms += [(group.entry[d], hours) for group, hours in slow]
        held = [(grooves.held_up(line, s, d), 1) for s in data.sections_of(line)]
        program.at_most([*terms, *held], Fraction(seconds, HOUR))


def slow_entries(data: Data, lots: Lots, line: int) -> list[tuple[Group, Fraction]]:
    """Return the hours that entering a section takes at least, and entering a family on top."""
    time, family = data.section_time, data.mill.sections.family.tolist()
    sections = range(len(data.problem.sections))

    def least(s: int, sources: list[int]) -> int:
        return min((int(time[a, s]) for a in sources), default=0)

    quick = {s: least(s, [a for a in sections if a != s]) for s in sections}
    result = []
    for group in lots.of(line, "section") + lots.of(line, "family"):
        members = {data.products[p].section for p in group.members}
        if group.kind == "section":
            seconds = min(quick[s] for s in members)
        else:
            others = [a for a in sections if family[a] != family[min(members)]]
            seconds = min(max(0, least(s, others) - quick[s]) for s in members)
        if seconds < FAR // 2:
            result.append((group, Fraction(seconds, HOUR)))
    return result


def longest_change(data: Data, line: int) -> int:
    """Return the most seconds of changes that the relaxation may see between two lots."""
    times = [*data.section_time.ravel().tolist(), longest_grade_change(data, line)]
    times += data.mill.sections.groove_time.tolist()
    return max(t for t in times if t < FAR // 2)


def _in_all(
    data: Data,
    program: Program,
    masses: Masses,
    span: Span,
    lots: Lots,
    grooves: Grooves,
    line: int,
) -> None:
    """From first start to last end changes take time; nothing is done while a line is closed."""
    terms: list[tuple[int, Fraction]] = []
    for b, piece in enumerate(data.grid.fine):
        if not inside(data.mill.closed, line, piece.start, piece.end):
            terms += span.running(line, b, Fraction(-piece.length, HOUR))
        terms += [(v, masses.hours(line, s)) for s, v in masses.sections[line, b]]
    for (ln, q, p), v in lots.arc.items():
        if ln == line and q != START:
            terms.append((v, Fraction(lots.time(line, q, p), HOUR)))
    held = [(grooves.held_up(line, s, None), Fraction(1)) for s in data.sections_of(line)]
    program.at_most([*terms, *held], 0)
