"""Focused construction: an ant changes a few arcs of a source tour instead of building anew.

After Skinderowicz (2022), "Improving Ant Colony Optimization efficiency for solving large TSP
instances". A change chooses a node's new successor by pheromone and heuristic and moves the
segment that starts there; the next change repairs the loose end that this leaves (an ejection
chain). Only nodes at changed arcs then wait for the local search. So an
ant costs microseconds whatever the size.
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import inlined_kernel, kernel_in_place
from solvers.ant_colony import random
from solvers.ant_colony.local_search import (
    Graph,
    Queue,
    Tour,
    keeps_precedence,
    move_segments,
    push_ends,
)
from solvers.ant_colony.pheromone import Trails


@kernel_in_place
def choose(
    graph: Graph, trails: Trails, node: int, avoided: int, stream: NDArray[np.uint64]
) -> int:
    """Return a candidate successor of ``node`` other than ``avoided``, or -1 if there is none.

    Candidate j is drawn with probability proportional to trail x heuristic (random-proportional
    rule); in the rare case that only ``avoided`` is one, the first of the backup list is taken.
    """
    count = graph.near.shape[1]
    total = 0.0
    for k in range(count):
        if graph.near[node, k] != avoided:
            total += trails.product[node, k]
    threshold = random.unit(stream) * total
    chosen = np.int64(-1)
    for k in range(count):
        if graph.near[node, k] != avoided:
            chosen = np.int64(graph.near[node, k])
            threshold -= trails.product[node, k]
            if threshold < 0.0:
                return chosen
    if chosen < 0:
        for k in range(graph.backup.shape[1]):
            if graph.backup[node, k] != avoided:
                return np.int64(graph.backup[node, k])
    return chosen


@inlined_kernel
def ahead(tour: Tour, node: int, count: int, end: int) -> tuple[int, int]:
    """Return the node ``count`` places behind ``node`` or right before ``end``, and how many."""
    walked = 0
    while walked < count and tour.after[node] != end:
        node = int(tour.after[node])
        walked += 1
    return node, walked


@kernel_in_place
def change(
    graph: Graph,
    trails: Trails,
    tour: Tour,
    a: int,
    longest: int,
    queue: Queue,
    stream: NDArray[np.uint64],
) -> tuple[int, int]:
    """Give node ``a`` a new successor, moving a segment of at most ``longest`` nodes behind it.

    Where precedence forbids the move, the segment is halved until it does not. Nodes at changed
    arcs join ``queue``. Return the change of cost (0 when no move was possible) and the end of the
    moved segment: its new successor was not chosen but forced, so the next change starts there.
    """
    after_a = int(tour.after[a])
    after_b = choose(graph, trails, a, after_a, stream)
    if after_b < 0:
        return 0, a
    b = int(tour.before[after_b])
    length = random.below(stream, longest)
    c, walked = ahead(tour, after_b, length, a)
    if walked < length:  # Drawn again, all lengths there can be stay equally likely.
        c, length = ahead(tour, after_b, random.below(stream, walked + 1), a)
    while not keeps_precedence(graph, tour, a, b, c):
        if length == 0:
            return 0, a
        length //= 2
        c, _ = ahead(tour, after_b, length, a)
    after_c = int(tour.after[c])
    removed = tour.leg[a] + tour.leg[b] + tour.leg[c]
    move_segments(tour, graph.cost, a, b, c)
    push_ends(queue, a, b, c)
    push_ends(queue, after_a, after_b, after_c)
    return tour.leg[a] + tour.leg[b] + tour.leg[c] - removed, c
