"""What the relaxation reads of a mill: rates, fills, temperatures and changes at their best."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np

from scheduler.arrays import FAR, MILLION, IntArray, MillArrays, Windows
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of
from solvers.or_tools.mill_bound.grid import Grid, grid_of

UNIT = 2**20
"""g in the program's unit of mass; a power of two, so that whole g stay exact."""


@dataclass(frozen=True)
class Product:
    """A grade and section, with its orders of pieces and of coils."""

    grade: int
    section: int
    bars: tuple[int, ...]
    coils: tuple[int, ...]

    @property
    def orders(self) -> tuple[int, ...]:
        """All its orders."""
        return self.bars + self.coils


@dataclass(frozen=True)
class Data:
    """A problem as the relaxation sees it.

    scrap_billets: whether plans count that roll billets to scrap alone.
    """

    problem: MillProblem
    mill: MillArrays
    grid: Grid
    scrap_billets: bool = True

    @cached_property
    def lines(self) -> range:
        """Numbers of the lines."""
        return range(len(self.problem.lines))

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """Grades and sections that have orders."""
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for o, row in enumerate(self.mill.orders):
            groups[int(row.grade), int(row.section)].append(o)
        piece = self.mill.orders.piece
        return tuple(
            Product(
                g,
                s,
                tuple(o for o in members if piece[o] > 0),
                tuple(o for o in members if piece[o] == 0),
            )
            for (g, s), members in sorted(groups.items())
        )

    @cached_property
    def rows(self) -> dict[int, list[int]]:
        """Stock rows by grade."""
        found: dict[int, list[int]] = defaultdict(list)
        for k, grade in enumerate(self.mill.stock.grade.tolist()):
            found[grade].append(k)
        return found

    @cached_property
    def formats(self) -> dict[int, list[list[int]]]:
        """By grade, stock rows of equal mass and cost."""
        stock, found = self.mill.stock, dict[int, list[list[int]]]()
        for grade, rows in self.rows.items():
            groups: dict[tuple[int, int], list[int]] = defaultdict(list)
            for k in rows:
                groups[int(stock.mass[k]), int(stock.cost[k])].append(k)
            found[grade] = list(groups.values())
        return found

    @cached_property
    def masses(self) -> dict[int, set[int]]:
        """By grade, g that a billet may weigh."""
        mass = self.mill.stock.mass.tolist()
        return {grade: {mass[k] for k in rows} for grade, rows in self.rows.items()}

    def eligible(self, line: int, order: int) -> bool:
        """Whether a feasible plan may roll the order on the line."""
        row = self.mill.orders[order]
        fits = row.length <= self.mill.lines[line].cooling_bed
        return bool(
            fits and self.mill.line_ok[order, line] and self.mill.can_roll[line, row.section]
        )

    @cached_property
    def _products_of(self) -> list[list[int]]:
        return [
            [
                p
                for p, product in enumerate(self.products)
                if any(self.eligible(line, o) for o in product.orders)
            ]
            for line in self.lines
        ]

    def products_of(self, line: int) -> list[int]:
        """Return the products of which the line may roll any order."""
        return self._products_of[line]

    def sections_of(self, line: int) -> list[int]:
        """Return the sections of the line's products."""
        return sorted({self.products[p].section for p in self.products_of(line)})

    def open_pieces(self, line: int, d: int) -> list[int]:
        """Return the fine pieces of coarse piece ``d`` in which the line may roll."""
        return [b for b in self.grid.inside(d) if self.is_open[line][b]]

    def open_seconds(self, line: int, d: int) -> int:
        """Return their seconds."""
        return sum(self.grid.fine[b].length for b in self.open_pieces(line, d))

    @cached_property
    def is_open(self) -> list[list[bool]]:
        """By line and fine piece, whether billets may be rolled there."""
        return [
            [
                piece.end > self.mill.lines[line].ready
                and not inside(self.mill.idle, line, piece.start, piece.end)
                for piece in self.grid.fine
            ]
            for line in self.lines
        ]

    def seconds(self, line: int, product: Product) -> tuple[Fraction, Fraction]:
        """Return the fewest and the most seconds that a g of a product may take.

        A billet of m g takes floor or ceiling of 3600 m / rate.
        """
        rate = int(self.mill.rate[line, product.section, product.grade])
        masses = self.masses.get(product.grade, set())
        least = min((Fraction(3600 * m // rate, m) for m in masses), default=Fraction(0))
        most = max((Fraction(-(-3600 * m // rate), m) for m in masses), default=Fraction(0))
        return least, most

    def billet_seconds(self, line: int, grade: int) -> int:
        """Return the longest that a billet of the grade may take on the line."""
        rate = int(self.mill.rate[line, :, grade].min())
        mass = max(self.masses.get(grade, ()), default=0)
        return -(-3600 * mass // max(1, rate)) + 1

    def fill(self, row: int, product: Product) -> int:
        """Return the most g of pieces that a billet can become."""
        usable = int(self.mill.usable[row, product.section])
        pieces = {int(self.mill.orders.piece[o]) for o in product.bars}
        return fullest(frozenset(pieces), usable)

    @cached_property
    def section_time(self) -> IntArray:
        """(S, S) fewest seconds of changes from a section to another, through any others."""
        return shortest(self.mill.section_changes.time, self.mill.section_changes.forbidden)

    @cached_property
    def grade_time(self) -> IntArray:
        """(G, G) the same between grades."""
        return shortest(self.mill.grade_changes.time, self.mill.grade_changes.forbidden)

    def scrap_price(self) -> Fraction:
        """Return the money (1/10 000) of a g of transition scrap, at least 0; see ``oddities``."""
        weights = self.problem.weights
        return Fraction(max(0, weights.transition_steel - weights.transition_resale), MILLION)

    @cached_property
    def section_money(self) -> IntArray:
        """(S, S) least money of changes from a section to another, in 1/10 000, rounded down."""
        scrap = self.mill.section_changes.scrap.astype(np.int64)
        price = self.scrap_price()
        money = scrap * price.numerator // price.denominator + self.problem.weights.section_change
        return shortest(money, self.mill.section_changes.forbidden)

    @cached_property
    def grade_money(self) -> IntArray:
        """(G, G) the same between grades."""
        scrap = self.mill.grade_changes.scrap.astype(np.int64)
        price = self.scrap_price()
        money = scrap * price.numerator // price.denominator + self.problem.weights.grade_change
        return shortest(money, self.mill.grade_changes.forbidden)


def data_of(problem: MillProblem, fine: int, coarse: int) -> Data:
    """Return a problem as the relaxation sees it, its time in about so many pieces."""
    mill = arrays_of(problem)
    return Data(problem, mill, grid_of(problem, mill, fine, coarse))


def inside(windows: Windows, line: int, start: int, end: int) -> bool:
    """Whether [start, end) lies in one of the line's windows."""
    return any(
        windows.start[w] <= start and end <= windows.end[w]
        for w in range(windows.ptr[line], windows.ptr[line + 1])
    )


def shortest(cost: IntArray, forbidden: IntArray) -> IntArray:
    """Return (n, n) the cheapest way from row to column, FAR where there is none (Floyd 1962)."""
    result = np.where(forbidden.astype(bool), FAR, cost.astype(np.int64))
    np.fill_diagonal(result, 0)
    for middle in range(len(result)):
        through = result[:, [middle]] + result[[middle], :]
        result = np.minimum(result, np.minimum(through, FAR))
    return result


@lru_cache(maxsize=10_000)
def fullest(pieces: frozenset[int], room: int) -> int:
    """Return the largest sum of whole numbers of ``pieces`` that is at most ``room``.

    All sums up to ``room`` as the bits of one number; taking a piece up to 1, 3, 7, ... times.
    """
    if room <= 0:
        return 0
    sums, mask = 1, (1 << (room + 1)) - 1
    for piece in pieces:
        step = piece
        while step <= room:
            sums |= (sums << step) & mask
            step *= 2
    return sums.bit_length() - 1
