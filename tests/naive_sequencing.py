"""Slow, obvious twins of what the sequencing solvers compute."""

from itertools import permutations

import numpy as np

from scheduler.evaluation import evaluate
from scheduler.sequencing import SequencingProblem


def random_problem(seed, size, *, closed=False, pairs=0, ends=False, forbidden=0.0, floats=False):
    """Return a random problem; it may have no feasible sequence when arcs are forbidden."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 50, (size, size))
    order = rng.permutation(size)
    places = np.sort(rng.choice(size, (pairs, 2)), axis=1)
    places = places[places[:, 0] < places[:, 1]]
    return SequencingProblem(
        f"random{seed}",
        cost / 7 if floats else cost,
        rng.random((size, size)) < forbidden,
        np.zeros(size, dtype=int) if closed else rng.integers(0, 30, size),
        np.zeros(size, dtype=int) if closed else rng.integers(0, 30, size),
        closed=closed,
        predecessors=np.column_stack([order[places[:, 0]], order[places[:, 1]]]),
        fixed_first=int(order[0]) if ends or (closed and len(places)) else None,
        fixed_last=int(order[-1]) if ends else None,
        constant=1000,
    )


def best_cost(problem):
    """Return the least cost of all feasible orders, None when there is none."""
    scored = (evaluate(problem, order) for order in permutations(range(problem.size)))
    return min((s.cost for s in scored if s.feasible), default=None)


def assignment_cost(cost):
    """Return the least cost of giving every row a column of its own."""
    rows = range(len(cost))
    return min(sum(cost[i, j] for i, j in zip(rows, p, strict=True)) for p in permutations(rows))


def exchanged(tour, a, b, c):
    """Return ``tour`` with the segments behind a and behind b exchanged; it then starts at a."""
    start = tour.index(a)
    turned = tour[start:] + tour[:start]
    end_b, end_c = turned.index(b) + 1, turned.index(c) + 1
    return turned[:1] + turned[end_b:end_c] + turned[1:end_b] + turned[end_c:]


def closed_cost(cost, tour):
    """Return the cost of a closed tour."""
    return sum(int(cost[i, j]) for i, j in zip(tour, tour[1:] + tour[:1], strict=True))


def from_depot(tour, depot):
    """Return ``tour`` as a list that starts at the depot."""
    start = list(tour).index(depot)
    return list(tour[start:]) + list(tour[:start])


def keeps_order(tour, depot, pairs):
    """Whether every i comes before its j, seen from the depot."""
    order = from_depot(tour, depot)
    return all(order.index(i) < order.index(j) for i, j in pairs)


def exchanges(tour):
    """Yield all (a, b, c) in the order of the tour, wherever it starts."""
    size = len(tour)
    for i in range(size):
        for left in range(1, size - 1):
            for right in range(1, size - left):
                yield tour[i], tour[(i + left) % size], tour[(i + left + right) % size]
