"""Arcs that no better tour can have, read off an optimal assignment and its duals.

To force an arc into the assignment, the nodes along a shortest alternating path have to swap
successors; what that costs above the assignment is exact, where an arc's slack alone ignores the
way back. Arcs left out then leave some nodes a single successor or predecessor; such arcs chain
up, and the arc that would close a chain early is out as well.
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place

IntArray = NDArray[np.int64]
Arcs = NDArray[np.bool_]

NO_WAY = 2**60


def rises(slack: IntArray, successor: IntArray, barred: Arcs) -> IntArray:
    """Return (n, n) what an assignment rises by if an arc must be in it, `NO_WAY` if it cannot.

    ``successor`` (n,) is an optimal assignment with reduced costs ``slack`` (n, n).

    Takes O(n^3) time: shortest paths between all pairs (Floyd and Warshall 1962).
    """
    size = len(successor)
    slack = np.where(barred, NO_WAY, slack)
    distance = np.ascontiguousarray(slack[:, successor])
    np.fill_diagonal(distance, 0)
    _shortest_paths(distance)
    owner = np.empty(size, dtype=np.int64)
    owner[successor] = np.arange(size)
    return slack + distance[owner].T


@kernel_in_place
def _shortest_paths(distance: IntArray) -> None:
    """Replace the lengths of steps in ``distance`` (n, n) by those of shortest paths."""
    size = len(distance)
    for k in range(size):
        for i in range(size):
            first = distance[i, k]
            if first < NO_WAY:
                for j in range(size):
                    through = first + distance[k, j]
                    if through < distance[i, j]:
                        distance[i, j] = through


def spread(barred: Arcs) -> bool:
    """Add to ``barred`` (n, n), in place, what follows from it; return whether a tour may be left.

    A node's only successor is no other node's, and the end of a chain of such arcs does not go
    back to its start before all nodes are on it.
    """
    size = len(barred)
    arrays = (np.empty(size, dtype=np.int64) for _ in range(3))
    return bool(_spread(barred, *arrays))


@kernel_in_place
def _spread(barred: Arcs, after: IntArray, start: IntArray, end: IntArray) -> bool:
    """See `spread`; ``after``, ``start`` and ``end`` (n,) are scratch: chains of arcs that must be.

    start: of the chain that ends at a node; end: of the chain that starts there.
    """
    size = len(barred)
    for i in range(size):
        after[i] = -1
        start[i] = i
        end[i] = i
    changed = True
    while changed:
        changed = False
        for line in range(2 * size):
            only = -1
            count = 0
            for k in range(size):
                if not (barred[line, k] if line < size else barred[k, line - size]):
                    count += 1
                    only = k
            if count == 0:
                return False
            if count == 1:
                i = line if line < size else only
                j = only if line < size else line - size
                if after[i] < 0:
                    after[i] = j
                    changed = True
                    for k in range(size):
                        if k != j:
                            barred[i, k] = True
                        if k != i:
                            barred[k, j] = True
                    first, last = start[i], end[j]
                    end[first] = last
                    start[last] = first
                    if after[last] < 0 and _length(after, first) < size:
                        barred[last, first] = True
    return True


@kernel_in_place
def _length(after: IntArray, first: int) -> int:
    """Return how many nodes are on the chain from ``first``."""
    count = 1
    node = after[first]
    while node >= 0 and node != first:
        count += 1
        node = after[node]
    return count
