"""Shares of orders by coarse piece of time: who is late, and which mass that takes."""

from collections import defaultdict
from fractions import Fraction

from scheduler.mill import MONEY
from solvers.or_tools.mill_bound.data import UNIT, Data
from solvers.or_tools.mill_bound.masses import Masses
from solvers.or_tools.mill_bound.program import Program
from solvers.or_tools.mill_bound.steel import Steel

Shares = dict[tuple[int, int, int], int]
"""By line, order and coarse piece: the share of the order's pieces that is rolled there."""


def add_shares(data: Data, program: Program, steel: Steel, masses: Masses) -> Shares:
    """Add the shares; an order's add up to one, unless it is not made at all.

    A piece rolled behind the due date makes the order at least that late, so a mean of its pieces'
    lateness is no more than the order's.
    """
    shares: Shares = {}
    for line in data.lines:
        for p in data.products_of(line):
            for d in data.grid.coarse:
                if data.open_seconds(line, d):
                    _piece(data, program, steel, masses, shares, line, p, d)
    of_order: dict[int, list[int]] = defaultdict(list)
    for (_, o, _), v in shares.items():
        of_order[o].append(v)
    for o, row in enumerate(data.mill.orders):
        missing = program.variable(1)
        program.equal([*((v, 1) for v in of_order[o]), (missing, 1)], 1)
        lower = Fraction(int(row.lower * row.unit), UNIT)
        program.at_most([(missing, lower), (steel.short[o], -1)], 0)
    return shares


def _piece(
    data: Data,
    program: Program,
    steel: Steel,
    masses: Masses,
    shares: Shares,
    line: int,
    p: int,
    d: int,
) -> None:
    """Add the shares of a product's orders on a line in a coarse piece, and the mass they take."""
    start, end = data.grid.edge[d], data.grid.edge[d + 1]
    terms: list[tuple[int, Fraction]] = []
    for o in data.products[p].orders:
        row = data.mill.orders[o]
        if data.eligible(line, o) and row.release < end and start <= row.deadline:
            late = max(0, start - int(row.due_date))
            money = late * int(row.weight) * data.problem.weights.tardiness // 3_600_000
            share = program.variable(1, tardiness=Fraction(money, MONEY))
            shares[line, o, d] = share
            terms.append((share, Fraction(int(row.lower * row.unit), UNIT)))
            terms.append((steel.short[o], Fraction(-1)))
    if terms:
        terms.append((masses.product[line, p, d], -steel.best[p]))
        program.at_most(terms, 0)
