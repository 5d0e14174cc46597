"""What each line is set to, piece by piece of time, and how often it changes."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from scheduler.arrays import FAR, NONE
from scheduler.mill import MONEY
from scheduler.timing import ramp_time
from solvers.or_tools.mill_bound.data import Data
from solvers.or_tools.mill_bound.masses import Masses
from solvers.or_tools.mill_bound.program import Program

START = -1
"""Stands for the line's state at the horizon's start where a product is left."""
MOST_ENTRIES = 10_000


@dataclass(frozen=True, eq=False)
class Group:
    """Products of a line that are entered and left as one.

    kind: product, section, family (of sections) or grade. state[d]: whether the line's last lot
    before coarse piece d is of the group. entry[d]: how many lots of it that start in d follow a
    lot of another group.
    """

    line: int
    kind: str
    members: tuple[int, ...]
    state: tuple[int, ...]
    entry: tuple[int, ...]


class Lots:
    """The groups of all lines, and arcs (l, q, p): changes from product q to p in all."""

    def __init__(self, data: Data, program: Program, masses: Masses) -> None:
        self.data, self.program, self.masses = data, program, masses
        self.arc: dict[tuple[int, int, int], int] = {}
        self.groups: list[Group] = []
        for line in data.lines:
            self._arcs(line)
            self._groups(line)

    def of(self, line: int, kind: str) -> list[Group]:
        """Return the groups of a kind on a line."""
        return [group for group in self.groups if group.line == line and group.kind == kind]

    def time(self, line: int, q: int, p: int) -> int:
        """Return the fewest seconds of changing from product q to p."""
        data, b = self.data, self.data.products[p]
        section, grade = self._from(line, q)
        grades = data.mill.grades.temperature
        ramp = ramp_time(data.mill, line, int(grades[grade]), int(grades[b.grade]))
        section_time = int(data.section_time[section, b.section])
        return max(section_time, int(data.grade_time[grade, b.grade]), int(ramp))

    def _from(self, line: int, q: int) -> tuple[int, int]:
        if q == START:
            row = self.data.mill.lines[line]
            return int(row.section), int(row.grade)
        return self.data.products[q].section, self.data.products[q].grade

    def _arcs(self, line: int) -> None:
        """Add the changes between products at their least money."""
        mine = self.data.products_of(line)
        for q in (START, *mine):
            for p in mine:
                money = self._money(line, q, p)
                if q != p and money is not None:
                    price = Fraction(money, MONEY)
                    self.arc[line, q, p] = self.program.variable(MOST_ENTRIES, changes=price)

    def _money(self, line: int, q: int, p: int) -> int | None:
        """Return the least money (1/10 000) of changing from product q to p; None if it may not."""
        data, b = self.data, self.data.products[p]
        section, grade = self._from(line, q)
        money = 0
        if section != NONE:
            money += int(data.section_money[section, b.section])
        if grade != NONE:
            money += int(data.grade_money[grade, b.grade])
        return None if money >= FAR // 2 else money

    def _groups(self, line: int) -> None:
        """Add the groups; the line is set to at most one of each kind at any instant."""
        data, program = self.data, self.program
        for kind in ("product", "section", "family", "grade"):
            members: dict[int, list[int]] = defaultdict(list)
            for p in data.products_of(line):
                members[self._key(kind, data.products[p].section, data.products[p].grade, p)] += [p]
            found = [self._group(line, kind, tuple(group)) for group in members.values()]
            for d in data.grid.coarse:
                program.at_most([(group.state[d], 1) for group in found], 1)
            self.groups += found
        self._flow(line)
        for kind in ("section", "family", "grade"):
            for group in self.of(line, kind):
                self._nest(group)

    def _key(self, kind: str, section: int, grade: int, p: int) -> int:
        """Return the number of the group of a kind that a product belongs to."""
        if kind == "product":
            return p
        if kind == "grade":
            return grade
        return section if kind == "section" else int(self.data.mill.sections.family[section])

    def _group(self, line: int, kind: str, members: tuple[int, ...]) -> Group:
        """Add a group: it is rolled only where the line is set to it or enters it."""
        data, program = self.data, self.program
        free = self._fits_start(line, kind, members)
        state = [program.variable(1 if d or free else 0) for d in data.grid.coarse]
        entry = [program.variable(MOST_ENTRIES) for _ in data.grid.coarse]
        for d in data.grid.coarse:
            if d:
                program.at_most([(state[d], 1), (state[d - 1], -1), (entry[d - 1], -1)], 0)
            hours = Fraction(-data.open_seconds(line, d), 3600)
            rolled = [self.masses.product_hours(line, p, d) for p in members]
            program.at_most([*rolled, (state[d], hours), (entry[d], hours)], 0)
        come = [
            v
            for (ln, q, p), v in self.arc.items()
            if ln == line and p in members and not self._stays(line, kind, q, members)
        ]
        program.at_most([*((v, 1) for v in entry), *((v, -1) for v in come)], 0)
        return Group(line, kind, members, tuple(state), tuple(entry))

    def _fits_start(self, line: int, kind: str, members: tuple[int, ...]) -> bool:
        """Whether a first lot of the group may be no entry, the line being set to it already."""
        row, family = self.data.mill.lines[line], self.data.mill.sections.family
        product = self.data.products[members[0]]
        section = row.section in (NONE, product.section)
        if kind == "family" and not section:
            section = bool(family[row.section] == family[product.section])
        grade = row.grade in (NONE, product.grade)
        return bool((section or kind == "grade") and (grade or kind in ("section", "family")))

    def _stays(self, line: int, kind: str, q: int, members: tuple[int, ...]) -> bool:
        """Whether coming from product q (or the start) is no entry to the group."""
        if q != START:
            return q in members
        return kind != "product" and self._fits_start(line, kind, members)

    def _flow(self, line: int) -> None:
        """Ask that nothing is left more often than it is entered, and that a line starts once."""
        into: dict[int, list[int]] = defaultdict(list)
        out: dict[int, list[int]] = defaultdict(list)
        for (ln, q, p), v in self.arc.items():
            if ln == line:
                into[p].append(v)
                out[q].append(v)
        products = self.of(line, "product")
        starts = [*out[START], *(group.state[0] for group in products)]
        self.program.at_most([(v, 1) for v in starts], 1)
        for group in products:
            come, leave = into[group.members[0]], out[group.members[0]]
            entered = [*come, group.state[0]]
            self.program.at_most([*((v, 1) for v in leave), *((v, -1) for v in entered)], 0)

    def _nest(self, group: Group) -> None:
        """Set a line to the group where it is set to a product; enter a product with the group."""
        inner = [g for g in self.of(group.line, "product") if g.members[0] in group.members]
        for d in self.data.grid.coarse:
            states = [(g.state[d], 1) for g in inner]
            self.program.at_most([*states, (group.state[d], -1)], 0)
            entries = [(g.entry[d], -1) for g in inner]
            self.program.at_most([(group.entry[d], 1), *entries], 0)
