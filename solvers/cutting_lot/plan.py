"""The cut plan of one lot: orders of one grade and section cut from a few billet formats.

A diving heuristic over the pattern LP: solve it, keep the whole part of its solution, fix one of
the fractional patterns, solve the rest again. The last unit is filled by its true worth, and in
the end single units are taken out and cut anew while that pays.
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel
from solvers.cutting_lot.lot import (
    Draft,
    Lot,
    LotPlan,
    add_units,
    empty_draft,
    missing_cost,
    mixing,
    plan_cost,
)
from solvers.cutting_lot.master import GENERATED_COLUMNS, Master, new_master, solve_pattern_lp
from solvers.cutting_lot.pattern import best_pattern

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WHOLE = 1e-6
RECUTS = 24


def plan_lot(
    piece: IntArray,
    lower: IntArray,
    target: IntArray,
    upper: IntArray,
    value: IntArray,
    shortage: IntArray,
    usable: IntArray,
    unit_cost: IntArray,
    unit_limit: IntArray,
    mixing_cost: int = 0,
) -> tuple[LotPlan, int]:
    """Return a least-cost cut plan of one lot (near exact, see the module) and its cost.

    cost = sum unit_cost * units + mixing - value @ (min(delivered, upper) - target)
    + shortage @ max(lower - delivered, 0). Nothing above ``upper`` is cut: the rest of a unit is
    cut scrap. Patterns come in the order of the orders given, so that early ones finish early.

    Parameters
    ----------
    piece, lower, target, upper, value, shortage, usable, unit_cost, unit_limit, mixing_cost
        As in ``Lot`` (int64 arrays); ``target`` only shifts the cost.
    """
    lot = Lot(piece, lower, upper, value, shortage, usable, unit_cost, unit_limit, mixing_cost)
    plan = cut_lot(lot)
    return plan, int(plan_cost(lot, plan)) - int(value @ (upper - target))


@kernel
def cut_lot(lot: Lot) -> LotPlan:
    """Return the lot's cut plan; callable from kernels."""
    draft = empty_draft(lot, GENERATED_COLUMNS)
    master = new_master(lot)
    dive(lot, draft, master)
    improve(lot, draft)
    for i in range(len(lot.piece)):
        drop_surplus(i, draft)
    return in_order(draft)


@kernel
def dive(lot: Lot, draft: Draft, master: Master) -> None:
    """Build a plan by diving through pattern LPs."""
    unit = np.int64(1)
    while draft.used[0] < len(draft.units) // 2:
        solve_pattern_lp(lot, draft, master)
        total, column = fix_whole_units(lot, draft, master)
        if column < 0:
            return
        if total > 1.0 + WHOLE:
            add_units(master.cuts[column], master.formats[column], unit, draft)
        elif not add_best_unit(lot, draft):
            return


@kernel
def fix_whole_units(lot: Lot, draft: Draft, master: Master) -> tuple[float, int]:
    """Plan the whole part of the LP's solution; returns the fractions' sum and largest column."""
    structural = 4 * len(lot.piece) + len(lot.usable)
    total, largest, chosen = 0.0, WHOLE, -1
    for row in range(len(master.basis)):
        column = master.basis[row]
        if column < structural:
            continue
        units = int(master.level[row] + WHOLE)
        if units > 0:
            add_units(master.cuts[column], master.formats[column], units, draft)
        fraction = max(master.level[row] - units, 0.0)
        total += fraction
        if fraction > largest:
            largest, chosen = fraction, column
    return total, chosen


@kernel
def best_unit(lot: Lot, left: IntArray, limit: IntArray, pattern: IntArray) -> tuple[int, float]:
    """Return the format of the unit that gains most from what is ``left``, or -1, and its gain.

    ``pattern`` (m,) is the output.
    """
    m = len(left)
    needed, extra = np.empty(m, np.int64), np.empty(m, np.int64)
    needed_value, extra_value = np.empty(m), np.empty(m)
    for i in range(m):
        needed[i] = max(left[i] - (lot.upper[i] - lot.lower[i]), 0)
        extra[i] = max(left[i], 0) - needed[i]
        needed_value[i] = lot.value[i] + lot.shortage[i]
        extra_value[i] = lot.value[i]
    trial = np.zeros(m, np.int64)
    chosen, best = -1, 0.0
    for k in range(len(limit)):
        if limit[k] > 0:
            gain = -lot.unit_cost[k] + best_pattern(
                lot.piece, needed, needed_value, extra, extra_value,
                lot.usable[k], lot.mixing_cost, trial,
            )  # fmt: skip
            if gain > best + 0.5:
                chosen, best = k, gain
                pattern[:] = trial
    return chosen, best


@kernel
def add_best_unit(lot: Lot, draft: Draft) -> bool:
    """Add the one unit that gains most; returns whether there was one."""
    cut = np.zeros(len(draft.left), np.int64)
    stock, _ = best_unit(lot, draft.left, draft.limit, cut)
    if stock >= 0:
        add_units(cut, stock, np.int64(1), draft)
    return stock >= 0


@kernel
def improve(lot: Lot, draft: Draft) -> None:
    """Take out single units and cut up to two anew if that pays.

    With one format only units that leave a rest or a surplus are worth the try.
    """
    several = len(lot.usable) > 1
    row = np.int64(0)
    tries = 0
    while row < draft.used[0] and tries < RECUTS and draft.used[0] < len(draft.units) - 2:
        rest = waste(lot, row, draft)
        worth_a_try = several or rest > lot.usable[draft.stock[row]] // 500
        worth_a_try = worth_a_try and draft.units[row] > 0
        tries += worth_a_try
        if worth_a_try and recut_pays(lot, row, draft):
            add_units(draft.pattern[row], draft.stock[row], np.int64(-1), draft)
            add_best_unit(lot, draft)
            add_best_unit(lot, draft)
        else:
            row += 1


@kernel
def waste(lot: Lot, row: int, draft: Draft) -> int:
    """Return the length of one unit of ``row`` that serves no order."""
    rest = lot.usable[draft.stock[row]]
    for i in range(len(draft.left)):
        pieces = draft.pattern[row, i]
        surplus = min(max(-draft.left[i], 0), pieces)
        rest -= lot.piece[i] * (pieces - surplus)
    return rest


@kernel
def recut_pays(lot: Lot, row: int, draft: Draft) -> bool:
    """Whether up to two new units gain more than one unit of ``row`` did."""
    m, stock = len(draft.left), draft.stock[row]
    left = draft.left + draft.pattern[row]
    gained = (
        missing_cost(lot, left) - missing_cost(lot, draft.left)
        - lot.unit_cost[stock] - mixing(draft.pattern[row], lot)
    )  # fmt: skip
    cut = np.zeros(m, np.int64)
    draft.limit[stock] += 1
    first, gain = best_unit(lot, left, draft.limit, cut)
    if first >= 0 and gain <= gained + 0.5:
        left -= cut
        draft.limit[first] -= 1
        gain += best_unit(lot, left, draft.limit, cut)[1]
        draft.limit[first] += 1
    draft.limit[stock] -= 1
    return gain > gained + 0.5


@kernel
def drop_surplus(order: int, draft: Draft) -> None:
    """Leave the pieces of ``order`` above its upper bound uncut, unit by unit."""
    unit = np.int64(1)
    row = draft.used[0] - 1
    cut = np.zeros(len(draft.left), np.int64)
    while draft.left[order] < 0 and row >= 0:
        if draft.units[row] == 0 or draft.pattern[row, order] == 0:
            row -= 1
            continue
        cut[:] = draft.pattern[row]
        cut[order] = max(cut[order] + draft.left[order], 0)
        add_units(draft.pattern[row], draft.stock[row], -unit, draft)
        add_units(cut, draft.stock[row], unit, draft)


@kernel
def in_order(draft: Draft) -> LotPlan:
    """Return the rows in use by first and then last order cut: early orders finish early."""
    m = len(draft.left)
    rows = np.empty(draft.used[0], np.int64)
    keys = np.empty(draft.used[0], np.int64)
    kept = 0
    for row in range(draft.used[0]):
        if draft.units[row] == 0:
            continue
        first, last = m, 0
        for i in range(m):
            if draft.pattern[row, i] > 0:
                first, last = min(first, i), i
        place = kept
        key = first * m + last
        while place > 0 and keys[place - 1] > key:
            keys[place], rows[place] = keys[place - 1], rows[place - 1]
            place -= 1
        keys[place], rows[place] = key, row
        kept += 1
    chosen = rows[:kept]
    return LotPlan(draft.pattern[chosen], draft.stock[chosen], draft.units[chosen])
