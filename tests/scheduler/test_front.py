"""Fronts: dominance, hypervolume against Monte Carlo and by hand, and their evaluation."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.evaluation import evaluate
from scheduler.front import Front, FrontPoint, dominates, front_of, hypervolume
from scheduler.sequence_evaluation import front_point
from tests.naive_timed import naive_links, naive_tardiness
from tests.timed_problems import timed_problem

points_2d = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12)
points_3d = st.lists(st.tuples(*[st.integers(0, 5)] * 3), max_size=10)


@given(points_2d)
def test_a_front_holds_exactly_what_nothing_dominates(points):
    front = front_of([FrontPoint(point, None) for point in points])
    kept = [point.objectives for point in front.points]
    expected = {p for p in points if not any(dominates(q, p) for q in points)}
    assert kept == sorted(expected)


@given(points_2d)
def test_hypervolume_counts_the_dominated_unit_squares(points):
    squares = {
        (x, y) for x in range(8) for y in range(7) if any(a <= x and b <= y for a, b in points)
    }
    assert hypervolume(points, (8, 7)) == len(squares)


@given(points_3d)
def test_hypervolume_counts_the_dominated_unit_cubes(points):
    cubes = {cube for cube in np.ndindex(4, 5, 5) if any(_covers(p, cube) for p in points)}
    assert hypervolume(points, (4, 5, 5)) == len(cubes)


def _covers(point, cube):
    return all(x <= y for x, y in zip(point, cube, strict=True))


def test_hypervolume_by_hand():
    # (10 - 2) x (10 - 6) + (10 - 5) x (6 - 3) = 32 + 15; (11, 1) lies beyond the reference.
    assert hypervolume([(2, 6), (5, 3), (11, 1)], (10, 10)) == 47


def test_a_front_is_scored_anew_point_by_point():
    problem = timed_problem(1, 6, links=True, objective="pareto")
    orders = ((0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0))
    front = front_of(front_point(problem, jobs) for jobs in orders)
    found = evaluate(problem, front)
    assert found.feasible
    assert found.objective == found.terms["hypervolume"] == -found.cost
    expected = [
        (naive_tardiness(problem, p.solution)[0], naive_links(problem, p.solution))
        for p in front.points
    ]
    assert found.terms["hypervolume"] == hypervolume(expected, problem.reference_point or ())


def test_a_lone_sequence_is_a_front_of_one_point():
    problem = timed_problem(2, 5, links=True, objective="pareto")
    found = evaluate(problem, (4, 3, 2, 1, 0))
    assert problem.reference_point is not None
    x, y = problem.reference_point
    x -= naive_tardiness(problem, (4, 3, 2, 1, 0))[0]
    y -= naive_links(problem, (4, 3, 2, 1, 0))
    assert found.objective == x * y


def test_violations_of_a_front():
    problem = timed_problem(1, 5, links=True, objective="pareto")
    points = [front_point(problem, jobs) for jobs in permutations(range(5))]
    good = front_of(points).points[0]
    worse = next(p for p in points if dominates(good.objectives, p.objectives))
    misstated = FrontPoint((good.objectives[0] + 1, good.objectives[1]), good.solution)
    broken = FrontPoint((0.0, 0.0), (0, 1, 2))
    codes = [v.code for v in evaluate(problem, Front((misstated, worse, broken))).violations]
    assert codes.count("misstated_point") >= 1
    assert "dominated_point" in codes
    assert "missing_job" in codes
    assert [v.code for v in evaluate(problem, Front(())).violations] == ["empty_front"]


def test_a_front_needs_a_reference_point():
    from dataclasses import replace

    problem = timed_problem(1, 4, links=True, objective="pareto")
    with pytest.raises(ValueError, match="reference_point"):
        replace(problem, reference_point=None)
