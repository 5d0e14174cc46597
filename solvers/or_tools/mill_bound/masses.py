"""Mass rolled in time: by product in coarse pieces, by section in fine ones, at its electricity."""

from collections import defaultdict
from fractions import Fraction

from scheduler.arrays import MILLION, SeriesArrays
from scheduler.mill import MONEY
from solvers.or_tools.mill_bound.data import UNIT, Data
from solvers.or_tools.mill_bound.program import Program


class Masses:
    """Variables of mass, in UNIT g: product (l, p, d), and by (l, b) pairs (section, variable).

    least, most: seconds that a g of section s may take on line l.
    """

    def __init__(self, data: Data, program: Program) -> None:
        self.data, self.program = data, program
        self.product: dict[tuple[int, int, int], int] = {}
        self.sections: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self.least: dict[tuple[int, int], Fraction] = {}
        self.most: dict[tuple[int, int], Fraction] = {}
        for line in data.lines:
            for s in data.sections_of(line):
                self._section(line, s)

    def _section(self, line: int, s: int) -> None:
        """Add a section on a line; what its products weigh is spread over the fine pieces."""
        data, program = self.data, self.program
        times = [data.seconds(line, p) for p in data.products if p.section == s]
        self.least[line, s] = min(least for least, _ in times)
        self.most[line, s] = max(most for _, most in times)
        for d in data.grid.coarse:
            fine = []
            for b in data.open_pieces(line, d):
                limit = self._limit(line, s, data.grid.fine[b].length)
                fine.append(program.variable(limit, **electricity(data, s, b)))
                self.sections[line, b].append((s, fine[-1]))
            products = []
            for p in data.products_of(line):
                if data.products[p].section == s:
                    limit = self._limit(line, s, data.open_seconds(line, d))
                    self.product[line, p, d] = program.variable(limit)
                    products.append(self.product[line, p, d])
            program.equal([*((v, 1) for v in fine), *((v, -1) for v in products)], 0)

    def _limit(self, line: int, s: int, seconds: int) -> Fraction:
        """Return the most UNIT g of a section in some seconds."""
        least = self.least[line, s]
        return Fraction(10**6) if least == 0 else Fraction(seconds) / least / UNIT + 1

    def hours(self, line: int, s: int) -> Fraction:
        """Return the fewest hours that a UNIT of a section takes."""
        return self.least[line, s] * UNIT / 3600

    def product_hours(self, line: int, p: int, d: int) -> tuple[int, Fraction]:
        """Return the variable of a product in a coarse piece, and the fewest hours of its UNIT."""
        return self.product[line, p, d], self.hours(line, self.data.products[p].section)


def electricity(data: Data, s: int, b: int) -> dict[str, Fraction]:
    """Return the money of rolling a UNIT of a section in a fine piece."""
    piece, tariff = data.grid.fine[b], data.mill.tariff
    low, high = energy(data, s)
    price, _ = extremes(tariff.electricity, piece.start, piece.end)
    money = (low if price >= 0 else high) * price * UNIT / MILLION / MONEY
    result = {"rolling_electricity": money}
    if tariff.watch_carbon:
        least, _ = extremes(tariff.carbon, piece.start, piece.end)
        result["co2"] = low * least * UNIT / MILLION * tariff.co2 / MILLION / MONEY
    return result


def energy(data: Data, s: int) -> tuple[Fraction, Fraction]:
    """Return the least and most Wh of a g of section ``s``; a billet's are whole."""
    need = int(data.mill.sections.rolling_energy[s])
    grades = {product.grade for product in data.products if product.section == s}
    masses = {m for grade in grades for m in data.masses.get(grade, ())}
    low = min((Fraction(m * need // MILLION, m) for m in masses), default=Fraction(0))
    return low, Fraction(need, MILLION)


def extremes(series: SeriesArrays, start: int, end: int) -> tuple[int, int]:
    """Return the least and the greatest value of a series in [start, end)."""
    last = len(series.value) - 1
    i = min(max((start - series.start) // series.slot, 0), last)
    j = min(max((end - 1 - series.start) // series.slot, 0), last)
    values = series.value[i : j + 1]
    return int(values.min()), int(values.max())
