"""Tours as linked lists, and the exchange of two neighbouring segments that all moves are made of.

Of all ways to replace three arcs of a tour it is the one that keeps every direction of travel, and
so the only one worth trying on asymmetric costs. Nodes carry tags that grow along the tour, as in
order maintenance (Dietz and Sleator 1987): which of two nodes comes first is a comparison, and an
exchange writes to the nodes of the shortest segment only, however far they move. Precedence is
checked as in SOP-3-exchange (Gambardella and Dorigo 2000): the exchange puts the later segment
first, so no node of it may need one of the earlier segment.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import inlined_kernel, kernel_in_place

LAST_TAG = np.uint64(2**64 - 1)


class Graph(NamedTuple):
    """What a colony knows of the problem; read-only.

    cost (n, n) int64: reduced arc costs; near (n, k) int32: candidate successors, cheapest first,
    and near_cost (n, k) int64 their costs; backup (n, b) int32: the next cheapest;
    predecessor, predecessor_start: immediate predecessors of each node (as in `TourForm`), and
    follower, follower_start: those that it is one of, in the same layout;
    depot: node where precedence starts to count.
    """

    cost: NDArray[np.int64]
    near: NDArray[np.int32]
    near_cost: NDArray[np.int64]
    backup: NDArray[np.int32]
    predecessor: NDArray[np.int32]
    predecessor_start: NDArray[np.int32]
    follower: NDArray[np.int32]
    follower_start: NDArray[np.int32]
    depot: int


class Tour(NamedTuple):
    """A tour as a list linked both ways, all (n,).

    after, before int32: each node's neighbours. leg int64: cost of the arc to the next node. tag
    uint64: grows from node to node along the tour, but once round from its highest value to its
    lowest; differences modulo 2^64 tell the order as seen from any node.
    """

    after: NDArray[np.int32]
    before: NDArray[np.int32]
    leg: NDArray[np.int64]
    tag: NDArray[np.uint64]


class Queue(NamedTuple):
    """Nodes that wait for the local search, first in, first out, each at most once.

    nodes (n,) int32 ring; waiting (n,) bool; ends (2,) int64: place of the first, and how many.
    """

    nodes: NDArray[np.int32]
    waiting: NDArray[np.bool_]
    ends: NDArray[np.int64]


def empty_queue(size: int) -> Queue:
    """Return an empty queue for ``size`` nodes."""
    return Queue(
        np.zeros(size, dtype=np.int32),
        np.zeros(size, dtype=np.bool_),
        np.zeros(2, dtype=np.int64),
    )


@inlined_kernel
def push(queue: Queue, node: int) -> None:
    """Let ``node`` wait unless it does already."""
    if not queue.waiting[node]:
        queue.waiting[node] = True
        end = queue.ends[0] + queue.ends[1]
        if end >= len(queue.nodes):
            end -= len(queue.nodes)
        queue.nodes[end] = node
        queue.ends[1] += 1


@inlined_kernel
def push_ends(queue: Queue, a: int, b: int, c: int) -> None:
    """Let the ends of three changed arcs wait."""
    push(queue, a)
    push(queue, b)
    push(queue, c)


@inlined_kernel
def pop(queue: Queue) -> int:
    """Remove and return the node that waits longest; the queue must not be empty."""
    node = np.int64(queue.nodes[queue.ends[0]])
    queue.ends[0] += 1
    if queue.ends[0] == len(queue.nodes):
        queue.ends[0] = 0
    queue.ends[1] -= 1
    queue.waiting[node] = False
    return node


@inlined_kernel
def behind(tour: Tour, start: int, node: int) -> np.uint64:
    """Return how far ``node`` is behind ``start``; only good for comparing nodes so seen."""
    return tour.tag[node] - tour.tag[start]


@kernel_in_place
def spread_tags(tour: Tour) -> None:
    """Give all nodes new tags, at equal distances."""
    step = LAST_TAG // np.uint64(len(tour.tag))
    node, tag = 0, np.uint64(0)
    for _ in range(len(tour.tag)):
        tour.tag[node] = tag
        tag += step
        node = int(tour.after[node])


@inlined_kernel
def tag_between(tour: Tour, left: int, right: int, first: int, count: int) -> bool:
    """Tag the ``count`` nodes from ``first`` between ``left`` and ``right``; False for no room."""
    step = behind(tour, left, right) // np.uint64(count + 1)
    node, tag = first, tour.tag[left]
    for _ in range(count):
        tag += step
        tour.tag[np.uint32(node)] = tag
        node = int(tour.after[np.uint32(node)])
    return step > np.uint64(0)


@inlined_kernel
def link(tour: Tour, cost: NDArray[np.int64], node: int, after: int) -> None:
    """Let ``after`` come right after ``node``."""
    tour.after[node] = after
    tour.before[after] = node
    tour.leg[node] = cost[node, after]


@inlined_kernel
def move_segments(tour: Tour, cost: NDArray[np.int64], a: int, b: int, c: int) -> None:
    """Turn a -> [a' .. b] -> [b' .. c] -> c' into a -> [b' .. c] -> [a' .. b] -> c'.

    Round the tour this exchanges any two of its three segments; the shortest one gets new tags.
    ``cost`` (n, n) is that of arcs.
    """
    after_a, after_b, after_c = int(tour.after[a]), int(tour.after[b]), int(tour.after[c])
    of_a, of_b, of_c, count = after_a, after_b, after_c, 1
    while of_a != b and of_b != c and of_c != a:
        of_a = int(tour.after[np.uint32(of_a)])
        of_b = int(tour.after[np.uint32(of_b)])
        of_c = int(tour.after[np.uint32(of_c)])
        count += 1
    if of_a == b:
        left, right, first = c, after_c, after_a
    elif of_b == c:
        left, right, first = a, after_a, after_b
    else:
        left, right, first = b, after_b, after_c
    room = tag_between(tour, left, right, first, count)
    link(tour, cost, a, after_b)
    link(tour, cost, c, after_a)
    link(tour, cost, b, after_c)
    if not room:
        spread_tags(tour)


@kernel_in_place
def keeps_precedence(graph: Graph, tour: Tour, a: int, b: int, c: int) -> bool:
    """Whether `move_segments` of a, b, c leaves all predecessors before their successors.

    Of the three segments the one with the depot stays; of the other two the later comes first.
    Only immediate predecessors need looking at: a longer chain from one segment to the next has
    a link that crosses.
    """
    if len(graph.predecessor) == 0:
        return True
    start = int(tour.after[a])
    depot = behind(tour, start, graph.depot)
    if depot > behind(tour, start, c):
        before, middle, end = a, b, c
    elif depot <= behind(tour, start, b):
        before, middle, end = b, c, a
    else:
        before, middle, end = c, a, b
    early, late = int(tour.after[before]), int(tour.after[middle])
    if behind(tour, late, end) <= behind(tour, early, middle):
        return none_within(
            tour, graph.predecessor, graph.predecessor_start, late, end, early, middle
        )
    return none_within(tour, graph.follower, graph.follower_start, early, middle, late, end)


@kernel_in_place
def none_within(
    tour: Tour,
    related: NDArray[np.int32],
    related_start: NDArray[np.int32],
    first: int,
    last: int,
    start: int,
    end: int,
) -> bool:
    """Whether no node from ``first`` to ``last`` has one related from ``start`` to ``end``."""
    length = behind(tour, start, end)
    node = first
    while True:
        for p in range(related_start[node], related_start[node + 1]):
            if behind(tour, start, related[p]) <= length:
                return False
        if node == last:
            return True
        node = int(tour.after[node])


@kernel_in_place
def set_tour(tour: Tour, cost: NDArray[np.int64], nodes: NDArray[np.int32]) -> int:
    """Make ``tour`` visit ``nodes`` (n,) in that order; return its cost."""
    for k in range(len(nodes)):
        link(tour, cost, nodes[k - 1], nodes[k])
    spread_tags(tour)
    return price_legs(tour, cost)


@kernel_in_place
def price_legs(tour: Tour, cost: NDArray[np.int64]) -> int:
    """Let ``tour``'s legs have their costs in ``cost`` (n, n); return the tour's."""
    total = 0
    for node in range(len(tour.leg)):
        tour.leg[node] = cost[node, tour.after[node]]
        total += tour.leg[node]
    return total


def new_tour(cost: NDArray[np.int64], nodes: NDArray[np.int32]) -> Tour:
    """Return the tour that visits ``nodes`` (n,) in that order."""
    size = len(nodes)
    tour = Tour(
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.uint64),
    )
    set_tour(tour, cost, nodes)
    return tour


def copied(tour: Tour) -> Tour:
    """Return ``tour`` in arrays of its own."""
    return Tour(tour.after.copy(), tour.before.copy(), tour.leg.copy(), tour.tag.copy())


def nodes_from(tour: Tour, start: int) -> NDArray[np.int32]:
    """Return the nodes (n,) of ``tour`` in its order from ``start``."""
    order = np.argsort(tour.tag - tour.tag[start])
    return order.astype(np.int32)
