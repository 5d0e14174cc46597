"""Bounds of tours against brute force, and the minimum cuts they are built from."""

from itertools import combinations, permutations

import numpy as np
import pytest

from scheduler.evaluation import evaluate
from solvers.min_cut import small_cuts
from solvers.or_tools.tour_bound import tour_bound
from solvers.or_tools.tour_branching import prove
from solvers.tour_form import tour_form
from tests.naive_sequencing import best_cost, random_problem
from tests.solvers.test_tour_form import KINDS


@pytest.mark.parametrize("seed", range(25))
def test_small_cuts_hold_the_minimum_cut_and_only_small_ones(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 8))
    weight = np.triu(rng.random((size, size)) * (rng.random((size, size)) < 0.6), 1)
    weight += weight.T

    def cut(side):
        return weight[np.ix_(side, ~side)].sum()

    sides = [
        np.isin(np.arange(size), chosen)
        for count in range(1, size)
        for chosen in combinations(range(size), count)
    ]
    least = min(cut(side) for side in sides)
    below = least + 0.2
    found = small_cuts(weight, below)
    assert min(cut(side) for side in found) == pytest.approx(least)
    assert all(0 < side.sum() < size and cut(side) < below + 1e-12 for side in found)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_the_bound_lies_between_the_assignment_and_the_optimum(kind, seed):
    problem = random_problem(seed, 7, **kind)
    form = tour_form(problem)
    best = best_cost(problem)
    if best is None:
        return
    bound = tour_bound(form)
    assert bound.bound >= form.assignment_bound
    assert form.proven(bound.bound) <= best


@pytest.mark.parametrize("kind", [{"closed": True}, {"pairs": 5}], ids=str)
def test_slack_bounds_every_tour_and_useful_keeps_all_better_ones(kind):
    problem = random_problem(11, 6, **kind)
    form = tour_form(problem)
    bound = tour_bound(form)
    costs = []
    for order in permutations(range(problem.size)):
        tour = form.tour(order)
        arcs = list(zip(tour, np.roll(tour, -1), strict=True))
        place = {int(node): k for k, node in enumerate(tour)}
        starts = form.predecessor_start
        in_order = all(
            place[int(i)] < place[j]
            for j in range(form.size)
            for i in form.predecessor[starts[j] : starts[j + 1]]
        )
        if in_order and not any(form.forbidden[arc] for arc in arcs):
            cost = sum(int(form.cost[arc]) for arc in arcs)
            assert cost * bound.scale >= bound.scaled_bound + sum(bound.slack[arc] for arc in arcs)
            costs.append((cost, arcs))
    middle = sorted(cost for cost, _ in costs)[len(costs) // 2]
    useful = bound.useful(middle)
    assert all(useful[arc] for cost, arcs in costs if cost < middle for arc in arcs)


def test_subtours_are_cut_off():
    # Two cheap cycles of three: the assignment costs 0, the tour needs two dear arcs.
    cost = np.full((6, 6), 10)
    for i, j in [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]:
        cost[i, j] = 0
    nothing = np.zeros(6, dtype=int)
    ring = type(random_problem(0, 2))("ring", cost, cost < 0, nothing, nothing, closed=True)
    form = tour_form(ring)
    assert form.assignment_bound == 0
    assert tour_bound(form).bound == 20


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_branching_ends_at_the_optimum_from_any_upper_cost(kind, seed):
    problem = random_problem(seed + 50, 7, **kind)
    form = tour_form(problem)
    best = best_cost(problem)
    if best is None or form.unit != 1.0:
        return
    units = round(best - form.constant)
    for above in (1, 40):
        found = prove(form, units + above)
        assert (found.cost, found.bound) == (units, units)
        assert found.tour is not None
        assert evaluate(problem, form.sequence(found.tour)).cost == best
    closed = prove(form, units)
    assert (closed.tour, closed.bound) == (None, units)
