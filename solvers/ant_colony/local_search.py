"""Tours as arrays, and the exchange of two neighbouring segments that all moves are made of.

Of all ways to replace three arcs of a tour it is the one that keeps every direction of travel, and
so the only one worth trying on asymmetric costs. Precedence is checked as in SOP-3-exchange
(Gambardella and Dorigo 2000): the exchange puts the later segment first, so no node of it may
need one of the earlier segment.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import inlined_kernel, kernel_in_place


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
    """A tour as an array: node (n,) int32 at each place, and place (n,) int32 of each node."""

    node: NDArray[np.int32]
    place: NDArray[np.int32]


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
def successor(tour: Tour, node: int) -> int:
    """Return the node right after ``node``."""
    place = tour.place[node] + 1
    return np.int64(tour.node[place if place < len(tour.node) else 0])


@inlined_kernel
def predecessor(tour: Tour, node: int) -> int:
    """Return the node right before ``node``."""
    return np.int64(tour.node[tour.place[node] - 1])


@inlined_kernel
def steps(tour: Tour, start: int, end: int) -> int:
    """Return how many arcs the tour takes from node ``start`` to node ``end``."""
    distance = np.int64(tour.place[end]) - np.int64(tour.place[start])
    return distance + len(tour.node) if distance < 0 else distance


@inlined_kernel
def ahead(tour: Tour, node: int, count: int) -> int:
    """Return the node ``count`` (less than n) places behind ``node``."""
    place = np.int64(tour.place[node]) + count
    return np.int64(tour.node[place if place < len(tour.node) else place - len(tour.node)])


@inlined_kernel
def put(tour: Tour, place: int, node: int) -> None:
    """Put ``node`` at ``place``; unsigned, so that neither is checked for counting from the end."""
    tour.node[np.uint32(place)] = node
    tour.place[np.uint32(node)] = place


@inlined_kernel
def exchange(tour: Tour, first: int, middle: int, length: int, spare: NDArray[np.int32]) -> None:
    """Exchange tour[first : first + middle] with the ``length - middle`` nodes after, cyclically.

    ``first`` is a place; ``spare`` (n,) int32 is scratch. Most of an ant's time goes here.
    """
    if first + length > len(tour.node):
        exchange_round_the_end(tour, first, middle, length, spare)
        return
    late = length - middle
    start = first + middle
    if middle <= late:
        for k in range(middle):
            spare[k] = tour.node[first + k]
        for k in range(late):
            put(tour, first + k, tour.node[start + k])
        for k in range(middle):
            put(tour, first + late + k, spare[k])
    else:
        for k in range(late):
            spare[k] = tour.node[start + k]
        for k in range(first + length - 1, first + late - 1, -1):
            put(tour, k, tour.node[k - late])
        for k in range(late):
            put(tour, first + k, spare[k])


@kernel_in_place
def exchange_round_the_end(
    tour: Tour, first: int, middle: int, length: int, spare: NDArray[np.int32]
) -> None:
    """Do what `exchange` does where the nodes go on at the start of the array."""
    size = len(tour.node)
    for k in range(length):
        source = first + k
        spare[k] = tour.node[source if source < size else source - size]
    for k in range(length):
        target = first + k
        source = k + middle
        put(
            tour,
            target if target < size else target - size,
            spare[source if source < length else source - length],
        )


@inlined_kernel
def move_segments(tour: Tour, a: int, b: int, c: int, spare: NDArray[np.int32]) -> None:
    """Turn a -> [a' .. b] -> [b' .. c] -> c' into a -> [b' .. c] -> [a' .. b] -> c'.

    Round the tour this exchanges any two of its three segments; the longest stays where it is.
    """
    size = len(tour.node)
    left = steps(tour, a, b)
    right = steps(tour, b, c)
    rest = size - left - right
    after_a = np.int64(tour.place[a]) + 1
    after_b = np.int64(tour.place[b]) + 1
    after_c = np.int64(tour.place[c]) + 1
    if rest >= left and rest >= right:
        exchange(tour, after_a if after_a < size else 0, left, left + right, spare)
    elif left >= right:
        exchange(tour, after_b if after_b < size else 0, right, right + rest, spare)
    else:
        exchange(tour, after_c if after_c < size else 0, rest, rest + left, spare)


@kernel_in_place
def keeps_precedence(graph: Graph, tour: Tour, a: int, b: int, c: int) -> bool:
    """Whether `move_segments` of a, b, c leaves all predecessors before their successors.

    Of the three segments the one with the depot stays; of the other two the later comes first.
    Only immediate predecessors need looking at: a longer chain from one segment to the next has
    a link that crosses.
    """
    if len(graph.predecessor) == 0:
        return True
    size = len(tour.node)
    left = steps(tour, a, b)
    right = steps(tour, b, c)
    from_a = steps(tour, a, graph.depot) - 1
    if from_a < 0 or from_a >= left + right:
        first, early, late = a, left, right
    elif from_a < left:
        first, early, late = b, right, size - left - right
    else:
        first, early, late = c, size - left - right, left
    start = np.int64(tour.place[first]) + 1
    if late <= early:
        return none_between(
            tour, graph.predecessor, graph.predecessor_start, start + early, late, start, early
        )
    return none_between(
        tour, graph.follower, graph.follower_start, start, early, start + early, late
    )


@kernel_in_place
def none_between(
    tour: Tour,
    related: NDArray[np.int32],
    related_start: NDArray[np.int32],
    start: int,
    length: int,
    other: int,
    other_length: int,
) -> bool:
    """Whether no node of the ``length`` places from ``start`` has one related in the other places.

    Both runs of places may go on at the start of the array.
    """
    size = len(tour.node)
    origin = other if other < size else other - size
    for k in range(start, start + length):
        node = tour.node[k if k < size else k - size]
        for p in range(related_start[node], related_start[node + 1]):
            distance = np.int64(tour.place[related[p]]) - origin
            if distance < 0:
                distance += size
            if distance < other_length:
                return False
    return True


@kernel_in_place
def tour_cost(cost: NDArray[np.int64], node: NDArray[np.int32]) -> int:
    """Return the cost of the closed tour ``node`` (n,)."""
    total = cost[node[-1], node[0]]
    for k in range(len(node) - 1):
        total += cost[node[k], node[k + 1]]
    return total
