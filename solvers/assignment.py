"""The linear assignment problem: the cheapest way to give every node one successor.

Its dual values are the first lower bound on any tour, and subtracting them from the costs (the
reduced costs) makes cheap arcs comparable across nodes without changing which tour is best.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place

IntArray = NDArray[np.int64]


class Assignment(NamedTuple):
    """An optimal assignment: ``successor`` (n,) and its duals, both (n,) int64.

    ``row_dual[i] + col_dual[j] <= cost[i, j]`` everywhere, with equality on the assignment, so
    the sum of all duals is its cost and a lower bound on every tour's.
    """

    successor: IntArray
    row_dual: IntArray
    col_dual: IntArray


class Tree(NamedTuple):
    """Scratch for the shortest path tree of one row, each (n,) int64.

    distance: of each column from the row; came_from: the row before it; columns: all columns, in
    the order scanned, waiting, open.
    """

    distance: IntArray
    came_from: IntArray
    columns: IntArray


def solve_assignment(cost: IntArray) -> Assignment:
    """Solve the assignment problem of ``cost`` (n, n); O(n^3) worst, near O(n^2) in practice.

    Magnitudes must stay below 2^61 / n for exact sums.
    """
    size = len(cost)
    col_dual = cost.min(axis=0).astype(np.int64)
    row_of_col = np.full(size, -1, dtype=np.int64)
    col_of_row = np.full(size, -1, dtype=np.int64)
    _match_minima(cost, col_dual, row_of_col, col_of_row)
    tree = Tree(*(np.empty(size, dtype=np.int64) for _ in range(3)))
    _augment_rows(cost, col_dual, row_of_col, col_of_row, tree)
    row_dual = cost[np.arange(size), col_of_row] - col_dual[col_of_row]
    return Assignment(col_of_row, row_dual, col_dual)


@kernel_in_place
def _match_minima(
    cost: IntArray, col_dual: IntArray, row_of_col: IntArray, col_of_row: IntArray
) -> None:
    """Match columns to a free row where the column's minimum lies (column reduction)."""
    size = len(cost)
    for j in range(size - 1, -1, -1):
        for i in range(size):
            if col_of_row[i] < 0 and cost[i, j] == col_dual[j]:
                col_of_row[i] = j
                row_of_col[j] = i
                break


@kernel_in_place
def _augment_rows(
    cost: IntArray, col_dual: IntArray, row_of_col: IntArray, col_of_row: IntArray, tree: Tree
) -> None:
    """Match every free row along a shortest augmenting path (Jonker and Volgenant 1987)."""
    for free in range(len(cost)):
        if col_of_row[free] < 0:
            end = _shortest_path(cost, free, col_dual, row_of_col, tree)
            row = -1
            while row != free:
                row = tree.came_from[end]
                row_of_col[end] = row
                previous = col_of_row[row]
                col_of_row[row] = end
                end = previous


@kernel_in_place
def _shortest_path(
    cost: IntArray, free: int, col_dual: IntArray, row_of_col: IntArray, tree: Tree
) -> int:
    """Grow a shortest path tree from row ``free`` to an unmatched column, and return it.

    The columns are split in scanned (before ``low``), at the least distance (``low`` to ``high``)
    and open. The duals of scanned columns are shifted so that reduced costs stay non-negative.
    """
    distance, columns = tree.distance, tree.columns
    _plant(cost, free, col_dual, tree)
    low, high, scanned, end = 0, 0, 0, -1
    least = distance[0]
    while end < 0:
        if low == high:
            scanned = low
            high = _gather_nearest(tree, low)
            least = distance[columns[low]]
            end = _unmatched(columns, low, high, row_of_col)
        if end < 0:
            high, end = _scan(cost, columns[low], least, high, col_dual, row_of_col, tree)
            low += 1
    for k in range(scanned):
        j = columns[k]
        col_dual[j] += distance[j] - least
    return end


@kernel_in_place
def _plant(cost: IntArray, free: int, col_dual: IntArray, tree: Tree) -> None:
    """Begin the tree: every column open, reached from row ``free``."""
    for j in range(len(cost)):
        tree.columns[j] = j
        tree.distance[j] = cost[free, j] - col_dual[j]
        tree.came_from[j] = free


@kernel_in_place
def _gather_nearest(tree: Tree, low: int) -> int:
    """Move the open columns of least distance to ``low`` and on; return where they end."""
    distance, columns = tree.distance, tree.columns
    high, least = low, distance[columns[low]]
    for k in range(low, len(columns)):
        j = columns[k]
        if distance[j] <= least:
            if distance[j] < least:
                high = low
                least = distance[j]
            columns[k] = columns[high]
            columns[high] = j
            high += 1
    return high


@kernel_in_place
def _unmatched(columns: IntArray, low: int, high: int, row_of_col: IntArray) -> int:
    """Return the first unmatched of ``columns[low:high]``, or -1."""
    for k in range(low, high):
        if row_of_col[columns[k]] < 0:
            return columns[k]
    return -1


@kernel_in_place
def _scan(
    cost: IntArray,
    j: int,
    least: int,
    high: int,
    col_dual: IntArray,
    row_of_col: IntArray,
    tree: Tree,
) -> tuple[int, int]:
    """Lower open columns' distances by way of column ``j``'s row.

    Return the new ``high``, and the unmatched column that is now at the least distance, or -1.
    """
    distance, came_from, columns = tree
    row = row_of_col[j]
    shift = cost[row, j] - col_dual[j] - least
    for k in range(high, len(columns)):
        other = columns[k]
        through = cost[row, other] - col_dual[other] - shift
        if through < distance[other]:
            distance[other] = through
            came_from[other] = row
            if through == least:
                if row_of_col[other] < 0:
                    return high, other
                columns[k] = columns[high]
                columns[high] = other
                high += 1
    return high, -1
