"""Or-3opt in chains: segment exchanges, of which only the last needs to show a gain.

Nodes whose neighbourhood changed wait in a queue (don't-look bits, Bentley 1992). Arcs to try come
from candidate lists and are cut off as soon as the partial gain is used up. A node without an
improving exchange makes the one that leaves most before its closing arc, and goes on from the end
of that arc, up to a given depth (Lin and Kernighan 1973; Kanellakis and Papadimitriou 1980 for
asymmetric costs); what gains nothing in the end is taken back.
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import inlined_kernel, kernel_in_place
from solvers.ant_colony.local_search import (
    Graph,
    Queue,
    Tour,
    behind,
    keeps_precedence,
    move_segments,
    pop,
    push,
)


def new_chain(depth: int) -> NDArray[np.int32]:
    """Return scratch for chains of at most ``depth`` exchanges.

    (depth, 3): nodes a, b, c of each (see `move_segments`).
    """
    return np.zeros((depth, 3), dtype=np.int32)


@inlined_kernel
def find_exchange(graph: Graph, tour: Tour, a: int, debt: int) -> tuple[int, int, int]:
    """Find the first exchange that gives ``a`` a new successor and gains more than ``debt``.

    Return its gain less the debt, with its b and c. Where there is none return the exchange that
    leaves most before its closing arc, with a gain of 0 or less; b is -1 where there is none at
    all.
    """
    after_a = int(tour.after[a])
    left = tour.leg[a] - debt
    most, gain_of_most, b_of_most, c_of_most = 0, 0, -1, -1
    for k in range(graph.near.shape[1]):
        gain_a = left - graph.near_cost[a, k]
        if gain_a <= 0:
            break
        after_b = int(graph.near[a, k])
        b = int(tour.before[after_b])
        gain_ab = gain_a + tour.leg[b]
        reach = behind(tour, after_b, a)
        for m in range(graph.near.shape[1]):
            gain_b = gain_ab - graph.near_cost[b, m]
            if gain_b <= 0:
                break
            after_c = int(graph.near[b, m])
            c = int(tour.before[after_c])
            open_gain = gain_b + tour.leg[c]
            if behind(tour, after_b, c) >= reach:
                continue
            gain = open_gain - graph.cost[c, after_a]
            if (gain > 0 or open_gain > most) and keeps_precedence(graph, tour, a, b, c):
                if gain > 0:
                    return gain, b, c
                most, gain_of_most, b_of_most, c_of_most = open_gain, gain, b, c
    return gain_of_most, b_of_most, c_of_most


@inlined_kernel
def improve(graph: Graph, tour: Tour, a: int, queue: Queue, chain: NDArray[np.int32]) -> int:
    """Make the first improving chain that starts at ``a``; return its gain or 0."""
    debt = 0
    made = 0
    while made < chain.shape[0]:
        gain, b, c = find_exchange(graph, tour, a, debt)
        if b < 0 or (gain <= 0 and made == chain.shape[0] - 1):
            break
        move_segments(tour, graph.cost, a, b, c)
        chain[made, 0] = a
        chain[made, 1] = b
        chain[made, 2] = c
        made += 1
        if gain > 0:
            push_chain(tour, chain, made, queue)
            return gain
        debt = -gain
        a = c
    take_back(tour, graph.cost, chain, made)
    return 0


@kernel_in_place
def push_chain(tour: Tour, chain: NDArray[np.int32], made: int, queue: Queue) -> None:
    """Let the ends of the arcs wait that ``made`` exchanges added."""
    for k in range(made):
        for end in range(3):
            push(queue, chain[k, end])
            push(queue, tour.after[chain[k, end]])


@kernel_in_place
def take_back(tour: Tour, cost: NDArray[np.int64], chain: NDArray[np.int32], made: int) -> None:
    """Undo ``made`` exchanges, the last one first."""
    for k in range(made - 1, -1, -1):
        move_segments(tour, cost, chain[k, 0], chain[k, 2], chain[k, 1])


@kernel_in_place
def or_3opt(graph: Graph, tour: Tour, queue: Queue, chain: NDArray[np.int32]) -> int:
    """Improve ``tour`` in place until no queued node has an improving chain; return the gain."""
    total = 0
    while queue.ends[1] > 0:
        a = pop(queue)
        gain = 1
        while gain > 0:
            gain = improve(graph, tour, a, queue, chain)
            total += gain
    return total
