"""The generator's own stream of random numbers: the same on every machine, version and library."""

import math
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
MASK = (1 << 64) - 1


class Stream:
    """SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, figure 16) with the draws a book needs."""

    def __init__(self, *seeds: int | str) -> None:
        """Start from all ``seeds``, so that parts of a book draw from streams of their own."""
        self._state = 0
        for seed in seeds:
            for byte in str(seed).encode() + b"/":
                self._state = (self._state ^ byte) & MASK
                self._state = self.bits()

    def bits(self) -> int:
        """Return 64 random bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """Return a double in [low, high)."""
        return low + (high - low) * ((self.bits() >> 11) * 2.0**-53)

    def integer(self, low: int, high: int) -> int:
        """Return an integer in low .. high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """Return True with probability ``share``."""
        return self.uniform() < share

    def log_normal(self, sigma: float) -> float:
        """Return a log-normal number of median 1 (Box and Muller, 1958)."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.uniform()))
        return math.exp(sigma * radius * math.cos(2.0 * math.pi * self.uniform()))

    def choice(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """Return one item, drawn in proportion to its weight."""
        draw = self.uniform(0.0, sum(weights))
        for item, weight in zip(items, weights, strict=True):
            draw -= weight
            if draw < 0.0:
                return item
        return items[-1]

    def sample(self, items: Sequence[T], weights: Sequence[float], count: int) -> list[T]:
        """Return ``count`` different items, each next one drawn in proportion to its weight."""
        left = list(range(len(items)))
        taken: list[int] = []
        while left and len(taken) < count:
            index = self.choice(left, [weights[k] for k in left])
            left.remove(index)
            taken.append(index)
        return [items[index] for index in sorted(taken)]
