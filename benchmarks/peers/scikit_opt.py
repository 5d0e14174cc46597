"""scikit-opt's ant colony for tours and open paths."""

import multiprocessing
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.peers.tour import is_tour, tour_of


def supports(problem: Any) -> bool:
    """Whether scikit-opt can take ``problem``."""
    return is_tour(problem)


def load() -> None:
    """Load the library before the clock starts.

    It asks for a name that NumPy dropped, and wants to choose how processes start, which is done.
    """
    setattr(np, "int", int)  # noqa: B010
    multiprocessing.set_start_method = lambda *_args, **_kwargs: None
    import sko.ACA  # noqa: F401


def solve(
    problem: Any, seconds: float, threads: int, seed: int, offer: Callable[..., None]
) -> None:
    """Offer the best tour of each iteration until killed."""
    from sko.ACA import ACA_TSP

    np.random.seed(seed % 2**32)  # noqa: NPY002  the library draws from it
    tour = tour_of(problem)
    cost = tour.cost

    def length(route: Any) -> float:
        return float(cost[route, np.roll(route, -1)].sum())

    colony = ACA_TSP(
        length, len(cost), size_pop=20, max_iter=1, distance_matrix=np.maximum(cost, 1e-3)
    )
    best = float("inf")
    while True:
        route, value = colony.run(1)
        if value < best:
            best = value
            offer(tour.sequence([int(node) for node in route]))
