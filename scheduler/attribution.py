"""Who causes which part of the bill: physical amounts and money by cut, lot and order.

``scheduler.terms`` sums these arrays to the evaluator's terms; reasons and tables show them row by
row. Money is in 1/10 000; formulas and rounding are in docs/problem.md, section 5.
"""

import numpy as np

from scheduler.arrays import FAR, MILLION, IntArray
from scheduler.bill import Bill
from scheduler.walk import (
    ELECTRICITY,
    GAS,
    GRADE_CHANGES,
    GROOVE_CHANGES,
    PRICE,
    SECTION_CHANGES,
    TRANSITION,
)


def steel_cost(bill: Bill) -> IntArray:
    """Return the money of the steel that each cut charges."""
    lots, rows = bill.timeline.plan.lots, bill.mill.stock
    return rows.mass[lots.stock] * lots.billets * rows.cost[lots.stock] // MILLION


def steel_cost_of_lots(bill: Bill) -> IntArray:
    """Return the money of the steel that each lot charges."""
    money = np.zeros(len(bill.timeline.outcome), dtype=np.int64)
    np.add.at(money, bill.cut_lot, steel_cost(bill))
    return money


def gas_cost(bill: Bill) -> IntArray:
    """Return the money of the gas that heats each lot."""
    return bill.timeline.outcome[:, GAS] * bill.mill.tariff.gas // MILLION


def rolling_cost(bill: Bill) -> IntArray:
    """Return the money of the electricity that rolls each lot."""
    return bill.timeline.outcome[:, PRICE] // MILLION


def energy(bill: Bill) -> IntArray:
    """Return the Wh of gas and electricity of each lot together."""
    return bill.timeline.outcome[:, GAS] + bill.timeline.outcome[:, ELECTRICITY]


def transition_price(bill: Bill) -> int:
    """Return the money that a tonne of transition scrap costs."""
    return bill.weights.transition_steel - bill.weights.transition_resale


def transition_cost(bill: Bill) -> IntArray:
    """Return the money of the transition scrap before each lot.

    Each lot rounds down by itself; the term rounds its total once.
    """
    return bill.timeline.outcome[:, TRANSITION] * transition_price(bill) // MILLION


def change_cost(bill: Bill) -> IntArray:
    """Return the money of the section, grade and groove changes before each lot."""
    outcome, weights = bill.timeline.outcome, bill.weights
    return (
        outcome[:, SECTION_CHANGES] * weights.section_change
        + outcome[:, GRADE_CHANGES] * weights.grade_change
        + outcome[:, GROOVE_CHANGES] * weights.groove_change
    )


def making_cost(bill: Bill) -> IntArray:
    """Return what each lot costs beside its steel: gas, electricity, and changing to it."""
    return gas_cost(bill) + rolling_cost(bill) + transition_cost(bill) + change_cost(bill)


def lateness(bill: Bill) -> IntArray:
    """Return the s by which each order's last piece is late, 0 for orders not made."""
    last = bill.timeline.last
    return np.where(last > -FAR, np.maximum(0, last - bill.mill.orders.due_date), 0)


def tardiness_cost(bill: Bill) -> IntArray:
    """Return the money of each order's lateness, by its weight."""
    return lateness(bill) * bill.mill.orders.weight * bill.weights.tardiness // 3_600_000


def within_bounds(bill: Bill) -> IntArray:
    """Return the g of each order inside its bounds less its target."""
    orders = bill.mill.orders
    return orders.unit * (np.clip(bill.timeline.made, orders.lower, orders.upper) - orders.target)


def margin_cost(bill: Bill) -> IntArray:
    """Return the money of what each order gets beyond its target (negative: earned)."""
    return -(within_bounds(bill) * bill.mill.orders.margin // MILLION)


def missing(bill: Bill) -> IntArray:
    """Return the g of each order below its lower bound."""
    orders = bill.mill.orders
    return orders.unit * np.maximum(0, orders.lower - bill.timeline.made)


def shortage_cost(bill: Bill) -> IntArray:
    """Return the money of what each order misses."""
    return missing(bill) * bill.mill.orders.shortage // MILLION
