"""Who causes which part of the bill: the evaluator's terms by lot and by order.

Every array sums to its term in ``scheduler.terms``, except for the last 1/10 000 where the term
rounds its total once and not each row.
"""

from dataclasses import dataclass

import numpy as np

from scheduler.arrays import FAR, IntArray
from scheduler.terms import Bill
from scheduler.walk import (
    ELECTRICITY,
    GAS,
    GRADE_CHANGES,
    GROOVE_CHANGES,
    PRICE,
    SECTION_CHANGES,
    TRANSITION,
)

MILLION = 1_000_000


@dataclass(frozen=True, eq=False)
class LotCosts:
    """Money (1/10 000) of each position: steel, gas, electricity, transition scrap, changes.

    energy: Wh of its gas and electricity together.
    """

    stock: IntArray
    gas: IntArray
    electricity: IntArray
    transition: IntArray
    changes: IntArray
    energy: IntArray

    @property
    def change_total(self) -> IntArray:
        """Return what changing to each lot costs."""
        return self.transition + self.changes

    @property
    def making(self) -> IntArray:
        """Return what each lot costs beside its steel."""
        return self.gas + self.electricity + self.change_total


@dataclass(frozen=True, eq=False)
class OrderCosts:
    """Money (1/10 000) of each order: tardiness, shortage, and margin (negative: earned)."""

    tardiness: IntArray
    shortage: IntArray
    margin: IntArray


def lot_costs(bill: Bill) -> LotCosts:
    """Return the costs that belong to single lots."""
    timeline, weights = bill.timeline, bill.weights
    outcome, lots = timeline.outcome, timeline.plan.lots
    steel = np.zeros(len(outcome), dtype=np.int64)
    rows = bill.mill.stock
    of_cut = rows.mass[lots.stock] * lots.billets * rows.cost[lots.stock] // MILLION
    np.add.at(steel, bill.cut_lot, of_cut)
    price = weights.transition_steel - weights.transition_resale
    return LotCosts(
        stock=steel,
        gas=outcome[:, GAS] * bill.mill.tariff.gas // MILLION,
        electricity=outcome[:, PRICE] // MILLION,
        transition=outcome[:, TRANSITION] * price // MILLION,
        changes=outcome[:, SECTION_CHANGES] * weights.section_change
        + outcome[:, GRADE_CHANGES] * weights.grade_change
        + outcome[:, GROOVE_CHANGES] * weights.groove_change,
        energy=outcome[:, GAS] + outcome[:, ELECTRICITY],
    )


def order_costs(bill: Bill) -> OrderCosts:
    """Return the costs that belong to single orders."""
    orders, made = bill.mill.orders, bill.timeline.made
    last = bill.timeline.last
    late = np.where(last > -FAR, np.maximum(0, last - orders.due_date), 0)
    missing = orders.unit * np.maximum(0, orders.lower - made)
    inside = orders.unit * (np.clip(made, orders.lower, orders.upper) - orders.target)
    return OrderCosts(
        tardiness=late * orders.weight * bill.weights.tardiness // 3_600_000,
        shortage=missing * orders.shortage // MILLION,
        margin=-(inside * orders.margin // MILLION),
    )
