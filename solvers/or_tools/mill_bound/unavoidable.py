"""What every order costs at least if it had the mill to itself."""

from fractions import Fraction

from scheduler.arrays import MILLION
from scheduler.mill import MONEY
from solvers.or_tools.mill_bound.data import Data
from solvers.or_tools.mill_bound.heats import heating
from solvers.or_tools.mill_bound.masses import extremes
from solvers.or_tools.mill_bound.steel import billet_rounding


def unavoidable_cost(data: Data) -> Fraction:
    """Return the sum over all orders of their least cost alone, in the currency's unit.

    Each is cut from its best billets without a thought for others, charged as hot as they can
    be, and rolled in the cheapest second; or left out at its shortage where that is cheaper.
    """
    known: dict[object, Fraction | None] = {}
    total = Fraction(0)
    for o, row in enumerate(data.mill.orders):
        lines = tuple(line for line in data.lines if data.eligible(line, o))
        kind = (int(row.piece) == 0, int(row.coil_min), int(row.coil_max))
        key = (int(row.grade), int(row.section), kind, lines)
        if key not in known:
            known[key] = gram_cost(data, o, lines)
        total += order_cost(data, o, known[key])
    return total


def order_cost(data: Data, o: int, gram: Fraction | None) -> Fraction:
    """Return the least cost of one order alone, a g of it costing ``gram`` (None: unmakeable)."""
    row, order = data.mill.orders[o], data.problem.orders[o]
    unit, lower = int(row.unit), int(row.lower) * int(row.unit)
    upper, target = int(row.upper) * unit, int(row.target) * unit
    margin = Fraction(order.margin, MILLION)
    unmade = lower * Fraction(order.shortage, MILLION) - margin * (lower - target)
    if gram is None:
        return unmade / MONEY
    made = [amount * gram - margin * (amount - target) for amount in (lower, upper)]
    return (min([unmade, *made]) - 1) / MONEY


def gram_cost(data: Data, o: int, lines: tuple[int, ...]) -> Fraction | None:
    """Return the least money (1/10 000) of a g made of an order; None where it cannot be made."""
    rows = data.rows.get(int(data.mill.orders[o].grade), [])
    costs = [cost for line in lines for k in rows if (cost := _from(data, o, line, k)) is not None]
    return min(costs, default=None)


def _from(data: Data, o: int, line: int, k: int) -> Fraction | None:
    """Return the money of a g from billets of one stock row."""
    mill, weights, tariff = data.mill, data.problem.weights, data.problem.tariff
    order, stock = mill.orders[o], mill.stock[k]
    mass, usable = int(stock.mass), int(mill.usable[k, order.section])
    if order.piece == 0:
        made = usable if order.coil_min <= usable <= order.coil_max else 0
    else:
        made = usable  # Pieces of other orders may fill what its own leave.
    if made <= 0:
        return None
    # Nothing starts before the horizon, but what starts then entered the furnace before.
    residence = int(mill.lines[line].residence)
    earliest = max(0, int(stock.available) + residence)
    gas = heating(data, line, k, earliest, data.problem.horizon)
    money = Fraction(
        mass * int(stock.cost) - int(mill.sections.crop[order.section]) * weights.crop_resale,
        MILLION,
    )
    money += sum(gas.values(), Fraction(0)) * MONEY
    energy = Fraction(mass * int(mill.sections.rolling_energy[order.section]), MILLION)
    price, _ = extremes(mill.tariff.electricity, 0, data.problem.horizon)
    money += (energy if price < 0 else energy - 1) * price / MILLION
    if mill.tariff.watch_carbon:
        least, _ = extremes(mill.tariff.carbon, 0, data.problem.horizon)
        money += (energy - 1) * least / MILLION * tariff.co2 / MILLION
    return (money - billet_rounding(data) * MONEY) / made
