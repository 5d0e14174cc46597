"""Arcs fixed by an assignment against brute force over all assignments and tours."""

from itertools import permutations

import numpy as np
import pytest

from solvers.arc_fixing import NO_WAY, rises, spread
from solvers.assignment import solve_assignment

SIZE = 6


def random_barred(rng, share):
    barred = rng.random((SIZE, SIZE)) < share
    np.fill_diagonal(barred, True)
    return barred


@pytest.mark.parametrize("seed", range(20))
def test_rises_are_those_of_the_best_assignment_with_an_arc(seed):
    rng = np.random.default_rng(seed)
    cost, barred = rng.integers(0, 50, (SIZE, SIZE)), random_barred(rng, 0.2)
    walled = np.where(barred, 10**6, cost)
    found = solve_assignment(walled)
    least = int(walled[np.arange(SIZE), found.successor].sum())
    if least >= 10**6:
        return
    slack = walled - found.row_dual[:, None] - found.col_dual[None, :]
    rise = rises(slack, found.successor, barred)
    with_arc = np.full((SIZE, SIZE), NO_WAY)
    for successor in permutations(range(SIZE)):
        total = int(walled[np.arange(SIZE), successor].sum()) - least
        if total < 10**6 - least:
            for i, j in enumerate(successor):
                with_arc[i, j] = min(with_arc[i, j], total)
    assert (np.minimum(rise, NO_WAY) == with_arc).all()


def tours(barred):
    """Return every tour over allowed arcs, as a tuple of arcs."""
    for order in permutations(range(1, SIZE)):
        arcs = tuple(zip((0, *order), (*order, 0), strict=True))
        if not any(barred[arc] for arc in arcs):
            yield arcs


@pytest.mark.parametrize("seed", range(60))
def test_spread_keeps_every_tour_and_leaves_no_obvious_dead_end(seed):
    rng = np.random.default_rng(seed)
    barred = random_barred(rng, rng.uniform(0.3, 0.7))
    before = barred.copy()
    left = list(tours(barred))
    if not spread(barred):
        assert left == []
        return
    assert (barred >= before).all()
    assert list(tours(barred)) == left
    for lines in (barred, barred.T):
        assert (lines.sum(axis=1) < SIZE).all()


def test_a_chain_is_not_closed_before_all_nodes_are_on_it():
    barred = np.zeros((4, 4), dtype=np.bool_)
    np.fill_diagonal(barred, True)
    barred[0, [2, 3]] = True
    barred[1, [0, 3]] = True
    assert spread(barred)
    assert barred[2].tolist() == [True, True, True, False]
    assert barred[3].tolist() == [False, True, True, True]
