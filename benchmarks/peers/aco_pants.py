"""ACO-Pants, an ant system in plain Python, for tours and open paths."""

import random
from collections.abc import Callable
from typing import Any

from benchmarks.peers.tour import is_tour, tour_of


def supports(problem: Any) -> bool:
    """Whether ACO-Pants can take ``problem``."""
    return is_tour(problem)


def load() -> None:
    """Load the library before the clock starts."""
    import pants  # noqa: F401


def solve(
    problem: Any, seconds: float, threads: int, seed: int, offer: Callable[..., None]
) -> None:
    """Offer each better tour until killed."""
    import pants

    random.seed(seed)
    tour = tour_of(problem)
    rows = tour.cost.tolist()
    # Lengths of 0 would be divided by.
    world = pants.World(list(range(len(rows))), lambda i, j: rows[i][j] or 1e-3)
    for ant in pants.Solver(limit=10**9).solutions(world):
        offer(tour.sequence([world.data(node) for node in ant.visited]))
