"""A first tour: the assignment's cycles patched together, or a greedy one that keeps precedence."""

import numpy as np
from numpy.typing import NDArray

from solvers.tour_form import TourForm

TourArray = NDArray[np.int32]


def start_tour(form: TourForm) -> TourArray:
    """Return a tour through all nodes; it may hold forbidden arcs, but keeps precedence."""
    return greedy_tour(form) if len(form.predecessor) else patched_tour(form)


def patched_tour(form: TourForm) -> TourArray:
    """Return the optimal assignment's cycles, patched into one tour."""
    return patched(form.assignment, form.reduced_cost, form.depot)


def patched(successor: NDArray[np.int64], cost: NDArray[np.int64], depot: int) -> TourArray:
    """Patch the cycles of ``successor`` (n,) into one tour from ``depot`` (Karp 1979).

    Always the two longest cycles are joined, at the two arcs where that adds least ``cost`` (n, n);
    the longer the cycles, the more pairs of arcs there are to choose from.
    """
    successor = successor.copy()
    cycles = sorted(_cycles(successor), key=len)
    while len(cycles) > 1:
        first, second = cycles.pop(), cycles.pop()
        i, k = _cheapest_patch(cost, successor, first, second)
        successor[i], successor[k] = successor[k], successor[i]
        cycles.append(np.concatenate([first, second]))
    return _from(successor, depot)


def greedy_tour(form: TourForm) -> TourArray:
    """Go to the cheapest node whose predecessors all have been visited."""
    size = form.size
    waiting = np.diff(form.predecessor_start).astype(np.int64)
    visited = np.zeros(size, dtype=np.bool_)
    followers = _followers(form)
    tour = np.empty(size, dtype=np.int32)
    node = form.depot
    for place in range(size):
        tour[place] = node
        visited[node] = True
        waiting[followers[node]] -= 1
        open_cost = np.where(
            visited | (waiting > 0), np.iinfo(np.int64).max, form.reduced_cost[node]
        )
        node = int(np.argmin(open_cost))
    return tour


def _followers(form: TourForm) -> list[list[int]]:
    followers: list[list[int]] = [[] for _ in range(form.size)]
    for node in range(form.size):
        for k in range(form.predecessor_start[node], form.predecessor_start[node + 1]):
            followers[form.predecessor[k]].append(node)
    return followers


def _cycles(successor: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    left = set(range(len(successor)))
    cycles = []
    while left:
        node = min(left)
        cycle = []
        while node in left:
            left.discard(node)
            cycle.append(node)
            node = int(successor[node])
        cycles.append(np.array(cycle, dtype=np.int64))
    return cycles


def _cheapest_patch(
    cost: NDArray[np.int64],
    successor: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> tuple[int, int]:
    """Return the nodes i of ``first`` and k of ``second`` whose successors are best swapped."""
    after_first, after_second = successor[first], successor[second]
    rise = (
        cost[np.ix_(first, after_second)]
        + cost[np.ix_(second, after_first)].T
        - cost[first, after_first][:, None]
        - cost[second, after_second][None, :]
    )
    place = int(np.argmin(rise))
    return int(first[place // len(second)]), int(second[place % len(second)])


def _from(successor: NDArray[np.int64], depot: int) -> TourArray:
    tour = np.empty(len(successor), dtype=np.int32)
    node = depot
    for place in range(len(successor)):
        tour[place] = node
        node = int(successor[node])
    return tour
