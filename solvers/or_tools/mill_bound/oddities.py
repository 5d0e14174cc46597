"""What only odd prices make worth while, and the relaxation leaves out: a constant each.

The relaxation knows no billets for a product without orders, and no gain from transition scrap.
Where prices make such things pay, a plan may gain what they bring at most, times as many as there
can be.
"""

from fractions import Fraction

from scheduler.arrays import MILLION
from scheduler.mill import MONEY
from solvers.or_tools.mill_bound.data import Data
from solvers.or_tools.mill_bound.masses import extremes
from solvers.or_tools.mill_bound.program import Program
from solvers.or_tools.mill_bound.span import gas_money
from solvers.or_tools.mill_bound.steel import billet_rounding, most_billets


def add_oddities(data: Data, program: Program) -> None:
    """Take what odd prices may bring off the bound; nothing at sane ones."""
    formats = [rows for found in data.formats.values() for rows in found]
    for rows in formats if data.scrap_billets else ():
        gain = max((billet_gain(data, line, rows[0]) for line in data.lines), default=Fraction(0))
        if gain > 0:
            program.constant["stock"] -= gain * most_billets(data, rows)
    weights, mill = data.problem.weights, data.mill
    paid = weights.transition_resale - weights.transition_steel
    if paid > 0:
        scrap = int(mill.section_changes.scrap.max()) + int(mill.grade_changes.scrap.max())
        scrap += int(mill.sections.groove_scrap.max())
        lots = sum(most_billets(data, rows) for rows in formats)
        program.constant["changes"] -= Fraction(lots * scrap * paid, MILLION * MONEY)


def billet_gain(data: Data, line: int, k: int) -> Fraction:
    """Return what rolling a billet to scrap on a line brings at most (0 or more)."""
    mill, weights, stock = data.mill, data.problem.weights, data.mill.stock[k]
    price, _ = extremes(mill.tariff.electricity, 0, data.problem.horizon)
    best = Fraction(0)
    for s in range(len(data.problem.sections)):
        if mill.can_roll[line, s]:
            rate = int(mill.rate[line, s, stock.grade])
            seconds = 3600 * int(stock.mass) // rate + 1
            scrap = int(mill.sections.crop[s]) * weights.crop_resale
            scrap += max(0, int(mill.usable[k, s])) * max(0, weights.cut_resale)
            energy = Fraction(int(stock.mass) * int(mill.sections.rolling_energy[s]), MILLION)
            gain = Fraction(scrap - int(stock.mass) * int(stock.cost), MILLION)
            gain -= min(0, price) * energy / MILLION
            held = Fraction(int(mill.lines[line].holding) * seconds, 3600)
            spared = sum(gas_money(data, held).values(), Fraction(0))
            best = max(best, gain / MONEY + spared + billet_rounding(data))
    return best
