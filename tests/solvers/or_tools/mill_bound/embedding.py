"""A schedule written into the relaxation: every variable that a plan decides gets its value.

What is left open (seconds held up, amounts beyond bounds, the peak, ...) the program may choose. If
it then has no solution, or only dearer ones than the plan, one of its rows or prices is wrong.
"""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from scheduler.mill_arrays import arrays_of
from scheduler.timeline import timeline_of
from scheduler.timing import BEFORE, COUNT, CUT, MASS, RUN, billet_time
from solvers.or_tools.mill_bound.data import UNIT
from solvers.or_tools.mill_bound.lots import START

SLACK = 1e-7


class Embedding:
    """Values of the variables of ``built`` (data, program, steel, masses, span, shares, lots)."""

    def __init__(self, built: Any, schedule: Any) -> None:
        self.built, self.data = built, built.data
        self.value: dict[int, Fraction] = defaultdict(Fraction)
        self.made: dict[tuple[int, int, int], Fraction] = defaultdict(Fraction)
        self.timeline = timeline_of(self.data.problem, schedule)
        self.product = {(p.grade, p.section): i for i, p in enumerate(self.data.products)}
        for line in self.data.lines:
            for i in self.timeline.positions(line):
                self._lot(line, i)
            self._sequence(line)
        total: dict[int, Fraction] = defaultdict(Fraction)
        for (_, o, _), amount in self.made.items():
            total[o] += amount
        for (line, o, d), amount in self.made.items():
            self.value[built.shares[line, o, d]] = amount / total[o]

    def fixed(self) -> list[int]:
        """Return the variables that the plan decides."""
        built = self.built
        groups = [v for g in built.lots.groups for v in (*g.state, *g.entry)]
        sections = [v for pairs in built.masses.sections.values() for _, v in pairs]
        charges = [c.variable for found in built.steel.charges.values() for c in found]
        arcs = built.lots.arc.values()
        return [*groups, *sections, *charges, *arcs, *built.masses.product.values(),
                *built.shares.values()]  # fmt: skip

    def impose(self) -> None:
        """Fix the variables, but for rounding."""
        for v in self.fixed():
            near = float(self.value[v])
            self.built.program.variables[v].SetBounds(max(0.0, near - SLACK), near + SLACK)

    def _lot(self, line: int, i: int) -> None:
        mill, lots = arrays_of(self.data.problem), self.timeline.plan.lots
        section, grade = int(lots.section[i]), int(lots.grade[i])
        p, rate = self.product[grade, section], int(mill.rate[line, section, grade])
        for row in self.timeline.stretches_of(i):
            cut, mass = int(row[CUT]), int(row[MASS])
            for n in range(int(row[COUNT])):
                before = int(row[BEFORE]) + n * mass
                x = billet_time(int(row[RUN]), before, rate)
                y = billet_time(int(row[RUN]), before + mass, rate)
                for b, share in self._pieces(x, y):
                    self._billet(line, p, section, cut, b, share)

    def _pieces(self, x: int, y: int):
        for b, piece in enumerate(self.data.grid.fine):
            if x == y and piece.start <= x < piece.end:
                yield b, Fraction(1)
            overlap = min(y, piece.end) - max(x, piece.start)
            if overlap > 0:
                yield b, Fraction(overlap, y - x)

    def _billet(self, line: int, p: int, section: int, cut: int, b: int, share: Fraction) -> None:
        built, lots = self.built, self.timeline.plan.lots
        k, d = int(lots.stock[cut]), self.data.grid.fine[b].coarse
        mass = share * int(self.data.mill.stock.mass[k]) / UNIT
        self.value[built.masses.product[line, p, d]] += mass
        self.value[dict(built.masses.sections[line, b])[section]] += mass
        charge = next(
            c
            for c in built.steel.charges[line]
            if c.row == k and c.coarse == d and c.fine in (b, None)
        )
        self.value[charge.variable] += share
        usable = int(self.data.mill.usable[k, section])
        for j in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
            o = int(lots.order[j])
            each = int(self.data.mill.orders[o].piece) or usable
            self.made[line, o, d] += share * int(lots.pieces[j]) * each

    def _sequence(self, line: int) -> None:
        """Set arcs, and the states and entries of all groups."""
        lots, plan = self.timeline.plan.lots, self.timeline.plan
        rolled = [
            (int(plan.start[i]), self.product[int(lots.grade[i]), int(lots.section[i])])
            for i in self.timeline.positions(line)
        ]
        for group in (g for g in self.built.lots.groups if g.line == line):
            state = self._state_at_start(line, group, rolled)
            self._group(group, rolled, state)
        products = [g for g in self.built.lots.of(line, "product") if self.value[g.state[0]]]
        last = products[0].members[0] if products else START
        for _, p in rolled:
            if p != last:
                self.value[self.built.lots.arc[line, last, p]] += 1
            last = p

    def _state_at_start(self, line: int, group: Any, rolled: list[tuple[int, int]]) -> bool:
        """Whether the line is set to the group: it is known to be, or taken to be."""
        row = self.data.mill.lines[line]
        fits = self.built.lots._fits_start(line, group.kind, group.members)
        unknown = {"product": row.section < 0 or row.grade < 0, "grade": row.grade < 0}
        if unknown.get(group.kind, row.section < 0):
            return fits and bool(rolled) and rolled[0][1] in group.members
        return fits

    def _group(self, group: Any, rolled: list[tuple[int, int]], state: bool) -> None:
        edges = self.data.grid.edge
        for d in self.data.grid.coarse:
            self.value[group.state[d]] = Fraction(state)
            for start, p in rolled:
                if edges[d] <= start < edges[d + 1]:
                    self.value[group.entry[d]] += not state and p in group.members
                    state = p in group.members
