"""The data of one lot's cut plan: what is asked for, what is planned so far, what it costs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Lot(NamedTuple):
    """Orders of one lot and the stock they may be cut from.

    Lengths (or masses) share one unit; ``value``, ``shortage``, ``unit_cost`` and ``mixing_cost``
    are money. piece, lower, upper, value, shortage : (m,); usable, unit_cost, unit_limit : (s,).
    A piece up to ``lower`` is worth value + shortage, up to ``upper`` value, beyond it nothing.
    ``unit_limit`` is -1 where there is no limit. ``mixing_cost`` is charged per unit and order
    after its first, to keep orders together.
    """

    piece: IntArray
    lower: IntArray
    upper: IntArray
    value: IntArray
    shortage: IntArray
    usable: IntArray
    unit_cost: IntArray
    unit_limit: IntArray
    mixing_cost: int


class LotPlan(NamedTuple):
    """Patterns (p, m) of pieces per order, their stock format (p,) and how many units (p,)."""

    pattern: IntArray
    stock: IntArray
    units: IntArray


class Draft(NamedTuple):
    """A plan under way.

    ``left`` (m,) pieces still below the upper bounds (negative: surplus), ``limit`` (s,) units
    left, ``used`` (1,) rows of pattern (p, m), stock (p,) and units (p,) in use.
    """

    pattern: IntArray
    stock: IntArray
    units: IntArray
    left: IntArray
    limit: IntArray
    used: IntArray


@kernel
def empty_draft(lot: Lot, rows: int) -> Draft:
    """Return a draft with room for ``rows`` patterns in which nothing is cut."""
    m, s = len(lot.piece), len(lot.usable)
    left = np.empty(m, np.int64)
    pieces = 1
    for i in range(m):
        left[i] = lot.upper[i]
        pieces += lot.upper[i]
    limit = np.empty(s, np.int64)
    for k in range(s):
        limit[k] = pieces if lot.unit_limit[k] < 0 else min(lot.unit_limit[k], pieces)
    pattern = np.zeros((rows, m), np.int64)
    return Draft(
        pattern, np.zeros(rows, np.int64), np.zeros(rows, np.int64), left, limit,
        np.zeros(1, np.int64),
    )  # fmt: skip


@kernel
def add_units(cut: IntArray, stock: int, units: int, draft: Draft) -> None:
    """Add ``units`` of ``cut`` from format ``stock`` to the draft, if it has room for it."""
    m = len(draft.left)
    row = 0
    while row < draft.used[0]:
        same = draft.stock[row] == stock
        for i in range(m):
            same = same and draft.pattern[row, i] == cut[i]
        if same:
            break
        row += 1
    if row == len(draft.units):
        return
    draft.used[0] = max(draft.used[0], row + 1)
    draft.stock[row] = stock
    draft.units[row] += units
    draft.limit[stock] -= units
    for i in range(m):
        draft.pattern[row, i] = cut[i]
        draft.left[i] -= units * cut[i]


@kernel
def mixing(cut: IntArray, lot: Lot) -> int:
    """Return the cost of the orders mixed in one unit of ``cut``."""
    orders = 0
    for i in range(len(cut)):
        if cut[i] > 0:
            orders += 1
    return lot.mixing_cost * max(orders - 1, 0)


@kernel
def missing_cost(lot: Lot, left: IntArray) -> int:
    """Return what it costs not to cut the pieces ``left`` below the upper bounds."""
    cost = 0
    for i in range(len(left)):
        missing = max(left[i], 0)
        cost += lot.value[i] * missing
        cost += lot.shortage[i] * max(missing - (lot.upper[i] - lot.lower[i]), 0)
    return cost


@kernel
def plan_cost(lot: Lot, plan: LotPlan) -> int:
    """Return cost of units, of mixing and of the pieces missing below the upper bounds."""
    left = lot.upper.copy()
    cost = 0
    for row in range(len(plan.units)):
        units = plan.units[row]
        cost += units * (lot.unit_cost[plan.stock[row]] + mixing(plan.pattern[row], lot))
        for i in range(len(left)):
            left[i] -= units * plan.pattern[row, i]
    return cost + missing_cost(lot, left)
