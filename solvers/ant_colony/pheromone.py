"""Pheromone on candidate arcs with MAX-MIN limits.

Trails are kept in units of their upper limit: evaporation with persistence p and a deposit of
1 - p on the arcs of the best tour is the MAX-MIN ant system's update divided by
tau_max = 1 / ((1 - p) x best cost) (Stuetzle and Hoos 2000, equations 7 and 9; the hyper-cube form
of Blum and Dorigo 2004). So trails need no rescaling when the best cost changes, and costs may be
zero or negative. Only candidate arcs have a trail: O(n k) memory, all others count as tau_min.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place

TAU_MAX = 1.0


class Trails(NamedTuple):
    """Per candidate arc, all (n, k) float64, in the order of `Graph.near`.

    ``trail``; ``heuristic`` is its cost's desirability to the power beta; ``product`` caches
    trail x heuristic for one iteration.
    """

    trail: NDArray[np.float64]
    heuristic: NDArray[np.float64]
    product: NDArray[np.float64]


def lowest_trail(size: int, candidates: int, best_probability: float) -> float:
    """Return tau_min as a share of tau_max (Stuetzle and Hoos 2000, equation 11).

    At convergence an ant then builds the best tour again with probability ``best_probability``,
    choosing among ``candidates`` / 2 arcs on average in each of ``size`` decisions.
    """
    decision = best_probability ** (1.0 / size)
    average = max(candidates / 2, 2)
    return min(1.0, (1 - decision) / ((average - 1) * decision))


def fresh_trails(near_cost: NDArray[np.int64], beta: float) -> Trails:
    """Return trails at their upper limit; the heuristic is (scale / (scale + cost))^beta.

    Reduced costs of good arcs are near 0, so the scale, the mean cost of a candidate, keeps the
    heuristic finite and the choice among cheap arcs open.
    """
    scale = max(1.0, float(np.minimum(near_cost, np.median(near_cost) * 4).mean()))
    heuristic = (scale / (scale + near_cost)) ** beta
    return Trails(np.full(near_cost.shape, TAU_MAX), heuristic, np.copy(heuristic))


@kernel_in_place
def reset(trails: Trails) -> None:
    """Put all trails back to their upper limit."""
    for i in range(trails.trail.shape[0]):
        for k in range(trails.trail.shape[1]):
            trails.trail[i, k] = TAU_MAX
            trails.product[i, k] = TAU_MAX * trails.heuristic[i, k]


@kernel_in_place
def update(
    trails: Trails,
    near: NDArray[np.int32],
    after: NDArray[np.int32],
    persistence: float,
    tau_min: float,
) -> None:
    """Evaporate all trails, deposit on the arcs to ``after`` (n,), and cache the products.

    ``near`` (n, k) are the candidates.
    """
    deposit = TAU_MAX * (1.0 - persistence)
    for i in range(near.shape[0]):
        for k in range(near.shape[1]):
            trail = trails.trail[i, k] * persistence
            if near[i, k] == after[i]:
                trail += deposit
            trail = min(TAU_MAX, max(tau_min, trail))
            trails.trail[i, k] = trail
            trails.product[i, k] = trail * trails.heuristic[i, k]
