"""The pattern LP of one lot, solved by column generation (Gilmore and Gomory 1961)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel
from solvers.cutting_lot.lot import Draft, Lot, mixing
from solvers.cutting_lot.pattern import best_pattern
from solvers.cutting_lot.simplex import optimise

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

GENERATED_COLUMNS = 240
# A pattern must gain this share of a unit's cost, or the last iterations only polish.
GOOD_ENOUGH = 1e-4


class Master(NamedTuple):
    """The LP: its columns, and the basis of the last solution.

    With m orders and s formats there are 2m + s rows. Row i: cut + missing below lower + missing
    below upper - surplus = left. Row m+i: missing below upper + slack = upper - lower. Row 2m+k:
    units of format k + slack = limit. The first 4m + s columns are those structural ones, the
    others patterns: ``cuts`` (n, m) from ``formats`` (n,). ``size`` (1,) columns are in use.
    """

    columns: FloatArray
    costs: FloatArray
    formats: IntArray
    cuts: IntArray
    size: IntArray
    basis: IntArray
    inverse: FloatArray
    level: FloatArray
    duals: FloatArray


@kernel
def new_master(lot: Lot) -> Master:
    """Return the LP with its structural columns and no pattern."""
    m, s = len(lot.piece), len(lot.usable)
    rows, size = 2 * m + s, 4 * m + s + GENERATED_COLUMNS
    columns = np.zeros((size, rows))
    costs = np.zeros(size)
    for i in range(m):
        columns[i, i] = 1.0
        costs[i] = lot.value[i] + lot.shortage[i]
        columns[m + i, i] = 1.0
        columns[m + i, m + i] = 1.0
        costs[m + i] = lot.value[i]
        columns[2 * m + i, i] = -1.0
        columns[3 * m + i, m + i] = 1.0
    for k in range(s):
        columns[4 * m + k, 2 * m + k] = 1.0
    used = np.zeros(1, np.int64)
    used[0] = 4 * m + s
    return Master(
        columns, costs, np.zeros(size, np.int64), np.zeros((size, m), np.int64), used,
        np.zeros(rows, np.int64), np.zeros((rows, rows)), np.zeros(rows), np.zeros(rows),
    )  # fmt: skip


@kernel
def solve_pattern_lp(lot: Lot, draft: Draft, master: Master) -> None:
    """Solve the LP of what the draft has left; the solution is in basis and level."""
    m, s = len(lot.piece), len(lot.usable)
    start_basis(lot, draft, master)
    worth = np.zeros(m)
    nothing = np.zeros(m, np.int64)
    room = np.zeros(m, np.int64)
    for i in range(m):
        room[i] = max(draft.left[i], 0)
    pattern = np.zeros(m, np.int64)
    generating = True
    while generating:
        optimise(
            master.columns, master.costs, master.size[0], master.basis, master.inverse,
            master.level, master.duals,
        )  # fmt: skip
        worth[:] = master.duals[:m]
        generating = False
        for k in range(s):
            if draft.limit[k] == 0 or master.size[0] == len(master.costs):
                continue
            gain = best_pattern(
                lot.piece, nothing, worth, room, worth, lot.usable[k], lot.mixing_cost, pattern
            )
            if gain + master.duals[2 * m + k] > lot.unit_cost[k] * (1.0 + GOOD_ENOUGH) + 1e-6:
                add_column(lot, pattern, k, master)
                generating = True


@kernel
def start_basis(lot: Lot, draft: Draft, master: Master) -> None:
    """Set the basis in which nothing more is cut."""
    m, s = len(lot.piece), len(lot.usable)
    master.inverse[:] = 0.0
    for row in range(2 * m + s):
        master.inverse[row, row] = 1.0
    for i in range(m):
        surplus = draft.left[i] < 0
        master.basis[i] = 2 * m + i if surplus else i
        master.inverse[i, i] = -1.0 if surplus else 1.0
        master.level[i] = abs(draft.left[i])
        master.basis[m + i] = 3 * m + i
        master.level[m + i] = lot.upper[i] - lot.lower[i]
    for k in range(s):
        master.basis[2 * m + k] = 4 * m + k
        master.level[2 * m + k] = draft.limit[k]


@kernel
def add_column(lot: Lot, pattern: IntArray, stock: int, master: Master) -> None:
    """Append ``pattern`` cut from format ``stock`` to the LP."""
    m = len(lot.piece)
    column = master.size[0]
    for i in range(m):
        master.columns[column, i] = pattern[i]
        master.cuts[column, i] = pattern[i]
    master.columns[column, 2 * m + stock] = 1.0
    master.costs[column] = lot.unit_cost[stock] + mixing(pattern, lot)
    master.formats[column] = stock
    master.size[0] += 1
