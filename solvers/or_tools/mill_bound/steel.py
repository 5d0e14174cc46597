"""Billets and quantities: what steel costs at least, and what is delivered for it."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from scheduler.arrays import MILLION, MillArrays
from scheduler.mill import MONEY
from solvers.or_tools.mill_bound.data import UNIT, Data, Product
from solvers.or_tools.mill_bound.program import Program

Billets = dict[tuple[int, int], list[tuple[int, int]]]
"""By grade and format: (product, variable) of the billets charged for a product."""


class Steel:
    """Variables of billets by format and product, and of what is made of each order.

    An order is made of ``lower + inside - short + surplus`` (in UNIT g).
    """

    def __init__(self, data: Data, program: Program) -> None:
        self.data, self.program = data, program
        self.short: dict[int, int] = {}
        self.mass: dict[int, list[tuple[int, int]]] = defaultdict(list)
        """By product: (variable, g) of its billets."""
        self.billets: Billets = defaultdict(list)
        self.charges: dict[int, list[Any]] = defaultdict(list)
        """By line: what ``heats`` charges."""
        self.best: dict[int, Fraction] = defaultdict(Fraction)
        """By product: most g made of a g charged."""
        for p, product in enumerate(data.products):
            made = {o: self._quantity(o) for o in product.orders}
            self._bars(p, product, made)
            for o in product.coils:
                self._coils(p, product, o, made[o])

    def _quantity(self, o: int) -> list[tuple[int, int]]:
        """Return what is made of an order beyond its lower bound as (variable, sign)."""
        row, order = self.data.mill.orders[o], self.data.problem.orders[o]
        weights, unit = self.data.problem.weights, int(row.unit)
        lower, upper = int(row.lower) * unit, int(row.upper) * unit
        most = self._most(o)

        def money(per_tonne: int) -> Fraction:
            return Fraction(per_tonne * UNIT, MILLION * MONEY)

        inside = self.program.variable(Fraction(upper - lower, UNIT), margin=money(-order.margin))
        short = self.program.variable(Fraction(lower, UNIT), shortage=money(order.shortage))
        surplus = self.program.variable(
            Fraction(most, UNIT), surplus=money(-weights.surplus_resale)
        )
        held = (lower - int(row.target) * unit) * order.margin
        self.program.constant["margin"] += Fraction(-held, MILLION * MONEY)
        self.program.constant["rounding"] -= Fraction(1, MONEY)
        self.short[o] = short
        return [(inside, 1), (short, -1), (surplus, 1)]

    def _most(self, o: int) -> int:
        """Return the most g that can ever be made of an order."""
        row = self.data.mill.orders[o]
        return sum(
            most_billets(self.data, rows) * max(0, int(self.data.mill.usable[rows[0], row.section]))
            for rows in self.data.formats.get(int(row.grade), [])
        )

    def _billet(self, p: int, product: Product, f: int, cut: int) -> int:
        """Add the billets of a format for a product; ``cut`` g a billet are sold unless made."""
        mill, weights = self.data.mill, self.data.problem.weights
        rows = self.data.formats[product.grade][f]
        mass = int(mill.stock.mass[rows[0]])
        crop = int(mill.sections.crop[product.section])
        tonne = MILLION * MONEY
        variable = self.program.variable(
            most_billets(self.data, rows),
            stock=Fraction(mass * int(mill.stock.cost[rows[0]]), tonne),
            crop=Fraction(-crop * weights.crop_resale, tonne),
            cut=Fraction(-cut * weights.cut_resale, tonne),
            rounding=-billet_rounding(self.data),
        )
        self.mass[p].append((variable, mass))
        self.billets[product.grade, f].append((p, variable))
        return variable

    def _bars(self, p: int, product: Product, made: dict[int, list[tuple[int, int]]]) -> None:
        if not product.bars:
            return
        mill, resale = self.data.mill, self.data.problem.weights.cut_resale
        terms: list[tuple[int, Fraction]] = []
        for f, rows in enumerate(self.data.formats.get(product.grade, [])):
            fill = self.data.fill(rows[0], product)
            usable = max(0, int(mill.usable[rows[0], product.section]))
            variable = self._billet(p, product, f, usable)
            terms.append((variable, Fraction(-fill, UNIT)))
            self._best(p, fill, int(mill.stock.mass[rows[0]]))
        least = 0
        for o in product.bars:
            row = mill.orders[o]
            least += int(row.lower * row.unit)
            for variable, sign in made[o]:
                terms.append((variable, Fraction(sign)))
                self.program.add_price(
                    variable, cut=Fraction(sign * UNIT * resale, MILLION * MONEY)
                )
        self.program.constant["cut"] += Fraction(least * resale, MILLION * MONEY)
        self.program.at_most(terms, Fraction(-least, UNIT))

    def _coils(self, p: int, product: Product, o: int, made: list[tuple[int, int]]) -> None:
        mill = self.data.mill
        row = mill.orders[o]
        terms = [(variable, Fraction(sign)) for variable, sign in made]
        for f, rows in enumerate(self.data.formats.get(product.grade, [])):
            usable = int(mill.usable[rows[0], product.section])
            if max(0, int(row.coil_min)) <= usable <= row.coil_max:
                variable = self._billet(p, product, f, 0)
                terms.append((variable, Fraction(-usable, UNIT)))
                self._best(p, usable, int(mill.stock.mass[rows[0]]))
        self.program.equal(terms, Fraction(-int(row.lower), UNIT))

    def _best(self, p: int, made: int, mass: int) -> None:
        self.best[p] = max(self.best[p], Fraction(made, mass))


def billet_rounding(data: Data) -> Fraction:
    """Return the money that the evaluator's floors may take off a billet.

    Each billet may be a lot and cut of its own: a floor of steel, of gas, of electricity and of
    two masses of CO2.
    """
    gram = Fraction(data.problem.tariff.co2, MILLION)
    return (Fraction(3) + Fraction(1, MILLION) + (2 + Fraction(1, MILLION)) * gram) / MONEY


def most_billets(data: Data, rows: list[int]) -> int:
    """Return how many billets of a format a feasible plan can charge at most."""
    limit = sum(int(data.mill.stock.limit[k]) for k in rows)
    seconds = fewest_seconds(data.mill, rows[0])
    return min(limit, len(data.lines) * (data.problem.horizon // seconds + 1))


def fewest_seconds(mill: MillArrays, row: int) -> int:
    """Return the seconds in which a billet of a stock row is rolled at most quickly."""
    rates = mill.rate[:, :, mill.stock.grade[row]]
    return 3600 * int(mill.stock.mass[row]) // int(rates.max())
