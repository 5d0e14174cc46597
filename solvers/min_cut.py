"""Global minimum cuts of an undirected graph, for finding violated subtour constraints."""

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place


def small_cuts(weight: NDArray[np.float64], below: float) -> NDArray[np.bool_]:
    """Return node sets, one a row, whose cut in the graph ``weight`` (n, n) is less than ``below``.

    A node tied to one neighbour by half its weight or more can join it: moving it to the other
    side of any cut that parts them does not help (Padberg and Rinaldi 1990). What is left goes
    through the phases of Stoer and Wagner (1997), O(n^3), the least of whose cuts is the global
    minimum; every merged set with a small cut on the way is returned as well. ``weight`` is
    symmetric and not negative.
    """
    size = len(weight)
    weight = weight.copy()
    np.fill_diagonal(weight, 0.0)
    sides = np.zeros((2 * size, size), dtype=np.bool_)
    members = np.eye(size, dtype=np.bool_)
    scratch = np.zeros(size)
    active = np.arange(size)
    count, found = _contract(weight, below, active, members, sides)
    found = _phases(weight, below, active[:count], scratch, members, sides, found)
    return np.unique(sides[:found], axis=0)


@kernel_in_place
def _contract(
    weight: NDArray[np.float64],
    below: float,
    active: NDArray[np.int64],
    members: NDArray[np.bool_],
    sides: NDArray[np.bool_],
) -> tuple[int, int]:
    """Merge nodes into their heaviest neighbours; return how many are left and the cuts found."""
    count = len(active)
    found = 0
    for k in range(count):
        found = _record(weight, below, active[k], active, members, sides, found)
    k = 0
    unchanged = 0
    while count > 2 and unchanged < count:
        node = active[k]
        heaviest = active[0] if k else active[1]
        degree = 0.0
        for m in range(count):
            degree += weight[node, active[m]]
            if m != k and weight[node, active[m]] > weight[node, heaviest]:
                heaviest = active[m]
        unchanged += 1
        if weight[node, heaviest] >= degree / 2:
            _merge(weight, members, heaviest, node)
            count -= 1
            active[k] = active[count]
            found = _record(weight, below, heaviest, active[:count], members, sides, found)
            unchanged = 0
        else:
            k += 1
        if k >= count:
            k = 0
    return count, found


@kernel_in_place
def _record(
    weight: NDArray[np.float64],
    below: float,
    node: int,
    active: NDArray[np.int64],
    members: NDArray[np.bool_],
    sides: NDArray[np.bool_],
    found: int,
) -> int:
    """Keep the merged ``node`` if its cut is small; return the number of cuts kept."""
    degree = 0.0
    for m in range(len(active)):
        degree += weight[node, active[m]]
    if degree < below and len(active) > 1:
        for i in range(len(members)):
            sides[found, i] = members[node, i]
        return found + 1
    return found


@kernel_in_place
def _phases(
    weight: NDArray[np.float64],
    below: float,
    active: NDArray[np.int64],
    pull: NDArray[np.float64],
    members: NDArray[np.bool_],
    sides: NDArray[np.bool_],
    found: int,
) -> int:
    """Merge ``active`` nodes phase by phase; return the number of cuts kept in ``sides``.

    A phase takes the node tied most strongly to those taken before; the last one's cut is a
    minimum cut between it and the last but one, which then are merged. ``pull`` (n,) is scratch.
    """
    count = len(active)
    while count > 1:
        for k in range(count):
            pull[active[k]] = 0.0
        for taken in range(count):
            strongest = taken
            for k in range(taken + 1, count):
                if pull[active[k]] > pull[active[strongest]]:
                    strongest = k
            node = active[strongest]
            active[strongest] = active[taken]
            active[taken] = node
            for k in range(taken + 1, count):
                pull[active[k]] += weight[node, active[k]]
        last = active[count - 1]
        found = _record(weight, below, last, active[:count], members, sides, found)
        _merge(weight, members, active[count - 2], last)
        count -= 1
    return found


@kernel_in_place
def _merge(weight: NDArray[np.float64], members: NDArray[np.bool_], kept: int, gone: int) -> None:
    """Merge node ``gone`` into ``kept``."""
    for i in range(len(weight)):
        weight[kept, i] += weight[gone, i]
        weight[i, kept] = weight[kept, i]
    for i in range(len(weight)):
        members[kept, i] |= members[gone, i]
    weight[kept, kept] = 0.0
