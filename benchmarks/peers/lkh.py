"""LKH (Helsgaun's Lin-Kernighan) through elkai, for tours and open paths.

It has no time limit: it runs with more and more trials until its process is killed.
"""

from collections.abc import Callable
from typing import Any

from benchmarks.peers.tour import is_tour, tour_of


def supports(problem: Any) -> bool:
    """Whether LKH can take ``problem``."""
    return is_tour(problem)


def load() -> None:
    """Load the library before the clock starts."""
    import elkai  # noqa: F401


def solve(
    problem: Any, seconds: float, threads: int, seed: int, offer: Callable[..., None]
) -> None:
    """Offer the tour of one run, then of two, four ... until killed; the seed is LKH's own."""
    import elkai

    tour = tour_of(problem)
    matrix = elkai.DistanceMatrix(tour.cost.tolist())
    runs = 1
    best: int | None = None
    while True:
        found = matrix.solve_tsp(runs=runs)[:-1]
        length = int(
            sum(tour.cost[i, j] for i, j in zip(found, found[1:] + found[:1], strict=True))
        )
        if best is None or length < best:
            best = length
            offer(tour.sequence(found))
        runs *= 2
