"""A small dense primal simplex for column generation: rows in the tens, columns in the hundreds."""

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

REDUCED_COST_TOLERANCE = 1e-7
PIVOT_TOLERANCE = 1e-9


@kernel
def optimise(
    columns: FloatArray,
    costs: FloatArray,
    n_columns: int,
    basis: IntArray,
    inverse: FloatArray,
    level: FloatArray,
    duals: FloatArray,
) -> bool:
    """Minimise costs @ x subject to columns.T @ x = b, x >= 0, from a feasible basis.

    Primal revised simplex with an explicit inverse; Dantzig's rule, then Bland's once the pivots
    run long, so that it cannot cycle.

    Parameters
    ----------
    columns : (n, r), a variable a row; ``costs`` (n,). The first ``n_columns`` are in use.
    basis, inverse, level : (r,), (r, r), (r,) the basis, its inverse and its values, in place.
    duals : (r,) output.

    Returns
    -------
    Whether an optimum was reached (False after 40 r + 400 pivots or if unbounded).
    """
    rows = len(basis)
    direction = np.empty(rows)
    scale = 1.0
    for column in range(n_columns):
        scale = max(scale, abs(costs[column]))
    for pivot in range(40 * rows + 400):
        set_duals(costs, basis, inverse, duals)
        bland = pivot > 20 * rows + 100
        entering = choose_entering(columns, costs, n_columns, duals, scale, bland)
        if entering < 0:
            return True
        set_direction(columns[entering], inverse, direction)
        leaving = choose_leaving(direction, level, basis)
        if leaving < 0:
            return False
        exchange(entering, leaving, direction, basis, inverse, level)
    return False


@kernel
def set_duals(costs: FloatArray, basis: IntArray, inverse: FloatArray, duals: FloatArray) -> None:
    """Set ``duals`` to (costs of the basis) @ inverse."""
    duals[:] = 0.0
    for row in range(len(basis)):
        cost = costs[basis[row]]
        if cost != 0.0:
            for k in range(len(duals)):
                duals[k] += cost * inverse[row, k]


@kernel
def set_direction(column: FloatArray, inverse: FloatArray, direction: FloatArray) -> None:
    """Set ``direction`` to inverse @ column."""
    for row in range(len(direction)):
        direction[row] = 0.0
        for k in range(len(column)):
            direction[row] += inverse[row, k] * column[k]


@kernel
def choose_entering(
    columns: FloatArray,
    costs: FloatArray,
    n_columns: int,
    duals: FloatArray,
    scale: float,
    bland: bool,
) -> int:
    """Return the column of least reduced cost (the first negative one if ``bland``), or -1."""
    chosen = -1
    least = -REDUCED_COST_TOLERANCE * scale
    for column in range(n_columns):
        reduced = costs[column]
        for row in range(len(duals)):
            reduced -= duals[row] * columns[column, row]
        if reduced < least:
            chosen = column
            if bland:
                break
            least = reduced
    return chosen


@kernel
def choose_leaving(direction: FloatArray, level: FloatArray, basis: IntArray) -> int:
    """Return the row of the least ratio level / direction (ties: lowest variable), or -1."""
    chosen = -1
    least = np.inf
    for row in range(len(level)):
        if direction[row] > PIVOT_TOLERANCE:
            ratio = max(level[row], 0.0) / direction[row]
            tie = chosen >= 0 and ratio < least + 1e-12 and basis[row] < basis[chosen]
            if ratio < least - 1e-12 or tie:
                chosen = row
                least = ratio
    return chosen


@kernel
def exchange(
    entering: int,
    leaving: int,
    direction: FloatArray,
    basis: IntArray,
    inverse: FloatArray,
    level: FloatArray,
) -> None:
    """Bring ``entering`` into the basis in place of row ``leaving``; updates all in place."""
    rows = len(basis)
    for k in range(rows):
        inverse[leaving, k] /= direction[leaving]
    level[leaving] /= direction[leaving]
    for row in range(rows):
        if row != leaving and direction[row] != 0.0:
            for k in range(rows):
                inverse[row, k] -= direction[row] * inverse[leaving, k]
            level[row] -= direction[row] * level[leaving]
    basis[leaving] = entering
