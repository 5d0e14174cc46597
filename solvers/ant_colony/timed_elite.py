"""An elite of lines that rounds ended with, and new lines between two of them.

Rounds that start anew find the same valleys again. Linear order crossover (Falkenauer and Bouffouix
1991) keeps a block of one line in its place and fills the others in the order of a second line, so
that most jobs stay near the time they had in both.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place
from solvers.ant_colony import random
from solvers.ant_colony.timed_line import Line
from solvers.timed_form import FloatArray


class Elite(NamedTuple):
    """Up to E lines: node (E, n+2) int32 and cost (E,), infinite where there is none yet.

    idle (1,) int64: lines refused since the last one that came in.
    """

    node: NDArray[np.int32]
    cost: FloatArray
    idle: NDArray[np.int64]


def new_elite(size: int, places: int) -> Elite:
    """Return an empty elite of ``size`` lines of ``places`` nodes."""
    return Elite(
        np.zeros((size, places), dtype=np.int32),
        np.full(size, np.inf),
        np.zeros(1, dtype=np.int64),
    )


@kernel_in_place
def join(elite: Elite, node: NDArray[np.int32], cost: float) -> None:
    """Take a line in if it is better than the worst, and none costs as much."""
    worst = 0
    elite.idle[0] += 1
    for k in range(elite.cost.shape[0]):
        if elite.cost[k] == cost:
            return
        if elite.cost[k] > elite.cost[worst]:
            worst = k
    if cost < elite.cost[worst]:
        elite.idle[0] = 0
        elite.cost[worst] = cost
        for place in range(node.shape[0]):
            elite.node[worst, place] = node[place]


@kernel_in_place
def disband(elite: Elite) -> None:
    """Let all lines go but the best."""
    best = 0
    for k in range(elite.cost.shape[0]):
        if elite.cost[k] < elite.cost[best]:
            best = k
    for k in range(elite.cost.shape[0]):
        if k != best:
            elite.cost[k] = np.inf
    elite.idle[0] = 0


@kernel_in_place
def recombine(elite: Elite, line: Line, state: NDArray[np.uint64]) -> bool:
    """Put a line between two of the elite into ``line``, unsettled and all of it dirty.

    Return False where the elite is not full yet.
    """
    size = elite.cost.shape[0]
    for k in range(size):
        if elite.cost[k] == np.inf:
            return False
    first = random.below(state, size)
    second = (first + 1 + random.below(state, size - 1)) % size
    n = line.node.shape[0] - 2
    low = 1 + random.below(state, n)
    high = 1 + random.below(state, n)
    low, high = min(low, high), max(low, high)
    taken = line.dirty
    for node in range(taken.shape[0]):
        taken[node] = False
    for place in range(low, high + 1):
        line.node[place] = elite.node[first, place]
        taken[line.node[place]] = True
    place = 1
    for source in range(1, n + 1):
        node = elite.node[second, source]
        if not taken[node]:
            if place == low:
                place = high + 1
            line.node[place] = node
            place += 1
    for node in range(taken.shape[0]):
        taken[node] = True
    return True
