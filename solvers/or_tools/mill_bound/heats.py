"""Billets charged in time: hot heats while they are hot, all others at their temperature."""

from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from scheduler.arrays import MILLION, MillArrays
from scheduler.costs import gas_after
from scheduler.mill import MONEY
from solvers.or_tools.mill_bound.data import UNIT, Data
from solvers.or_tools.mill_bound.grid import far
from solvers.or_tools.mill_bound.masses import Masses
from solvers.or_tools.mill_bound.program import Program
from solvers.or_tools.mill_bound.steel import Steel

FOLLOWED = 3
"""Time constants for which a heat is followed in fine pieces, later in coarse ones."""
ALWAYS = -(10**12)


class Charge(NamedTuple):
    """Billets of a stock row that start in a fine piece (None: anywhere in the coarse one)."""

    variable: int
    row: int
    mass: int
    coarse: int
    fine: int | None


def add_heats(data: Data, program: Program, steel: Steel, masses: Masses) -> None:
    """Tie the billets of each format to stock rows, and these to what is rolled when."""
    for p in range(len(data.products)):
        rolled = [v for (_, q, _), v in masses.product.items() if q == p]
        billets = [(v, Fraction(mass, UNIT)) for v, mass in steel.mass[p]]
        program.equal([*((v, -1) for v in rolled), *billets], 0)
    for grade, formats in data.formats.items():
        charges = [_format(data, program, steel, grade, f) for f in range(len(formats))]
        for line in data.lines:
            mine = [charge for found in charges for charge in found.get(line, [])]
            _grade_balance(data, program, masses, line, grade, mine)
            for charge in mine:
                steel.charges[line].append(charge)
    for line in data.lines:
        _mass_balance(data, program, masses, line, steel.charges[line])


def _format(
    data: Data, program: Program, steel: Steel, grade: int, f: int
) -> dict[int, list[Charge]]:
    """Return the charges of a format's rows by line; together they are its billets."""
    found: dict[int, list[Charge]] = defaultdict(list)
    every: list[int] = []
    for k in data.formats[grade][f]:
        mine: list[int] = []
        for line in data.lines:
            if any(data.products[p].grade == grade for p in data.products_of(line)):
                charges = _row(data, program, line, k)
                found[line] += charges
                mine += [charge.variable for charge in charges]
        limit = int(data.mill.stock.limit[k])
        if mine and not far(limit):
            program.at_most([(v, 1) for v in mine], limit)
        every += mine
    billets = [v for _, v in steel.billets[grade, f]]
    program.equal([*((v, 1) for v in every), *((v, -1) for v in billets)], 0)
    return found


def _row(data: Data, program: Program, line: int, k: int) -> list[Charge]:
    """Return the charges of a stock row on a line."""
    row, residence = data.mill.stock[k], int(data.mill.lines[line].residence)
    earliest = ALWAYS if far(int(row.available)) else int(row.available) + residence
    tau = data.problem.stock[k].cooling_time_constant
    followed = earliest + FOLLOWED * tau if tau else ALWAYS
    longest = data.billet_seconds(line, int(row.grade))
    limit = 10**7 if far(int(row.limit)) else int(row.limit)
    result: list[Charge] = []

    def add(d: int, b: int | None, start: int, end: int) -> None:
        """Add billets rolled in [start, end); they start at most their own time before."""
        price = heating(data, line, k, max(start - longest, earliest), end - 1)
        variable = program.variable(limit, **price)
        result.append(Charge(variable, k, int(row.mass), d, b))

    for d in data.grid.coarse:
        pieces = [
            (b, data.grid.fine[b])
            for b in data.open_pieces(line, d)
            if data.grid.fine[b].end > earliest
        ]
        hot = [(b, piece) for b, piece in pieces if piece.start < followed]
        for b, piece in hot:
            add(d, b, piece.start, piece.end)
        rest = pieces[len(hot) :]
        if rest:
            add(d, None, rest[0][1].start, rest[-1][1].end)
    return result


def heating(data: Data, line: int, k: int, first: int, last: int) -> dict[str, Fraction]:
    """Return the least money of heating a billet that starts from ``first`` to ``last``.

    A temperature only falls or only rises with time, so one of the ends is the cheapest.
    """
    residence = int(data.mill.lines[line].residence)
    gas = min(gas_at(data.mill, line, k, start - residence) for start in (first, last))
    tariff = data.problem.tariff
    return {
        "reheating_gas": Fraction(gas * tariff.gas, MILLION * MONEY),
        "co2": Fraction(gas * tariff.gas_emissions * tariff.co2, MILLION**2 * MONEY),
    }


def gas_at(mill: MillArrays, line: int, k: int, entry: int) -> int:
    """Return the gas (Wh) that heats a billet of a stock row from its temperature at ``entry``."""
    row = mill.stock[k]
    elapsed = 0 if far(int(row.available)) else entry - int(row.available)
    return int(gas_after(mill, line, int(row.grade), k, elapsed))


def _grade_balance(
    data: Data, program: Program, masses: Masses, line: int, grade: int, charges: list[Charge]
) -> None:
    """In every coarse piece the products of a grade weigh what its billets weigh."""
    for d in data.grid.coarse:
        products = [
            masses.product[line, p, d]
            for p in data.products_of(line)
            if data.products[p].grade == grade
        ]
        billets = [(c.variable, Fraction(c.mass, UNIT)) for c in charges if c.coarse == d]
        program.equal([*billets, *((v, -1) for v in products)], 0)


def _mass_balance(
    data: Data, program: Program, masses: Masses, line: int, charges: list[Charge]
) -> None:
    """In every fine piece the sections weigh what is charged, hot or not."""
    followed: dict[int, list[Charge]] = defaultdict(list)
    others: dict[int, list[Charge]] = defaultdict(list)
    for charge in charges:
        if charge.fine is None:
            others[charge.coarse].append(charge)
        else:
            followed[charge.fine].append(charge)
    for d in data.grid.coarse:
        rest = []
        for b in data.open_pieces(line, d):
            if masses.sections[line, b]:
                other = program.variable(10**6)
                rest.append(other)
                billets = [(c.variable, Fraction(c.mass, UNIT)) for c in followed[b]]
                sections = [(v, -1) for _, v in masses.sections[line, b]]
                program.equal([(other, 1), *billets, *sections], 0)
        billets = [(c.variable, Fraction(c.mass, UNIT)) for c in others[d]]
        program.equal([*billets, *((v, -1) for v in rest)], 0)
