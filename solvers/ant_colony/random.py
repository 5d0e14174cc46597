"""A small random stream whose state the caller owns: SplitMix64 (Steele, Lea and Flood 2014).

The same state yields the same numbers on every machine and with every version of NumPy and
Numba, which their own streams do not promise.
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place

Stream = NDArray[np.uint64]

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST_MIX = np.uint64(0xBF58476D1CE4E5B9)
SECOND_MIX = np.uint64(0x94D049BB133111EB)


def stream(seed: int, index: int = 0) -> Stream:
    """Return the state, (1,) uint64, of stream ``index`` of ``seed``.

    All streams are one cycle of 2^64 numbers, begun at unrelated points of it: that two overlap in
    a search is possible, but unlikely.
    """
    state = np.array([(seed * 0x9E3779B9 + 0x7F4A7C15) % 2**64], dtype=np.uint64)
    with np.errstate(over="ignore"):
        for _ in range(2):
            state[0] = next_bits(state) ^ np.uint64((index * 0xD1342543DE82EF95) % 2**64)
    return state


@kernel_in_place
def next_bits(state: Stream) -> np.uint64:
    """Return 64 random bits and advance ``state`` (1,) uint64 in place."""
    state[0] += GOLDEN_GAMMA
    bits = state[0]
    bits = (bits ^ (bits >> np.uint64(30))) * FIRST_MIX
    bits = (bits ^ (bits >> np.uint64(27))) * SECOND_MIX
    return bits ^ (bits >> np.uint64(31))


@kernel_in_place
def unit(state: Stream) -> float:
    """Return a random number in [0, 1) with 53 random bits; advance ``state`` in place."""
    return np.float64(next_bits(state) >> np.uint64(11)) * 2.0**-53


@kernel_in_place
def below(state: Stream, bound: int) -> int:
    """Return a random whole number in 0 .. bound - 1 (bound < 2^31); advance ``state`` in place.

    The high half of 32 bits times the bound (Lemire 2019), whose bias is below bound / 2^32.
    """
    return np.int64(((next_bits(state) >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32))
