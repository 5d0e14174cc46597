"""One stock unit cut as valuably as possible: the pricing step of the lot's cut plan."""

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@kernel
def best_pattern(
    piece: IntArray,
    needed: IntArray,
    needed_value: FloatArray,
    extra: IntArray,
    extra_value: FloatArray,
    usable: int,
    mixing_cost: float,
    pattern: IntArray,
) -> float:
    """Fill one unit; return the pattern's value less ``mixing_cost`` per order after the first.

    The first ``needed[i]`` pieces of order i are worth ``needed_value[i]`` each, the next
    ``extra[i]`` are worth ``extra_value[i]``, no more. Every order is tried alone, and every pair
    with every number of pieces of the first, as many of the second as fit and a greedy
    completion: with tens of pieces in a unit two lengths fill it almost without a rest. Exact
    for up to two orders.

    Parameters
    ----------
    piece, needed, extra : (m,) length of a piece, pieces.
    needed_value, extra_value : (m,) worth of a piece; those of no worth are left out.
    usable : length of the unit, in the unit of ``piece``.
    pattern : (m,) output, pieces of each order.
    """
    m = len(piece)
    tier = rank_tiers(piece, needed_value, extra_value)
    trial = np.zeros(m, np.int64)
    best, shortest = 0.0, np.min(piece)
    pattern[:] = 0
    for first in range(m):
        limit = most_pieces(first, usable, piece, needed, needed_value, extra, extra_value)
        for second in range(first, m):
            fewest = limit if second == first else 0
            for pieces in range(limit, fewest - 1, -1):
                trial[:] = 0
                trial[first] = pieces
                rest = usable - pieces * piece[first]
                if second != first:
                    trial[second] = most_pieces(
                        second, rest, piece, needed, needed_value, extra, extra_value
                    )
                    rest -= trial[second] * piece[second]
                    if rest >= shortest:
                        complete(tier, rest, piece, needed, needed_value, extra, extra_value, trial)
                value = pattern_value(trial, needed, needed_value, extra_value, mixing_cost)
                if value > best + 1e-9:
                    best = value
                    pattern[:] = trial
    return best


@kernel
def rank_tiers(piece: IntArray, needed_value: FloatArray, extra_value: FloatArray) -> IntArray:
    """Return the (2m,) tiers, needed i as i and extra i as m+i, by falling value per length."""
    m = len(piece)
    tier = np.empty(2 * m, np.int64)
    density = np.empty(2 * m)
    for entry in range(2 * m):
        value = needed_value[entry] if entry < m else extra_value[entry - m]
        here = value / piece[entry % m]
        place = entry
        while place > 0 and density[place - 1] < here:
            density[place] = density[place - 1]
            tier[place] = tier[place - 1]
            place -= 1
        density[place] = here
        tier[place] = entry
    return tier


@kernel
def most_pieces(
    order: int,
    rest: int,
    piece: IntArray,
    needed: IntArray,
    needed_value: FloatArray,
    extra: IntArray,
    extra_value: FloatArray,
) -> int:
    """Return how many pieces of ``order`` that are worth something fit into ``rest``."""
    worthy = needed[order] if needed_value[order] > 0.0 else 0
    worthy += extra[order] if extra_value[order] > 0.0 else 0
    return min(worthy, rest // piece[order])


@kernel
def complete(
    tier: IntArray,
    rest: int,
    piece: IntArray,
    needed: IntArray,
    needed_value: FloatArray,
    extra: IntArray,
    extra_value: FloatArray,
    pattern: IntArray,
) -> None:
    """Fill ``rest`` greedily by value per length; adds to ``pattern`` in place."""
    m = len(piece)
    for entry in tier:
        order = entry % m
        if piece[order] > rest:
            continue
        value = needed_value[order] if entry < m else extra_value[order]
        if value <= 0.0:
            break
        room = needed[order] if entry < m else needed[order] + extra[order]
        pieces = min(room - pattern[order], rest // piece[order])
        if pieces > 0:
            pattern[order] += pieces
            rest -= pieces * piece[order]


@kernel
def pattern_value(
    pattern: IntArray,
    needed: IntArray,
    needed_value: FloatArray,
    extra_value: FloatArray,
    mixing_cost: float,
) -> float:
    """Return what the pieces of ``pattern`` are worth, less the cost of mixing orders."""
    value = 0.0
    orders = 0
    for i in range(len(pattern)):
        if pattern[i] > 0:
            orders += 1
            value += min(pattern[i], needed[i]) * needed_value[i]
            value += max(pattern[i] - needed[i], 0) * extra_value[i]
    return value - mixing_cost * max(orders - 1, 0)
